// Any bytes as a rule file: loaded or refused with a place and a reason. A text is scanned with
// what loads.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "rules/scanner.h"

namespace {

std::string Path() {
  return (std::filesystem::temp_directory_path() /
          ("tocsin-fuzz-" + std::to_string(getpid()) + ".yaml"))
      .string();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string kPath = Path();
  std::ofstream(kPath, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto rule_set = tocsin::rules::RuleSet::Load({kPath});
  std::filesystem::remove(kPath);
  if (!rule_set.ok()) {
    if (rule_set.status().message().empty()) std::abort();
    return 0;
  }
  auto scanner = tocsin::rules::Scanner::Create(*rule_set);
  if (!scanner.ok()) std::abort();
  tocsin::rules::Matches matches;
  const auto status = scanner->Scan(
      {.title = "A cease-fire holds",
       .body = "Both sides agreed to a truce. Sanctions on Russia stay.\n\n双方同意停火"},
      &matches);
  if (!status.ok() && !matches.rules.empty()) std::abort();
  return 0;
}
