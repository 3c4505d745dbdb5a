#include "daemon/config/reference.h"

#include <fmt/format.h>

#include <string_view>

#include "daemon/config/options.h"

namespace tocsin {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration: every option

Made by `tocsin config reference` from the table of options; `tocsin config schema` prints the JSON Schema.
`tocsin.yaml` in this directory is a sample to start from.

**Files.** `/etc/tocsin/tocsin.yaml`, or what `--config` names, is read first; then its drop-ins, in byte order of their
names: `/etc/tocsin/tocsin.d/*.yaml`, of `x.yaml` those in `x.d/*.yaml` beside it. A drop-in overrides scalars and lists,
and adds to maps (`kafka`, `kafka_secrets`, `limits`). `tocsin config print` shows what holds and which file says so,
without secrets. Unknown keys, doubled keys and values out of range are errors; all are told at once, with file, line
and column.

**Environment.** `${NAME}` in a value, never in a key, is replaced by the variable of the environment, after the YAML is
read: what it holds cannot change the structure. One that is not defined is an error. `$${` stands for a literal `${`.

**Checking.** `tocsin check` looks at configuration and rules, offline. `tocsin check --online` also asks the Kafka brokers
for every Kafka topic and right that a run needs, changes nothing, and names what is missing with the command that mends it.

**Units.** Bytes: a number, or one with KiB, MiB or GiB. Names that end in `_ms`: milliseconds.
)";

std::string TypeOf(const Option& option) {
  switch (option.type) {
    case OptionType::kText:
      return "text";
    case OptionType::kKafkaTopic:
      return option.has_placeholder ? "name of a Kafka topic, with `{topic}` in it or not"
                                    : "name of a Kafka topic";
    case OptionType::kChoice:
      return fmt::format("`{}`", fmt::join(option.choices, "`, `"));
    case OptionType::kInteger:
      return fmt::format("whole number, {} to {}", option.min, option.max);
    case OptionType::kMilliseconds:
      return fmt::format("milliseconds, {} to {}", option.min, option.max);
    case OptionType::kBytes:
      return fmt::format("bytes, at least {}", ToText(option, option.min));
    case OptionType::kList:
      return "list of texts";
    case OptionType::kMap:
      return "map of texts";
    case OptionType::kSection:
      break;
  }
  return "section";
}

std::string DefaultOf(const Option& option) {
  if (option.is_required) return "none: it is required";
  const Value value = option.get(Config());
  return IsEmpty(value) ? option.unset : fmt::format("`{}`", ToText(option, value));
}

std::string Describe(const Option& option) {
  std::string text = fmt::format("\n## {}\n\n{}\n", option.key, option.summary);
  if (option.type == OptionType::kSection) return text;
  text += fmt::format("\n- type: {}\n- default: {}\n- example: `{}: {}`\n", TypeOf(option),
                      DefaultOf(option), NameOf(option), option.example);
  if (option.is_secret != nullptr) {
    text += "- secret: passwords, keys and tokens among them are never shown\n";
  }
  return text;
}

}  // namespace

std::string ConfigReference() {
  std::string text(kIntroduction);
  for (const Option& option : Options()) text += Describe(option);
  return text;
}

}  // namespace tocsin
