#include "pipeline/decode/published.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "pipeline/decode/json_text.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

absl::Status NotOurs(simdjson::error_code code) {
  return absl::InvalidArgumentError(
      fmt::format("not a published record: {}", simdjson::error_message(code)));
}

absl::StatusOr<std::string> StringAt(dom::element element, std::string_view pointer) {
  std::string_view text;
  const simdjson::error_code code = element.at_pointer(pointer).get_string().get(text);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  return std::string(text);
}

// Empty where there is none.
absl::StatusOr<std::string> OptionalStringAt(dom::element element, std::string_view pointer) {
  if (element.at_pointer(pointer).error() == simdjson::NO_SUCH_FIELD) return "";
  return StringAt(element, pointer);
}

absl::StatusOr<rules::Field> ToField(std::string_view name) {
  if (name == "title") return rules::Field::kTitle;
  if (name == "lead") return rules::Field::kLead;
  if (name == "body") return rules::Field::kBody;
  return absl::InvalidArgumentError(fmt::format("not a published record: field {}", name));
}

absl::StatusOr<PublishedEvidence> ToEvidence(dom::element element) {
  ASSIGN_OR_RETURN(const std::string field, StringAt(element, "/field"));
  PublishedEvidence evidence{};
  ASSIGN_OR_RETURN(evidence.field, ToField(field));
  ASSIGN_OR_RETURN(evidence.exact, StringAt(element, "/exact"));
  simdjson::error_code code = element["start"].get_uint64().get(evidence.start);
  if (code == simdjson::SUCCESS) code = element["end"].get_uint64().get(evidence.end);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  return evidence;
}

absl::StatusOr<PublishedRule> ToRule(dom::element element) {
  PublishedRule rule;
  ASSIGN_OR_RETURN(rule.id, StringAt(element, "/id"));
  dom::array all;
  const simdjson::error_code code = element["evidence"].get_array().get(all);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  for (const dom::element each : all) {
    ASSIGN_OR_RETURN(PublishedEvidence evidence, ToEvidence(each));
    rule.evidence.push_back(std::move(evidence));
  }
  return rule;
}

}  // namespace

absl::StatusOr<Published> DecodePublished(std::string_view json) {
  // The article inside is the original byte for byte: what the decoder had to mend is unmended
  // there.
  simdjson::padded_string padded(json);
  MendJson(padded.data(), padded.size());
  dom::parser parser;
  dom::element root;
  simdjson::error_code code = parser.parse(padded).get(root);
  if (code != simdjson::SUCCESS) return NotOurs(code);

  Published published;
  ASSIGN_OR_RETURN(published.topic, StringAt(root, "/tocsin/topic"));
  dom::array all;
  code = root.at_pointer("/tocsin/rules").get_array().get(all);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  for (const dom::element each : all) {
    ASSIGN_OR_RETURN(PublishedRule rule, ToRule(each));
    published.rules.push_back(std::move(rule));
  }
  ASSIGN_OR_RETURN(published.mapping, OptionalStringAt(root, "/tocsin/mapping"));
  ASSIGN_OR_RETURN(published.embargoed, OptionalStringAt(root, "/tocsin/embargoed"));
  ASSIGN_OR_RETURN(published.status, OptionalStringAt(root, "/tocsin/status"));
  const auto truncated = root.at_pointer("/tocsin/truncated").get_bool();
  published.is_truncated = truncated.error() == simdjson::SUCCESS && truncated.value_unsafe();
  if (published.is_truncated) return published;
  dom::element article;
  code = root["article"].get(article);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  published.article = simdjson::to_string(article);
  return published;
}

absl::StatusOr<PublishedAlert> DecodeAlert(std::string_view json) {
  dom::parser parser;
  dom::element root;
  simdjson::error_code code = parser.parse(json.data(), json.size()).get(root);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  PublishedAlert alert;
  ASSIGN_OR_RETURN(alert.article, StringAt(root, "/article"));
  ASSIGN_OR_RETURN(alert.headline, StringAt(root, "/headline"));
  ASSIGN_OR_RETURN(alert.sentence, StringAt(root, "/sentence"));
  dom::array rules;
  code = root["rules"].get_array().get(rules);
  if (code != simdjson::SUCCESS) return NotOurs(code);
  for (const dom::element each : rules) {
    ASSIGN_OR_RETURN(alert.rules.emplace_back(), StringAt(each, ""));
  }
  return alert;
}

}  // namespace tocsin
