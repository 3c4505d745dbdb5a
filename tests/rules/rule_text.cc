#include "tests/rules/rule_text.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "rules/match/plain_scanner.h"

namespace tocsin::rules {
namespace {

// What the plain scanner says otherwise; empty for nothing.
std::string PlainScannersDifference(const std::shared_ptr<const RuleSet>& rule_set,
                                    const Document& document, const Matches& matches) {
  std::vector<uint32_t> found;
  found.reserve(matches.rules.size());
  for (const Match& match : matches.rules) found.push_back(match.rule);
  std::vector<uint32_t> plain;
  const absl::Status status = PlainScanner(rule_set).Scan(document, &plain);
  if (absl::IsResourceExhausted(status)) return "";  // it gives up sooner
  if (!status.ok()) return "plain scanner: " + std::string(status.message());
  return plain == found ? "" : fmt::format("plain scanner: {} rules", plain.size());
}

std::string MakeDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "tocsin-rules-XXXXXX").string();
  return mkdtemp(name.data()) == nullptr ? "" : name;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RuleSet>> LoadTexts(const std::vector<std::string>& contents) {
  Files files;
  for (size_t i = 0; i < contents.size(); ++i) {
    files.emplace_back(fmt::format("{}.yaml", i), contents[i]);
  }
  return LoadFiles(files);
}

absl::StatusOr<std::shared_ptr<const RuleSet>> LoadFiles(const Files& files) {
  const std::string directory = MakeDirectory();
  for (const auto& [name, content] : files) {
    std::ofstream(fmt::format("{}/{}", directory, name)) << content;
  }
  auto rule_set = RuleSet::Load({directory});
  std::filesystem::remove_all(directory);
  return rule_set;
}

std::string RuleFileText(const std::string& query) {
  std::string indented;
  for (const char c : query) indented += c == '\n' ? std::string("\n      ") : std::string(1, c);
  return fmt::format("topic: t\nrules:\n  - id: t.r\n    query: |-\n      {}\n", indented);
}

std::vector<std::string> FindAll(const std::string& query, const Document& document) {
  return FindAll(LoadTexts({RuleFileText(query)}), document);
}

std::vector<std::string> FindAll(const absl::StatusOr<std::shared_ptr<const RuleSet>>& rule_set,
                                 const Document& document) {
  if (!rule_set.ok()) return {"error: " + std::string(rule_set.status().message())};
  auto scanner = Scanner::Create(*rule_set);
  if (!scanner.ok()) return {"error: " + std::string(scanner.status().message())};
  Matches matches;
  matches.rules.push_back({});  // stale content must not survive
  const absl::Status status = scanner->Scan(document, &matches);
  if (!status.ok()) return {"error: " + std::string(status.message())};
  if (const std::string difference = PlainScannersDifference(*rule_set, document, matches);
      !difference.empty()) {
    return {difference};
  }
  std::vector<std::string> found;
  for (const Match& match : matches.rules) {
    for (const Span& span : matches.Evidence(match)) {
      found.emplace_back(document.Text(span.field).substr(span.begin, span.end - span.begin));
    }
  }
  return found;
}

}  // namespace tocsin::rules
