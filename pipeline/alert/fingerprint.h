// What is kept of an article to tell its copies: hashes, no text.
//
//   Fingerprinter fingerprinter;
//   const Fingerprint fingerprint = fingerprinter.Of(article);
//   const StoryIndex::Placement placement = index.Find(fingerprint, now_ms);
//
// Shape     id_hash: never 0; of the id alone, which must be unique over all feeds read together,
//           so that a kill that carries nothing but the id finds its article. An article without
//           an id has one of its URL, else of its text. url_hash: of the canonical URL, 0 for none.
//           body_hash: of the folded body (of all the text where the body is short), {0, 0} where
//           there are too few words to tell an article by. sketch: of the shingles of title, lead
//           and body. A body that is furniture only ("subscribe to read on") is left out.
// Cost      one fold and one pass over the tokens; no allocation once the buffers have grown.
// Threads   one Fingerprinter a thread.
// Lifetime  a Fingerprint is a value; its hashes mean the same in every process and version of us:
//           stored ones are compared with new ones. Whatever changes them must raise the version
//           in story_entry.cc.
#ifndef TOCSIN_PIPELINE_ALERT_FINGERPRINT_H_
#define TOCSIN_PIPELINE_ALERT_FINGERPRINT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "pipeline/alert/sketch.h"
#include "pipeline/decode/article.h"
#include "rules/text/fold.h"

namespace tocsin {

struct Fingerprint {
  uint64_t id_hash = 0;
  uint64_t url_hash = 0;
  std::array<uint64_t, 2> body_hash{};
  Sketch sketch;

  bool has_text() const { return body_hash != std::array<uint64_t, 2>{}; }
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};
static_assert(std::is_trivially_copyable_v<Fingerprint>);

// The id_hash of an article that has this id.
uint64_t IdHash(std::string_view id);

class Fingerprinter {
 public:
  Fingerprint Of(const Article& article);

 private:
  struct Text;
  void Read(const rules::Document& document, std::span<const rules::Field> fields, Text* text);

  rules::Folder folder_;
  SketchBuilder sketch_;
  std::vector<uint64_t> headline_;  // its longer words, by hash
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_FINGERPRINT_H_
