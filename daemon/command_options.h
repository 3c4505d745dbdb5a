// Options that several commands share.
//
//   AddInputFormat(sub, &options->format);
//   AddChoice(sub, "--colour", &colour, {{"auto", Colour::kAuto}, {"no", Colour::kNever}}, "");
//
// Lifetime  what they write to outlives the parsing.
#ifndef TOCSIN_DAEMON_COMMAND_OPTIONS_H_
#define TOCSIN_DAEMON_COMMAND_OPTIONS_H_

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/consume/file_source.h"

namespace tocsin {

// One of a few values by name. CLI11's own would print a small enumeration as control characters.
template <typename Value>
CLI::Option* AddChoice(CLI::App* app, const std::string& name, Value* value,
                       const std::vector<std::pair<std::string, Value>>& choices,
                       const std::string& what) {
  std::vector<std::string> names;
  names.reserve(choices.size());
  for (const auto& [choice, meant] : choices) names.push_back(choice);
  const std::string all = fmt::format("{}", fmt::join(names, "|"));
  const auto choose = [=](const std::string& text) {
    for (const auto& [choice, meant] : choices) {
      if (choice == text) *value = meant;
    }
  };
  return app->add_option_function<std::string>(name, choose, what)
      ->type_name(all)
      ->check([=](const std::string& text) {
        const bool is_choice = std::find(names.begin(), names.end(), text) != names.end();
        return is_choice ? "" : fmt::format("`{}` is none of {}", text, all);
      });
}

CLI::Option* AddInputFormat(CLI::App* app, FileSourceOptions::Format* format);

// FILE, what articles are read from; one that cannot be is told before any rules are compiled.
CLI::Option* AddFile(CLI::App* app, std::string* path, const std::string& what);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_COMMAND_OPTIONS_H_
