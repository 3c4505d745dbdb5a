// How the table of options is written down.
//
//   List("input", &Config::input, "Kafka topics with article JSON.", "[news.raw]"),
//   Text("notify.group", [](auto& config) -> auto& { return config.notify.group; }, ...),
//
// Shape     key, summary and example as in Option; field: a pointer to a member of Config, or a
//           function from a Config to one.
#ifndef TOCSIN_DAEMON_CONFIG_OPTION_BUILDERS_H_
#define TOCSIN_DAEMON_CONFIG_OPTION_BUILDERS_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/config/options.h"

namespace tocsin::option {

template <typename Kind, typename Field>
Option Bind(Option option, Field field) {
  option.get = [field](const Config& config) { return Value(Kind(std::invoke(field, config))); };
  option.set = [field](Config* config, const Value& value) {
    auto& bound = std::invoke(field, *config);
    bound = static_cast<std::decay_t<decltype(bound)>>(std::get<Kind>(value));
  };
  return option;
}

template <typename Field>
Option Text(const std::string& key, Field field, const std::string& summary,
            const std::string& example) {
  return Bind<std::string>({.key = key, .summary = summary, .example = example}, field);
}

template <typename Field>
Option KafkaTopic(const std::string& key, Field field, const std::string& summary,
                  const std::string& example) {
  Option option = Text(key, field, summary, example);
  option.type = OptionType::kKafkaTopic;
  return option;
}

template <typename Field>
Option Number(OptionType type, const std::string& key, Field field, int64_t min, int64_t max,
              const std::string& summary, const std::string& example) {
  return Bind<int64_t>(
      {.key = key, .type = type, .summary = summary, .example = example, .min = min, .max = max},
      field);
}

template <typename Field>
Option Milliseconds(const std::string& key, Field field, int64_t max, const std::string& summary,
                    const std::string& example) {
  Option option = {.key = key,
                   .type = OptionType::kMilliseconds,
                   .summary = summary,
                   .example = example,
                   .min = 1,
                   .max = max};
  option.get = [field](const Config& config) {
    return Value(int64_t{std::invoke(field, config).count()});
  };
  option.set = [field](Config* config, const Value& value) {
    std::invoke(field, *config) = std::chrono::milliseconds(std::get<int64_t>(value));
  };
  return option;
}

template <typename Enum>
Option Choice(const std::string& key, Enum Config::* field,
              std::vector<std::pair<std::string, Enum>> choices, const std::string& summary) {
  Option option = {
      .key = key, .type = OptionType::kChoice, .summary = summary, .example = choices.back().first};
  for (const auto& [name, choice] : choices) option.choices.push_back(name);
  option.get = [field, choices](const Config& config) {
    const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const auto& each) {
      return each.second == config.*field;
    });
    return Value(chosen->first);
  };
  option.set = [field, choices](Config* config, const Value& value) {
    const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const auto& each) {
      return each.first == std::get<std::string>(value);
    });
    config->*field = chosen->second;
  };
  return option;
}

template <typename Field>
Option List(const std::string& key, Field field, const std::string& summary,
            const std::string& example) {
  return Bind<std::vector<std::string>>(
      {.key = key, .type = OptionType::kList, .summary = summary, .example = example}, field);
}

template <typename Field>
Option Map(const std::string& key, Field field, const std::string& summary,
           const std::string& example) {
  return Bind<std::map<std::string, std::string>>({.key = key,
                                                   .type = OptionType::kMap,
                                                   .summary = summary,
                                                   .example = example,
                                                   .unset = "none"},
                                                  field);
}

inline Option Section(std::string key, std::string summary) {
  return {.key = std::move(key), .type = OptionType::kSection, .summary = std::move(summary)};
}

inline Option Required(Option option) {
  option.is_required = true;
  return option;
}

inline Option Unset(Option option, std::string unset) {
  option.unset = std::move(unset);
  return option;
}

}  // namespace tocsin::option

#endif  // TOCSIN_DAEMON_CONFIG_OPTION_BUILDERS_H_
