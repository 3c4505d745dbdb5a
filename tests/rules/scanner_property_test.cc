// Properties of whole scans: evidence is what the atom says, and the way a text is written does not
// matter.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "rules/scanner.h"
#include "rules/text/fold.h"
#include "tests/rules/normalized.h"
#include "tests/rules/rule_text.h"

namespace tocsin::rules {
namespace {

// Each word is a rule of its own: w0, w1, ...
const std::vector<std::string>& Words() {
  static const std::vector<std::string> kWords = {
      "ceasefire", "cease-fire", "\"peace plan\"", "trêve",    "перемирие", "йод",   "П'ять",
      "هدنة",      "停火",       "युद्धविराम",       "yaptırım", "Straße",    "*fire", "sanction*"};
  return kWords;
}

std::vector<std::string> TextPieces() {
  return {"Ceasefire",   "CEASE-FIRE", "cease\nfire", "peace plan", "Peace, Plan",
          "peace. Plan", "TRÊVE",      "перемирие",   "Йод",        "п’ять",
          "هُدْنَة",        "双方停火",   "युद्धविराम",    "YAPTIRIM",   "strasse",
          "wildfire",    "sanctions",  "war",         "2026"};
}

Scanner MakeScanner() {
  std::string file = "topic: t\nrules:\n";
  for (size_t i = 0; i < Words().size(); ++i) {
    file += "  - id: w" + std::to_string(10 + i) + "\n    query: |-\n      " + Words()[i] + "\n";
  }
  auto rule_set = LoadTexts({file});
  EXPECT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  EXPECT_TRUE(scanner.ok());
  return *std::move(scanner);
}

std::string RandomText() {
  const std::vector<std::string> pieces = TextPieces();
  const std::vector<std::string> gaps = {" ", ", ", "\n", " – ", ". ", "\n\n"};
  const auto choice = *rc::gen::container<std::vector<std::pair<size_t, size_t>>>(rc::gen::pair(
      rc::gen::inRange<size_t>(0, pieces.size()), rc::gen::inRange<size_t>(0, gaps.size())));
  std::string text;
  for (const auto& [piece, gap] : choice) text += pieces[piece] + gaps[gap];
  return text;
}

std::vector<std::pair<uint32_t, uint32_t>> RulesAndHits(Scanner* scanner, const std::string& text) {
  Matches matches;
  EXPECT_TRUE(scanner->Scan({.body = text}, &matches).ok());
  std::vector<std::pair<uint32_t, uint32_t>> found;
  found.reserve(matches.rules.size());
  for (const Match& match : matches.rules) found.emplace_back(match.rule, match.hits);
  return found;
}

std::string Replace(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(ScannerProperty, WritingDoesNotMatter) {
  Scanner scanner = MakeScanner();
  EXPECT_TRUE(rc::check([&] {
    UErrorCode error = U_ZERO_ERROR;
    const std::string text = RandomText();
    const auto want = RulesAndHits(&scanner, text);
    const std::vector<std::string> variants = {
        Normalized(text, icu::Normalizer2::getNFCInstance(error)),
        Normalized(text, icu::Normalizer2::getNFDInstance(error)),
        Replace(text, "’", *rc::gen::element<std::string>("'", "ʼ", "‘", "ʹ")),
        Replace(text, "-",
                *rc::gen::element<std::string>("‐", "‑", "‒", "–", "−", "－", "-\xC2\xAD")),
        Replace(text, "e", "e\xE2\x80\x8B"),
        Replace(text, "e", "E"),
    };
    for (const std::string& variant : variants) RC_ASSERT(RulesAndHits(&scanner, variant) == want);
  }));
}

TEST(ScannerProperty, EvidenceCutOutMatchesTheSameRule) {
  Scanner scanner = MakeScanner();
  EXPECT_TRUE(rc::check([&] {
    const std::string text = RandomText();
    Matches matches;
    RC_ASSERT(scanner.Scan({.body = text}, &matches).ok());
    const Matches all = matches;
    for (const Match& match : all.rules) {
      for (const Span& span : all.Evidence(match)) {
        RC_ASSERT(
            scanner.Scan({.body = text.substr(span.begin, span.end - span.begin)}, &matches).ok());
        bool holds = false;
        for (const Match& cut : matches.rules) holds = holds || cut.rule == match.rule;
        RC_ASSERT(holds);
      }
    }
  }));
}

}  // namespace
}  // namespace tocsin::rules
