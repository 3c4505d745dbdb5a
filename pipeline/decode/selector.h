// Where in a JSON document a value lies: JSON Pointer, and what documents that vary need beyond it.
//
//   ASSIGN_OR_RETURN(const Selector body, ParseSelector("/bodies/*[role=main|text]/value"));
//
// Shape     pipeline/decode/README.md has the grammar. steps: the first is the document itself. A
//           selector selects any number of values, in document order; null is as good as absent.
// Errors    InvalidArgument: `character 9 of '/bodies/*[': ...`, with the mend.
#ifndef TOCSIN_PIPELINE_DECODE_SELECTOR_H_
#define TOCSIN_PIPELINE_DECODE_SELECTOR_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

// A text, or with open ends any that contains it there.
struct Pattern {
  std::string text;
  bool open_begin = false;  // *text
  bool open_end = false;    // text*

  bool Matches(std::string_view candidate) const;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// Of a value: that the path leads to one of the values, or to any at all. Arrays on the way, and at
// the end, stand for each of their elements.
struct Condition {
  std::vector<std::string> path;
  std::vector<Pattern> values;  // none: it is there
  bool is_negated = false;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Step {
  enum class Kind : uint8_t {
    kDocument,
    kKey,            // a member, or an element by its index
    kAny,            // *
    kPrefix,         // ^prefix
    kDeep,           // **: this value and all within it
    kDeepOutermost,  // **!: the same, but nothing within a value where the rest was found
  };

  Kind kind = Kind::kDocument;
  std::string text;             // of kKey and kPrefix
  std::optional<size_t> index;  // of kKey: what it is in an array
  std::vector<Condition> conditions;
  friend bool operator==(const Step&, const Step&) = default;
};

struct Selector {
  std::vector<Step> steps;
  std::string text;  // as written
  friend bool operator==(const Selector&, const Selector&) = default;
};

absl::StatusOr<Selector> ParseSelector(std::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_SELECTOR_H_
