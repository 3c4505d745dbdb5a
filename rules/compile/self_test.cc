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
      {"gap up to a sign (vectorscan 382)",
       {"(?s)send.*\\;\\s*reply"},
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
      {"punctuation class", {"\\p{P}\\s+no"}, false, "", "yes, no"},
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

absl::Status Run(const SelfTestCase& test) {
  int failed = -1;
  ASSIGN_OR_RETURN(const HsDatabase database, test.are_literals
                                                  ? CompileLiterals(test.patterns)
                                                  : CompilePrefilters(test.patterns, &failed));
  HsScratch scratch;
  RETURN_IF_ERROR(GrowScratch(database.get(), &scratch));
  for (size_t padding = 0; padding <= kPaddingMax; ++padding) {
    const std::string text = test.before + std::string(padding, 'x') + test.after;
    ASSIGN_OR_RETURN(const bool found, Finds(database.get(), scratch.get(), text));
    if (found) continue;
    return absl::FailedPreconditionError(
        fmt::format("libhs {} misses matches ({}, {} bytes of padding); install Intel Hyperscan "
                    "5.4.0 to 5.4.2, or "
                    "Vectorscan 5.4.13 or later",
                    hs_version(), test.name, padding));
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
