// Any text: the fold is idempotent, and the same with tokens as without.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/text/fold.h"
#include "tests/fuzz/valid_utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = tocsin::ValidUtf8({reinterpret_cast<const char*>(data), size});
  tocsin::rules::Folder plain;
  tocsin::rules::Folder indexed;
  plain.Append(text, "");
  indexed.AppendWithTokens(text, "");
  if (plain.stream() != indexed.stream()) std::abort();
  if (tocsin::rules::Fold(plain.stream()) != plain.stream()) std::abort();
  for (const tocsin::rules::Token& token : indexed.tokens()) {
    if (token.source_begin >= token.source_end || token.source_end > text.size()) std::abort();
  }
  return 0;
}
