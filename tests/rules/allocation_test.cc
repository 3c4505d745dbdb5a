// Scanning allocates nothing once its buffers have grown: operator new is counted here.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "rules/scanner.h"
#include "tests/rules/rule_text.h"

namespace {
size_t allocations = 0;
}  // namespace

void* operator new(size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace tocsin::rules {
namespace {

constexpr char kRules[] = R"yaml(topic: t
title: T
rules:
  - {id: t.near, query: "truce NEAR/5 (signed OR agreed)"}
  - {id: t.sentence, query: "(truce NOT NEAR/S (trade NOT NEAR/S war)) OR (cease-fire NEAR/P Gaza)"}
  - {id: t.boolean, query: "ATLEAST/2(sanction*) AND NOT title:sport"}
  - {id: t.written, query: "{SDN} OR lead:*fire OR перемири*"}
)yaml";

TEST(Allocation, ScanningAllocatesNothingInTheLongRun) {
  const auto rule_set = LoadTexts({kRules});
  ASSERT_TRUE(rule_set.ok()) << rule_set.status();
  auto scanner = Scanner::Create(*rule_set);
  ASSERT_TRUE(scanner.ok());
  std::vector<std::string> bodies = {
      "Both agreed to a truce. Dr. Smith of the U.S. signed.\n\nNo trade war: a cease-fire in "
      "Gaza.",
      "Sanctions and sanctions on the SDN list. Wildfire? No.", "Nothing here.",
      "Стороны объявили перемирие. “Trêve”, said one, of the truce."};
  for (size_t i = 0; i < 6; ++i) bodies.push_back(bodies[i % 4] + " " + bodies[(i + 1) % 4]);
  Matches matches;
  size_t held = 0;
  const auto scan_all = [&] {
    for (const std::string& body : bodies) {
      ASSERT_TRUE(scanner->Scan({.title = "News", .body = body, .language = "en"}, &matches).ok());
      held += matches.rules.size();
    }
  };
  scan_all();
  scan_all();
  const size_t before = allocations;
  for (int i = 0; i < 10; ++i) scan_all();
  EXPECT_EQ(allocations, before);
  EXPECT_GT(held, 100U);
}

}  // namespace
}  // namespace tocsin::rules
