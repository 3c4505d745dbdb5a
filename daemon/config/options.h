// Every option of the configuration, declared once: the reader, `tocsin config` and the schema all
// go by this table.
//
//   for (const Option& option : Options()) {
//     if (option.is_required) fmt::print("{}: {}\n", option.key, option.summary);
//   }
//
// Shape     key: as in the file, dots between the levels: limits.depth_max. A section comes before
//           what it holds. get and set speak in Values: text, Kafka topics and choices are strings,
//           numbers (bytes and milliseconds too) integers.
// Lifetime  the table lives as long as the program.
#ifndef TOCSIN_DAEMON_CONFIG_OPTIONS_H_
#define TOCSIN_DAEMON_CONFIG_OPTIONS_H_

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/config.h"

namespace tocsin {

using Value = std::variant<std::string, int64_t, std::vector<std::string>,
                           std::map<std::string, std::string>>;

enum class OptionType : uint8_t {
  kText,
  kKafkaTopic,
  kChoice,
  kInteger,
  kBytes,
  kMilliseconds,
  kList,
  kMap,
  kSection,  // holds options, has no value
};

struct Option {
  std::string key;
  OptionType type = OptionType::kText;
  std::string summary;
  std::string example;
  std::string unset = {};  // what it means not to set it, where the default is empty
  bool is_required = false;
  bool has_placeholder = false;           // of a Kafka topic: {topic} may stand for the subject
  std::vector<std::string> choices = {};  // of kChoice
  int64_t min = 0;                        // of numbers
  int64_t max = 0;
  std::function<Value(const Config&)> get = {};
  std::function<void(Config*, const Value&)> set = {};
  // Of a list: whether its elements are good. Of a map: whether it may hold this name and value.
  std::function<absl::Status(const std::vector<std::string>&)> check_list = {};
  // No message of a hidden value quotes it.
  std::function<absl::Status(const std::string& name, const std::string& value, bool is_hidden)>
      check_entry = {};
  bool (*is_secret)(std::string_view name) = nullptr;  // of a map: whose values are never shown
  std::vector<std::string> (*names)() = nullptr;       // of a map: those that it may hold
  std::vector<std::string> (*denied)() = nullptr;      // of a map: those that it may not
};

const std::vector<Option>& Options();

// The part of the key after its section: depth_max.
std::string_view NameOf(const Option& option);

// The section: limits; empty at the top.
std::string_view SectionOf(const Option& option);

// As it stands in a file: 512MiB, 100, [news.raw]. Not for maps.
std::string ToText(const Option& option, const Value& value);

// Whether nothing is set: no text, no elements.
bool IsEmpty(const Value& value);

// Whether Kafka takes it for the name of a topic of its own.
bool IsKafkaTopic(std::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_OPTIONS_H_
