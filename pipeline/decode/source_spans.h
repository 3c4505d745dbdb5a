// Where the objects of a parsed document lie in its text; a DOM does not tell.
//
//   spans.Add({2, 0});   // the first child of the root's third
//   spans.Locate(parser, text);
//   spans.Of(0)          // {"title": ...}
//
// Shape     paths: of each level the place among its siblings; of objects and arrays only, in any
//           order, the same ones too.
// Cost      one pass over the brackets and commas that the parser has found, up to the last span.
//           No allocation once the buffers have grown.
// Lifetime  parser: has just parsed text, or a copy of it.
#ifndef TOCSIN_PIPELINE_DECODE_SOURCE_SPANS_H_
#define TOCSIN_PIPELINE_DECODE_SOURCE_SPANS_H_

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin {

class SourceSpans {
 public:
  void Clear();
  void Add(std::span<const uint32_t> path);
  void Locate(const simdjson::dom::parser& parser, std::string_view text);

  std::string_view Of(size_t index) const { return spans_[index].text; }

 private:
  struct Span {
    size_t path_begin;  // in ordinals_
    size_t path_size;
    std::string_view text;
  };

  std::span<const uint32_t> PathOf(const Span& span) const;
  bool IsAt(const Span& span) const;
  void SortByPath();

  std::vector<uint32_t> ordinals_;
  std::vector<Span> spans_;
  std::vector<uint32_t> here_;  // the path of the value being read
  std::vector<size_t> order_;   // of the spans, as they begin in the document
  std::vector<size_t> open_;    // spans that have begun
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_SOURCE_SPANS_H_
