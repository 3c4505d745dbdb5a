#include "pipeline/decode/labelled.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "pipeline/decode/json_text.h"

namespace tocsin {

absl::StatusOr<Labelled> DecodeLabelled(std::string_view json) {
  simdjson::padded_string padded(json);
  MendJson(padded.data(), padded.size());
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const simdjson::error_code code = parser.parse(padded).get_object().get(object);
  if (code != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        fmt::format("not a JSON object: {}", simdjson::error_message(code)));
  }
  Labelled row;
  bool has_text = false;
  for (const simdjson::dom::key_value_pair& field : object) {
    std::string_view text;
    bool label = false;
    if (field.value.get(label) == simdjson::SUCCESS) row.labels.emplace(field.key, label);
    if (field.value.get(text) != simdjson::SUCCESS) continue;
    if (field.key == "id") row.id = text;
    if (field.key == "title") row.title = text;
    if (field.key == "lang") row.language = text;
    if (field.key != "text") continue;
    row.text = text;
    has_text = true;
  }
  if (!has_text) return absl::InvalidArgumentError("no `text` in it");
  return row;
}

}  // namespace tocsin
