// A JSON value as an article, by a mapping.
//
//   ArticleReader reader;
//   reader.Use(mapping.get());
//   RETURN_IF_ERROR(reader.Read(element, &article));
//
// Shape     of each field the first alternative counts that finds text other than white space. What
//           is of the wrong type is an error in id, title, lead and body; elsewhere the field stays
//           empty and is counted, as is a time, language or status that cannot be read. lead and
//           body are rendered where their type is HTML: by the alternative, else the content type,
//           else by their looks; a title only where its alternative says so. An absent
//           id is a hash: of the url, else of title and body.
// Cost      one walk over what the selectors lead through; no allocation once the buffers have
//           grown.
// Errors    Bad: wrong_type; missing_field, naming the selectors tried; as HtmlText.
// Lifetime  the article's text views the document, the mapping, or the reader until the next Read.
#ifndef TOCSIN_PIPELINE_DECODE_ARTICLE_READER_H_
#define TOCSIN_PIPELINE_DECODE_ARTICLE_READER_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/article.h"
#include "pipeline/decode/found_values.h"
#include "pipeline/decode/html_text.h"
#include "pipeline/decode/limits.h"
#include "pipeline/decode/mapping_walks.h"
#include "pipeline/decode/trace.h"
#include "pipeline/decode/values/languages.h"
#include "pipeline/decode/values/times.h"

namespace tocsin {

class ArticleReader {
 public:
  static constexpr size_t kBytesKept = size_t{256} << 10;  // of a buffer for longer

  explicit ArticleReader(const DecodeLimits& limits)
      : html_({.bytes_max = limits.bytes_max, .depth_max = limits.html_depth_max}) {}

  void Use(const Mapping* mapping) { mapping_ = mapping; }

  // An absent id is left empty: for those who may not need it.
  absl::Status Read(const simdjson::dom::element& value, Article* article);
  void MakeId(Article* article);

  // Values that were there and could not be read.
  const FieldCounts& unread() const { return unread_; }

  // What each selector found in the article read last.
  std::vector<SelectorTrace> Trace() const;

 private:
  using Element = simdjson::dom::element;

  static constexpr size_t kIdDigits = 32;
  static constexpr size_t kNumberBytesMax = 32;

  // A value's text: of the document, or good until the next is read.
  struct Piece {
    std::string_view text;  // empty: none but white space
    bool is_slice = false;
  };

  using Accept = absl::FunctionRef<bool(std::string_view text)>;

  // The first alternative whose text is accepted. It may be offered a text again.
  template <typename Accepts>
  absl::Status ReadField(MappedField field, Accepts accept);
  absl::Status ReadWays(MappedField field, uint64_t left, Accept accept);
  absl::Status ReadText(MappedField field, std::string_view* text);
  bool ReadSlice(MappedField field, const FieldPlan::Way& way, std::string_view* text) const;
  absl::Status ReadWay(MappedField field, const FieldPlan::Way& way, std::string_view* text);
  absl::Status ReadPiece(const Element& value, MappedField field, const Alternative& alternative,
                         Piece* piece);
  bool IsHtml(MappedField field, const Alternative& alternative, std::string_view text) const;
  absl::Status ReadMetadata(Article* article);
  absl::Status NoteUnusable(MappedField field);
  void GiveBackBuffers();

  const Mapping* mapping_ = nullptr;
  HtmlText html_;
  Element value_;  // that was read last
  FoundValues found_;
  std::array<size_t, kMappedFieldCount> used_{};        // the alternative that counts
  std::array<std::string, kMappedFieldCount> buffers_;  // of what is no slice of the document
  bool has_large_buffer_ = false;
  std::array<char, kNumberBytesMax> digits_;
  FieldCounts unread_{};

  TextType content_type_ = TextType::kUnknown;
  TimeText published_;
  TimeText embargoed_;
  LanguageText language_;
  std::array<char, kIdDigits> id_;
  std::string hashed_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_ARTICLE_READER_H_
