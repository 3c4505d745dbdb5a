// A labelled text, for measuring rules against people's judgement.
//
//   ASSIGN_OR_RETURN(const Labelled row, DecodeLabelled(line));
//   if (const auto label = row.LabelOf("ceasefire")) ...
//
// Shape     text, and optionally id, title and lang; every other boolean is a label, by its key.
// Errors    InvalidArgument: no JSON object, or no text.
#ifndef TOCSIN_PIPELINE_DECODE_LABELLED_H_
#define TOCSIN_PIPELINE_DECODE_LABELLED_H_

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

struct Labelled {
  std::string id;
  std::string title;
  std::string text;
  std::string language;
  std::map<std::string, bool, std::less<>> labels;

  std::optional<bool> LabelOf(std::string_view name) const {
    const auto found = labels.find(name);
    return found == labels.end() ? std::nullopt : std::optional(found->second);
  }
};

absl::StatusOr<Labelled> DecodeLabelled(std::string_view json);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_LABELLED_H_
