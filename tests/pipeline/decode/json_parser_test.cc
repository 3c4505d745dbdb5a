#include "pipeline/decode/json_parser.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace tocsin {
namespace {

constexpr std::string_view kDocument =
    R"({"a":[true,false,null,12345,-1.5e10,18446744073709551615],"b":{"c":"\u0041\n"},"d":"end"})";

std::string Parsed(JsonParser* parser, std::string_view text) {
  simdjson::dom::element root;
  const absl::Status status = parser->Parse(text, 0, &root);
  return status.ok() ? std::string(simdjson::minify(root)) : std::string(status.message());
}

// Two pages, of which only the first can be read.
class LastPage {
 public:
  LastPage() : bytes_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    void* const pages =
        mmap(nullptr, 2 * bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return;
    begin_ = static_cast<char*>(pages);
    mprotect(begin_ + bytes_, bytes_, PROT_NONE);
  }
  LastPage(const LastPage&) = delete;
  LastPage& operator=(const LastPage&) = delete;
  ~LastPage() {
    if (begin_ != nullptr) munmap(begin_, 2 * bytes_);
  }

  bool is_there() const { return begin_ != nullptr; }

  // The text, with so many bytes behind it before the page ends.
  std::string_view Write(std::string_view text, size_t behind) {
    char* const at = begin_ + bytes_ - behind - text.size();
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

 private:
  size_t bytes_;
  char* begin_ = nullptr;
};

TEST(JsonParser, ATextMayEndAnywhereInTheLastPageThatCanBeRead) {
  LastPage page;
  ASSERT_TRUE(page.is_there());
  JsonParser parser{{}};
  const std::string want = Parsed(&parser, std::string(kDocument));
  for (size_t behind = 0; behind <= 2 * simdjson::SIMDJSON_PADDING; ++behind) {
    EXPECT_EQ(Parsed(&parser, page.Write(kDocument, behind)), want) << behind;
  }
}

TEST(JsonParser, WhatLiesBehindATextDoesNotCount) {
  LastPage page;
  ASSERT_TRUE(page.is_there());
  JsonParser parser{{}};
  constexpr size_t kFarFromTheEnd = 1024;
  const std::string behind(simdjson::SIMDJSON_PADDING, '\0');
  for (const std::string_view each : {kDocument, kDocument.substr(5), std::string_view("[true]")}) {
    const std::string_view whole = page.Write(each, kFarFromTheEnd);
    for (size_t size = 1; size <= whole.size(); ++size) {
      const std::string alone = std::string(whole.substr(0, size)) + behind;
      const std::string want = Parsed(&parser, std::string_view(alone).substr(0, size));
      EXPECT_EQ(Parsed(&parser, whole.substr(0, size)), want) << size;
    }
  }
}

TEST(JsonParser, ATextThatIsMendedStaysAsItIs) {
  JsonParser parser{{}};
  constexpr std::string_view kBefore = R"({"a":"\ud800","b":1e999})";
  const std::string text(kBefore);
  EXPECT_EQ(Parsed(&parser, text), "{\"a\":\"\uFFFD\",\"b\":0.0}");
  EXPECT_EQ(text, kBefore);
}

}  // namespace
}  // namespace tocsin
