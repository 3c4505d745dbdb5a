// One YAML document, read into a configuration by the table of options.
//
//   Reader reader(&loaded, &errors);
//   reader.Read({.file = "tocsin.yaml", .text = "workers: two\n"});
//   // errors: "tocsin.yaml:1:10: expected a whole number from 1 to 256"
//
// Shape     several documents are read one after the other; the later one overrides. An empty one
//           sets nothing.
// Errors    gather, each `file:line:column: what`, so that a file is mended in one go.
#ifndef TOCSIN_DAEMON_CONFIG_READER_H_
#define TOCSIN_DAEMON_CONFIG_READER_H_

#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/loaded.h"
#include "daemon/config/options.h"

namespace tocsin {

class Reader {
 public:
  Reader(LoadedConfig* loaded, std::vector<std::string>* errors)
      : loaded_(loaded), errors_(errors) {}

  void Read(const ConfigText& text);

 private:
  struct Text {
    std::string text;
    bool is_hidden = false;  // it holds a secret variable: no message quotes it
  };

  void ReadSection(const YAML::Node& map, const std::string& section);
  void ReadEntry(const YAML::Node& name, const YAML::Node& node, const Option& option);
  void ReadOption(const YAML::Node& node, const Option& option);

  // Nothing: complained of.
  std::optional<Value> ReadValue(const YAML::Node& node, const Option& option);
  std::optional<Text> ReadText(const YAML::Node& node, const std::string& key);
  std::optional<Value> ReadKafkaTopic(const YAML::Node& node, const Option& option);
  std::optional<Value> ReadChoice(const YAML::Node& node, const Option& option);
  std::optional<Value> ReadNumber(const YAML::Node& node, const Option& option);
  std::optional<Value> ReadList(const YAML::Node& node, const Option& option);
  std::optional<Value> ReadMap(const YAML::Node& node, const Option& option);

  // Whether the name is one, and new to the map that is being read.
  bool IsNew(const YAML::Node& name, std::set<std::string>* seen);
  Place PlaceOf(const YAML::Node& node) const;
  void Complain(const YAML::Node& node, std::string_view what);

  LoadedConfig* loaded_;
  std::vector<std::string>* errors_;
  std::string file_;
  YAML::Node name_;  // of the value that is being read: an empty value has no place of its own
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_READER_H_
