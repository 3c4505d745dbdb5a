#include "rules/compile/self_test.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/base/status_macros.h"
#include "rules/compile/hyperscan.h"

namespace tocsin::rules {
namespace {

constexpr size_t kPaddingMax = 130;  // twice the widest vector, and a little

struct SelfTestCase {
  std::string_view name;
  std::vector<std::string> patterns;  // the first must match
  bool are_literals;
  std::string before;  // then padding
  std::string after;
};

const std::vector<SelfTestCase>& Cases() {
  static const std::vector<SelfTestCase> kCases = {
      {"one literal", {" ceasefire"}, true, "", " ceasefire holds "},
      {"many literals",
       {" truce", " ceasefire", " armistice", " peace plan", "fire", " 停 火", " санкци", " a",
        " pipeline", " sanctions"},
       true,
       "",
       " the truce "},
      {"literal of another script", {"停 火", " санкци"}, true, "", " 停 火 "},
      {"gap up to one of two signs (vectorscan 382)",
       {"(?s)send.*[|;] *reply"},
       false,
       "send ",
       " 2>&1 ; reply"},
      {"sets of signs (vectorscan 358)",
       {"<%[\\s\\S]+%>", "<[^<>]+:(if|forward|call|tail|get|set|use|part|item|name|body|back)",
        "[\\$#]\\{[\\s\\S]+\\([\\s\\S]*\\)[\\s\\S]*\\}"},
       false,
       "<%",
       "out();int a%>"},
      {"word boundary beyond ASCII", {"\\bсанкции\\b"}, false, "новые ", " санкции."},
      {"repeat beyond ASCII (vectorscan 135)", {"星{2}"}, false, "", "星星点灯"},
      {"sign and white space", {"[,;.]\\s+no"}, false, "", "yes, no"},
  };
  return kCases;
}

absl::StatusOr<bool> Finds(const hs_database_t* database, hs_scratch_t* scratch,
                           const std::string& text) {
  bool found = false;
  RETURN_IF_ERROR(
      Scan(database, text, scratch, [&](unsigned id, size_t) { found = found || id == 0; }));
  return found;
}

absl::Status Broken(const SelfTestCase& test, std::string_view what) {
  return absl::FailedPreconditionError(
      fmt::format("libhs {} {} ({}); install Intel Hyperscan 5.4.0 to 5.4.2, or Vectorscan 5.4.13 "
                  "or later",
                  hs_version(), what, test.name));
}

absl::Status Run(const SelfTestCase& test) {
  const auto database =
      test.are_literals ? CompileLiterals(test.patterns) : CompilePrefilters(test.patterns);
  if (!database.ok()) {
    return Broken(test,
                  fmt::format("refuses a pattern: {}", std::string(database.status().message())));
  }
  HsScratch scratch;
  RETURN_IF_ERROR(GrowScratch(database->get(), &scratch));
  for (size_t padding = 0; padding <= kPaddingMax; ++padding) {
    const std::string text = test.before + std::string(padding, 'x') + test.after;
    ASSIGN_OR_RETURN(const bool found, Finds(database->get(), scratch.get(), text));
    if (!found)
      return Broken(test, fmt::format("misses matches behind {} bytes of padding", padding));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckHyperscan() {
  static const absl::Status kStatus = [] {
    for (const SelfTestCase& test : Cases()) RETURN_IF_ERROR(Run(test));
    return absl::OkStatus();
  }();
  return kStatus;
}

}  // namespace tocsin::rules
