// Any text as a selector: it is refused with a place and a mend, or walks a document to an end.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pipeline/decode/selector.h"
#include "pipeline/decode/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace dom = simdjson::dom;
  static const simdjson::padded_string kDocument(std::string_view(
      R"({"a":[{"b":"c","*":1},["x",{"b":2}],null],"b_1":{"b":true},"b_2":"b","":{"a/b":"~"},"0":-1})"));
  static dom::parser parser;
  static const dom::element kRoot = parser.parse(kDocument).value_unsafe();

  const auto selector =
      tocsin::ParseSelector(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!selector.ok()) {
    if (!std::string(selector.status().message()).starts_with("character ")) std::abort();
    return 0;
  }
  tocsin::Walk walk;
  walk.Add(*selector, 0);
  size_t found = 0;
  auto count = [&found](uint32_t /*target*/, const dom::element& /*value*/) { ++found; };
  walk.Run(kRoot, count);
  // One ** at most: no value is selected more often than it has ancestors.
  if (found > 100) std::abort();
  return 0;
}
