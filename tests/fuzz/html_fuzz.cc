// Any text as HTML: it renders as tidy UTF-8 of bounded size, or is refused for its size or depth.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/html_text.h"
#include "pipeline/decode/json_text.h"
#include "tests/fuzz/valid_utf8.h"

namespace {

constexpr tocsin::HtmlLimits kLimits{
    .bytes_max = size_t{1} << 16, .depth_max = 64, .memory_bytes_max = size_t{8} << 20};

void Check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "html_fuzz: " << what << '\n';
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static tocsin::HtmlText html(kLimits);
  const std::string input = tocsin::ValidUtf8({reinterpret_cast<const char*>(data), size});
  const bool looks_like_html = tocsin::LooksLikeHtml(input);
  Check(!looks_like_html || input.find('<') != std::string::npos, "HTML without a tag");
  const auto text = html.Render(input);
  if (!text.ok()) {
    const tocsin::BadRecord reason = tocsin::ReasonOf(text.status());
    Check(reason == tocsin::BadRecord::kTooLarge || reason == tocsin::BadRecord::kTooDeep ||
              reason == tocsin::BadRecord::kMalformedHtml,
          "refused for another reason");
    return 0;
  }
  Check(!tocsin::FindInvalidUtf8(*text), "the rendering is not UTF-8");
  // Between two characters of the text stand two line breaks at most; no entity is as short as
  // what it stands for.
  Check(text->size() <= 3 * input.size() + 2, "more text than there was HTML");
  if (!text->empty()) {
    Check(std::string_view(" \t\r\n\f").find(text->back()) == std::string_view::npos,
          "white space at the end");
  }
  return 0;
}
