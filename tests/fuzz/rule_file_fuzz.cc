// Any bytes as a rule file, and as the phrases that one lists: loaded or refused with a place and a
// reason. A text is scanned with what loads.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "rules/scanner.h"

namespace {

std::string Path(const std::string& suffix) {
  return (std::filesystem::temp_directory_path() /
          ("tocsin-fuzz-" + std::to_string(getpid()) + suffix))
      .string();
}

void LoadAndScan(const std::string& path) {
  const auto rule_set = tocsin::rules::RuleSet::Load({path});
  std::filesystem::remove(path);
  if (!rule_set.ok()) {
    if (rule_set.status().message().empty()) std::abort();
    return;
  }
  auto scanner = tocsin::rules::Scanner::Create(*rule_set);
  if (!scanner.ok()) std::abort();
  tocsin::rules::Matches matches;
  const auto status = scanner->Scan(
      {.title = "A cease-fire holds",
       .body = "Both sides agreed to a truce. Sanctions on Russia stay.\n\n双方同意停火"},
      &matches);
  if (!status.ok() && !matches.rules.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string kPath = Path(".yaml");
  static const std::string kList = Path(".txt");
  const auto* const bytes = reinterpret_cast<const char*>(data);
  for (const std::string& path : {kPath, kList}) {
    std::ofstream(path, std::ios::binary).write(bytes, static_cast<std::streamsize>(size));
  }
  LoadAndScan(kPath);
  std::ofstream(kPath) << "topic: t\nrules:\n  - {id: t.r, phrases_file: " << kList << "}\n";
  LoadAndScan(kPath);
  std::filesystem::remove(kList);
  return 0;
}
