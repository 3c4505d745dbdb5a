#include "pipeline/notify/cloud_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "pipeline/decode/json_text.h"
#include "pipeline/publish/json_writer.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::string_view kPrefix = "ce_";
constexpr std::string_view kJson = "application/json";
constexpr std::array<std::string_view, 4> kRequired = {"specversion", "id", "source", "type"};
constexpr size_t kIdBytesMax = 256;

using Attributes = std::map<std::string_view, std::string_view>;

bool IsName(std::string_view name) {
  return !name.empty() && name != "data" && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~' && c != '.'; });
}

absl::Status CheckValue(std::string_view json) {
  std::string copy(json);  // the check mends what it reads
  if (const auto at = FindInvalidUtf8(json)) {
    return absl::InvalidArgumentError(fmt::format("the value is no UTF-8, at byte {}", *at));
  }
  if (const auto at = MendJson(copy.data(), copy.size()).fault_at) {
    return absl::InvalidArgumentError(fmt::format("the value is no JSON, at byte {}", *at));
  }
  return absl::OkStatus();
}

// Writes it, too, so that the order is that of the headers.
absl::Status AddAttribute(std::string_view name, const Header& header, Attributes* attributes,
                          std::string* json) {
  if (!IsName(name) || !header.value || FindInvalidUtf8(*header.value)) {
    return absl::InvalidArgumentError("a ce_ header whose name or value CloudEvents do not allow");
  }
  if (!attributes->emplace(name, *header.value).second) {
    return absl::InvalidArgumentError(fmt::format("the header ce_{} is there twice", name));
  }
  json->push_back(json->empty() ? '{' : ',');
  AppendJsonString(name, json);
  json->push_back(':');
  AppendJsonString(*header.value, json);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CloudEvent> ToCloudEvent(const Record& record) {
  CloudEvent event;
  Attributes attributes;
  std::string_view type = kJson;
  for (const Header& header : record.headers.all()) {
    if (header.name == "content-type") type = header.value.value_or("");
    if (!header.name.starts_with(kPrefix)) continue;
    RETURN_IF_ERROR(
        AddAttribute(header.name.substr(kPrefix.size()), header, &attributes, &event.json));
  }
  for (const std::string_view name : kRequired) {
    if (!attributes.contains(name) || attributes[name].empty()) {
      return absl::InvalidArgumentError(fmt::format("the header ce_{} is missing", name));
    }
  }
  if (attributes["specversion"] != "1.0") {
    return absl::InvalidArgumentError("ce_specversion is not 1.0");
  }
  if (!IsId(attributes["id"])) {
    return absl::InvalidArgumentError("ce_id is more than printable ASCII without blank or period");
  }
  if (type.substr(0, type.find(';')) != kJson) {
    return absl::InvalidArgumentError("content-type is not application/json");
  }
  const std::string_view value = record.value.value_or("");
  RETURN_IF_ERROR(CheckValue(value));
  event.id = attributes["id"];
  event.json += fmt::format(R"(,"datacontenttype":"{}","data":)", kJson);
  event.json += value;
  event.json += '}';
  return event;
}

}  // namespace tocsin
