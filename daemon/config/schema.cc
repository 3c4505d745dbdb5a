#include "daemon/config/schema.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/config/options.h"
#include "pipeline/publish/json_writer.h"

namespace tocsin {
namespace {

constexpr std::string_view kVariable = R"(\$\{)";
constexpr std::string_view kKafkaTopic = "[A-Za-z0-9._-]{1,249}";

std::string Quote(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, &quoted);
  return quoted;
}

std::string QuoteAll(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) quoted[i] = Quote(texts[i]);
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

// An object, member by member; those added as text are JSON already.
class Json {
 public:
  Json& Add(std::string_view name, std::string text) {
    members_.push_back({.name = std::string(name), .text = std::move(text), .object = {}});
    return *this;
  }

  Json& Add(std::string_view name, Json object) {
    members_.push_back({.name = std::string(name), .text = "", .object = {std::move(object)}});
    return *this;
  }

  std::string ToText(size_t depth = 0) const {
    const std::string indent(2 * depth, ' ');
    std::string text = "{";
    for (const Member& member : members_) {
      text += fmt::format(
          "{}\n{}  {}: {}", &member == &members_.front() ? "" : ",", indent, Quote(member.name),
          member.object.empty() ? member.text : member.object.front().ToText(depth + 1));
    }
    return text + "\n" + indent + "}";
  }

 private:
  struct Member {
    std::string name;
    std::string text;
    std::vector<Json> object;  // at most one: a Json cannot hold itself
  };

  std::vector<Member> members_;
};

std::string Pattern(std::string_view pattern) {
  return fmt::format(R"({{"type": "string", "pattern": {}}})", Quote(pattern));
}

std::string AnyOf(const std::string& one, const std::string& other) {
  return fmt::format("[{}, {}]", one, other);
}

// YAML takes a bare number for one; as text it is as good.
std::string TextType() { return R"(["string", "number", "boolean"])"; }

void AddNumber(const Option& option, Json* json) {
  const std::string number =
      fmt::format(R"({{"type": "integer", "minimum": {}, "maximum": {}}})", option.min, option.max);
  const std::string_view text =
      option.type == OptionType::kBytes ? R"(^[0-9]+(KiB|MiB|GiB)?$|\$\{)" : R"(^[0-9]+$|\$\{)";
  json->Add("anyOf", AnyOf(number, Pattern(text)));
}

void AddType(const Option& option, Json* json) {
  const std::string_view topic =
      option.has_placeholder ? R"((\{topic\}|[A-Za-z0-9._-])+)" : kKafkaTopic;
  switch (option.type) {
    case OptionType::kText:
      json->Add("type", TextType()).Add("minLength", "1");
      return;
    case OptionType::kKafkaTopic:
      json->Add("type", Quote("string"))
          .Add("pattern", Quote(fmt::format("^{}$|{}", topic, kVariable)));
      return;
    case OptionType::kChoice:
      json->Add("anyOf", AnyOf(fmt::format(R"({{"enum": {}}})", QuoteAll(option.choices)),
                               Pattern(kVariable)));
      return;
    case OptionType::kInteger:
    case OptionType::kBytes:
    case OptionType::kMilliseconds:
      return AddNumber(option, json);
    case OptionType::kList:
      json->Add("type", Quote("array"))
          .Add("minItems", "1")
          .Add("items", Json().Add("type", TextType()).Add("minLength", "1"));
      return;
    case OptionType::kMap:
      json->Add("type", Quote("object"));
      if (!option.denied().empty()) {
        json->Add("propertyNames",
                  fmt::format(R"({{"not": {{"enum": {}}}}})", QuoteAll(option.denied())));
      }
      json->Add("additionalProperties", Json().Add("type", TextType()).Add("minLength", "1"));
      return;
    case OptionType::kSection:
      return;
  }
}

void AddObject(const std::string& section, Json* json);

Json SchemaOf(const Option& option) {
  Json json;
  json.Add("description", Quote(option.summary));
  if (option.type == OptionType::kSection) {
    AddObject(option.key, &json);
    return json;
  }
  AddType(option, &json);
  const Value value = option.get(Config());
  if (!IsEmpty(value)) {
    const bool is_number =
        option.type == OptionType::kInteger || option.type == OptionType::kMilliseconds;
    const auto* const list = std::get_if<std::vector<std::string>>(&value);
    const std::string text = list == nullptr ? ToText(option, value) : QuoteAll(*list);
    json.Add("default", is_number || list != nullptr ? text : Quote(text));
  }
  return json;
}

void AddObject(const std::string& section, Json* json) {
  Json properties;
  std::vector<std::string> required;
  for (const Option& option : Options()) {
    if (SectionOf(option) != section) continue;
    properties.Add(NameOf(option), SchemaOf(option));
    if (option.is_required) required.emplace_back(NameOf(option));
  }
  json->Add("type", Quote("object")).Add("additionalProperties", "false");
  if (!required.empty()) json->Add("required", QuoteAll(required));
  json->Add("properties", std::move(properties));
}

}  // namespace

std::string ConfigSchema() {
  Json json;
  json.Add("$schema", Quote("https://json-schema.org/draft/2020-12/schema"))
      .Add("title", Quote("Tocsin's configuration"));
  AddObject("", &json);
  return json.ToText() + "\n";
}

}  // namespace tocsin
