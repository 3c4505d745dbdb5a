// A query, a NUL, a text: the evaluator decides, and whatever is found lies in the text and is cut
// between code points.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/program_builder.h"
#include "rules/match/evaluator.h"
#include "rules/match/phrase_finder.h"
#include "rules/match/trigger_search.h"
#include "rules/query/parser.h"
#include "rules/text/fold.h"
#include "tests/fuzz/valid_utf8.h"

namespace tocsin::rules {
namespace {

bool CutsCodePoints(std::string_view text, const Span& span) {
  const auto inside = [&](size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  return span.begin > span.end || span.end > text.size() || inside(span.begin) || inside(span.end);
}

void ScanText(std::string_view query, const std::string& text) {
  QueryError error;
  const std::optional<Node> root = ParseQuery(query, &error);
  if (!root) return;
  ProgramBuilder builder;
  const auto expr = builder.AddQuery(*root, [](std::string_view) { return nullptr; }, &error);
  if (!expr) return;
  builder.AddRule(*expr, {});
  const auto program = std::move(builder).Build();
  if (!program.ok()) std::abort();
  HsScratch scratch;
  if (!GrowScratch((*program)->keyless.database.get(), &scratch).ok()) std::abort();
  Folder folder;
  folder.AppendWithTokens(text, "");
  ArticleTokens tokens = ArticleTokens::Of(&folder, {0, 0, folder.stream().size()});
  tokens.tokens = folder.tokens();
  TriggerSearch triggers(**program);
  PhraseFinder finder(**program);
  finder.Reset(tokens);
  triggers.Find(folder.stream());
  if (triggers.HasKeyless() && !triggers.FindKeyless(tokens, scratch.get()).ok()) std::abort();
  triggers.TakeHits(tokens);
  const std::vector<uint8_t> regex_may_match((*program)->regexes.size(), 1);
  const Document document{.body = text};
  Evaluator evaluator(**program, &finder);
  evaluator.Reset({.document = &document,
                   .tokens = tokens,
                   .hits = triggers.hits(),
                   .keyless_hits = triggers.keyless_hits(),
                   .regex_may_match = regex_may_match});
  if (!evaluator.Holds(*expr) || !evaluator.status().ok()) return;
  if ((*program)->regexes.empty() && triggers.rules().empty()) std::abort();
  std::vector<Span> spans;
  evaluator.CollectEvidence(*expr, &spans);
  if (!evaluator.status().ok()) return;
  for (const Span& span : spans) {
    if (CutsCodePoints(text, span)) std::abort();
  }
}

}  // namespace
}  // namespace tocsin::rules

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t nul = input.find('\0');
  if (nul == std::string_view::npos) return 0;
  tocsin::rules::ScanText(tocsin::ValidUtf8(input.substr(0, nul)),
                          tocsin::ValidUtf8(input.substr(nul + 1)));
  return 0;
}
