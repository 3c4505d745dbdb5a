// For random documents the walk finds what each selector selects by itself, step by step.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "pipeline/decode/selector.h"
#include "pipeline/decode/source_spans.h"
#include "pipeline/decode/walk.h"

namespace tocsin {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

const std::vector<std::string> kKeys = {"a", "b", "ab", "0", "1", "~1"};
const std::vector<std::string> kScalars = {R"("a")", R"("b")", "0", "-7", "true", "null", "1.5"};

std::string PointerToken(const std::string& key) { return key == "~1" ? "~01" : key; }

// Up to so many: a case of fifty finds nothing that one of five would not.
template <typename T>
rc::Gen<std::vector<T>> UpTo(int count, const rc::Gen<T>& each) {
  return rc::gen::mapcat(rc::gen::inRange(0, count + 1), [each](int size) {
    return rc::gen::container<std::vector<T>>(static_cast<size_t>(size), each);
  });
}

rc::Gen<std::string> JsonOf(int levels) {
  auto scalar = rc::gen::elementOf(kScalars);
  if (levels == 0) return scalar;
  return rc::gen::mapcat(rc::gen::inRange(0, 4), [scalar, levels](int kind) {
    if (kind == 0) return rc::Gen<std::string>(scalar);
    const auto member =
        rc::gen::pair(rc::gen::elementOf(kKeys), JsonOf(levels - 1));  // doubled keys, too
    return rc::gen::map(UpTo<std::pair<std::string, std::string>>(4, member),
                        [kind](const auto& members) {
                          std::string json = kind == 1 ? "[" : "{ ";
                          for (const auto& [key, value] : members) {
                            if (json.size() > 2) json += " , ";
                            if (kind != 1) json.append("\"").append(key).append("\": ");
                            json += value;
                            if (json.size() <= 2) json += " ";
                          }
                          return json + (kind == 1 ? "]" : " }");
                        });
  });
}

rc::Gen<std::string> SelectorText() {
  const auto key = rc::gen::map(rc::gen::elementOf(kKeys),
                                [](const std::string& each) { return "/" + PointerToken(each); });
  const auto step =
      rc::gen::oneOf(key, key, rc::gen::just<std::string>("/*"), rc::gen::just<std::string>("/^a"));
  const auto condition = rc::gen::elementOf(std::vector<std::string>{
      "", "", "", "[a]", "[!a]", "[a=a]", "[a/b=b|0]", "[=a*]", "[b!=true]", "[=-7]"});
  const auto steps = UpTo<std::pair<std::string, std::string>>(2, rc::gen::pair(step, condition));
  const auto deep = rc::gen::elementOf(std::vector<std::string>{"", "", "/**", "/**!", "/**[a]"});
  return rc::gen::map(rc::gen::tuple(steps, deep, steps), [](const auto& parts) {
    std::string text;
    const auto& [before, middle, after] = parts;
    for (size_t i = 0; i < before.size(); ++i) {
      text += before[i].first + before[i].second;
    }
    text += middle;
    for (size_t i = 0; i < after.size(); ++i) {
      text += after[i].first + after[i].second;
    }
    return text;
  });
}

std::vector<element> ChildrenOf(const element& value) {
  std::vector<element> children;
  if (value.is_array()) {
    const simdjson::dom::array array = value.get_array().value_unsafe();
    for (const element each : array) children.push_back(each);
  }
  if (value.is_object()) {
    const simdjson::dom::object object = value.get_object().value_unsafe();
    for (const auto& each : object) children.push_back(each.value);
  }
  return children;
}

// By the definitions of the README, one value and one step at a time.
std::vector<element> Below(const element& value, const Step& step) {
  std::vector<element> found;
  if (value.is_array()) {
    const std::vector<element> children = ChildrenOf(value);
    if (step.kind == Step::Kind::kAny) return children;
    if (step.index && *step.index < children.size()) found.push_back(children[*step.index]);
  } else if (value.is_object()) {
    const simdjson::dom::object object = value.get_object().value_unsafe();
    for (const auto& member : object) {
      const bool is_it = step.kind == Step::Kind::kAny ||
                         (step.kind == Step::Kind::kKey && member.key == step.text) ||
                         (step.kind == Step::Kind::kPrefix && member.key.starts_with(step.text));
      if (!is_it) continue;
      found.push_back(member.value);
      if (step.kind == Step::Kind::kKey) break;
    }
  }
  return found;
}

bool Holds(const std::vector<element>& values, const Condition& condition) {
  for (const element& value : values) {
    if (condition.values.empty() && !value.is_null()) return true;
    std::string text = simdjson::minify(value);
    if (value.is_string()) text = std::string(value.get_string().value_unsafe());
    const bool is_text =
        !value.is_object() && !value.is_null() && value.type() != element_type::DOUBLE;
    for (const Pattern& pattern : condition.values) {
      if (is_text && pattern.Matches(text)) return true;
    }
  }
  return false;
}

void Flatten(const element& value, std::vector<element>* flat) {
  if (!value.is_array()) return flat->push_back(value);
  for (const element& each : ChildrenOf(value)) Flatten(each, flat);
}

bool Holds(const element& value, const Condition& condition) {
  std::vector<element> here = {value};
  if (condition.path.empty()) {
    here.clear();
    Flatten(value, &here);
  }
  for (const std::string& key : condition.path) {
    std::vector<element> next;
    for (const element& each : here) {
      for (const element& found : Below(each, {.kind = Step::Kind::kKey, .text = key})) {
        Flatten(found, &next);
      }
    }
    here = next;
  }
  return Holds(here, condition) != condition.is_negated;
}

std::vector<element> Select(const element& value, const Selector& selector, size_t step);

std::vector<element> SelectHere(const element& value, const Selector& selector, size_t step) {
  if (value.is_null()) return {};
  for (const Condition& condition : selector.steps[step].conditions) {
    if (!Holds(value, condition)) return {};
  }
  return Select(value, selector, step + 1);
}

void SelectDeep(const element& value, const Selector& selector, size_t step,
                std::vector<element>* found) {
  const std::vector<element> here = SelectHere(value, selector, step);
  found->insert(found->end(), here.begin(), here.end());
  if (!here.empty() && selector.steps[step].kind == Step::Kind::kDeepOutermost) return;
  for (const element& child : ChildrenOf(value)) SelectDeep(child, selector, step, found);
}

std::vector<element> Select(const element& value, const Selector& selector, size_t step) {
  if (step == selector.steps.size()) return {value};
  std::vector<element> found;
  const Step::Kind kind = selector.steps[step].kind;
  if (kind == Step::Kind::kDeep || kind == Step::Kind::kDeepOutermost) {
    SelectDeep(value, selector, step, &found);
    return found;
  }
  for (const element& next : Below(value, selector.steps[step])) {
    const std::vector<element> more = SelectHere(next, selector, step);
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

std::vector<std::string> Texts(const std::vector<element>& values) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const element& each : values) texts.push_back(simdjson::minify(each));
  return texts;
}

struct Collector {
  std::map<uint32_t, std::vector<element>> found;
  std::map<uint32_t, std::vector<std::vector<uint32_t>>> ways;
  std::vector<uint32_t> way;

  void Down(uint32_t ordinal) { way.push_back(ordinal); }
  void Up() { way.pop_back(); }
  void operator()(uint32_t target, const element& value) {
    found[target].push_back(value);
    ways[target].push_back(way);
  }
};

Selector Parsed(const std::string& text) {
  const auto selector = ParseSelector(text);
  RC_ASSERT(selector.ok());
  return *selector;
}

TEST(WalkProperty, EqualsEachSelectorByItself) {
  EXPECT_TRUE(rc::check([] {
    const std::string json = *JsonOf(4);
    const auto texts = *UpTo<std::string>(8, SelectorText());
    simdjson::dom::parser parser;
    element root;
    const simdjson::padded_string padded(json);
    RC_ASSERT(parser.parse(padded).get(root) == simdjson::SUCCESS);
    Walk walk;
    std::vector<Selector> selectors;
    for (const std::string& text : texts) {
      selectors.push_back(Parsed(text));
      walk.Add(selectors.back(), static_cast<uint32_t>(selectors.size() - 1));
    }
    Collector collector;
    walk.Run(root, collector);
    bool any = false;
    for (uint32_t i = 0; i < selectors.size(); ++i) {
      const std::vector<std::string> want = Texts(SelectHere(root, selectors[i], 0));
      if (Texts(collector.found[i]) != want) RC_LOG(json + "  " + selectors[i].text);
      RC_ASSERT(Texts(collector.found[i]) == want);
      any |= !want.empty();
    }
    RC_CLASSIFY(any, "something was found");
  }));
}

TEST(WalkProperty, WhatOneSelectorFindsDoesNotEndAnothersSearch) {
  const simdjson::padded_string json(std::string_view(R"({"x":{"a":1,"y":{"b":2}}})"));
  simdjson::dom::parser parser;
  Walk walk;
  walk.Add(*ParseSelector("/**!/a"), 0);
  walk.Add(*ParseSelector("/**!/b"), 1);
  Collector collector;
  walk.Run(parser.parse(json).value_unsafe(), collector);
  EXPECT_EQ(Texts(collector.found[0]), std::vector<std::string>({"1"}));
  EXPECT_EQ(Texts(collector.found[1]), std::vector<std::string>({"2"}));
}

TEST(WalkProperty, TheWayLeadsToTheBytesOfTheValue) {
  EXPECT_TRUE(rc::check([] {
    const std::string json = *JsonOf(4);
    const std::string text = *SelectorText();
    simdjson::dom::parser parser;
    element root;
    const simdjson::padded_string padded(json);
    RC_ASSERT(parser.parse(padded).get(root) == simdjson::SUCCESS);
    Walk walk;
    walk.Add(Parsed(text), 0);
    Collector collector;
    walk.Run(root, collector);
    SourceSpans spans;
    std::vector<std::string> want;
    for (size_t i = 0; i < collector.found[0].size(); ++i) {
      const element& value = collector.found[0][i];
      if (!value.is_object() && !value.is_array()) continue;
      spans.Add(collector.ways[0][i]);
      want.push_back(simdjson::minify(value));
    }
    spans.Locate(parser, json);
    for (size_t i = 0; i < want.size(); ++i) {
      simdjson::dom::parser again;
      element part;
      const simdjson::padded_string copy(spans.Of(i));
      RC_ASSERT(again.parse(copy).get(part) == simdjson::SUCCESS);
      RC_ASSERT(simdjson::minify(part) == want[i]);
    }
  }));
}

}  // namespace
}  // namespace tocsin
