#include "pipeline/decode/selector.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

using Kind = Step::Kind;

const auto kCaseName = [](const auto& test) { return test.param.name; };

struct StepsCase {
  std::string name;
  std::string selector;
  std::vector<Step> steps;  // behind the document
};

class SelectorSteps : public testing::TestWithParam<StepsCase> {};

TEST_P(SelectorSteps, AreAsWritten) {
  const auto selector = ParseSelector(GetParam().selector);
  ASSERT_TRUE(selector.ok()) << selector.status();
  EXPECT_EQ(selector->text, GetParam().selector);
  std::vector<Step> want = {{}};
  want.insert(want.end(), GetParam().steps.begin(), GetParam().steps.end());
  EXPECT_EQ(selector->steps, want);
}

Step Key(const std::string& text) { return {.kind = Kind::kKey, .text = text}; }

Step With(Step step, std::vector<Condition> conditions) {
  step.conditions = std::move(conditions);
  return step;
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, SelectorSteps,
    testing::ValuesIn<StepsCase>({
        {"TheDocument", "", {}},
        {"Keys", "/a/b c", {Key("a"), Key("b c")}},
        {"TheEmptyKey", "/", {Key("")}},
        {"AnIndexIsAlsoAKey", "/10", {{.kind = Kind::kKey, .text = "10", .index = 10}}},
        {"ALeadingZeroIsNoIndex", "/01", {Key("01")}},
        {"PointerEscapes", "/a~1b~0c", {Key("a/b~c")}},
        {"LiteralStarsAndBrackets", "/~*/~^a~[b~]~=~!~|", {Key("*"), Key("^a[b]=!|")}},
        {"Any", "/a/*", {Key("a"), {.kind = Kind::kAny}}},
        {"Prefix", "/^body_", {{.kind = Kind::kPrefix, .text = "body_"}}},
        {"Deep", "/a/**/b", {Key("a"), {.kind = Kind::kDeep}, Key("b")}},
        {"DeepOutermost", "/**!/b", {{.kind = Kind::kDeepOutermost}, Key("b")}},
        {"Equals",
         "/*[a=b]",
         {With({.kind = Kind::kAny}, {{.path = {"a"}, .values = {{.text = "b"}}}})}},
        {"OneOfSeveralOpenAtTheEnds",
         "/*[a/b=x*|*y|*z*]",
         {With({.kind = Kind::kAny},
               {{.path = {"a", "b"},
                 .values = {{.text = "x", .open_end = true},
                            {.text = "y", .open_begin = true},
                            {.text = "z", .open_begin = true, .open_end = true}}}})}},
        {"NotEquals",
         "/a[b!=c]",
         {With(Key("a"), {{.path = {"b"}, .values = {{.text = "c"}}, .is_negated = true}})}},
        {"ThereAndNotThere",
         "/a[b][!c]",
         {With(Key("a"), {{.path = {"b"}}, {.path = {"c"}, .is_negated = true}})}},
        {"TheValueItself", "/a[=b]", {With(Key("a"), {{.values = {{.text = "b"}}}})}},
        {"AContentTypeInAValue",
         "/*[t=text/plain]",
         {With({.kind = Kind::kAny}, {{.path = {"t"}, .values = {{.text = "text/plain"}}}})}},
    }),
    kCaseName);

TEST(Selector, AConditionMayBeOnTheDocument) {
  const auto selector = ParseSelector("[@type=A]/b");
  ASSERT_TRUE(selector.ok()) << selector.status();
  ASSERT_EQ(selector->steps.size(), 2U);
  EXPECT_EQ(selector->steps[0].conditions.size(), 1U);
}

struct ErrorCase {
  std::string name;
  std::string selector;
  std::string message;
};

class SelectorError : public testing::TestWithParam<ErrorCase> {};

TEST_P(SelectorError, SaysWhereAndWhat) {
  const auto selector = ParseSelector(GetParam().selector);
  ASSERT_FALSE(selector.ok());
  EXPECT_EQ(selector.status().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, SelectorError,
    testing::ValuesIn<ErrorCase>({
        {"NoSlash", "title", "character 1 of 'title': expected / or [; a selector begins with /"},
        {"JsonPath", "$.title",
         "character 1 of '$.title': expected / or [; a selector begins with /"},
        {"StarWithinAName", "/*a", "character 3 of '/*a': expected / or [; a literal * is ~*"},
        {"ThreeStars", "/***", "character 4 of '/***': expected / or [; a literal * is ~*"},
        {"EmptyPrefix", "/^", "character 3 of '/^': ^ needs the beginning of a key; any key is *"},
        {"SecondDeep", "/**/a/**",
         "character 9 of '/**/a/**': a second **: the first takes in all that lies below"},
        {"UnknownEscape", "/a~b",
         "character 4 of '/a~b': ~ must be followed by 0 (for ~), 1 (for /) or one of *^[]=!|"},
        {"HalfAnEscape", "/a~",
         "character 4 of '/a~': ~ must be followed by 0 (for ~), 1 (for /) or one of *^[]=!|"},
        {"OpenCondition", "/a[b",
         "character 5 of '/a[b': expected =, != or ]; a condition is [key=value]"},
        {"OpenValue", "/a[b=c", "character 7 of '/a[b=c': expected | or ]"},
        {"StarWithinAValue", "/a[b=c*d]", "character 8 of '/a[b=c*d]': expected | or ]"},
    }),
    kCaseName);

}  // namespace
}  // namespace tocsin
