#include "rules/query/span_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace tocsin::rules {
namespace {

std::string RewriteAnd(const Node& node, const SpanUser& user, std::string_view whole,
                       std::string_view query) {
  if (user.is_negated) return "write OR, or a phrase or NEAR for what stands together";
  std::string each;
  for (const Node& child : node.children) {
    if (child.op == Op::kNot) return fmt::format("take the NOT out: {} NOT c", whole);
    const std::string_view text = query.substr(child.begin, child.end - child.begin);
    each += each.empty() ? "" : " AND ";
    each += user.counts    ? fmt::format("{}({})", user.name, text)
            : user.is_left ? fmt::format("({} {} x)", text, user.name)
                           : fmt::format("(x {} {})", user.name, text);
  }
  return fmt::format("write {}{}", each, user.counts ? "" : ", with x the other side");
}

std::string Rewrite(const Node& node, const SpanUser& user, std::string_view query) {
  const std::string whole =
      user.counts ? fmt::format("{}(a)", user.name)
                  : fmt::format("(a {}{} b)", user.is_negated ? "NOT " : "", user.name);
  switch (node.op) {
    case Op::kAnd:
      return RewriteAnd(node, user, whole, query);
    case Op::kNot:
      if (user.counts || user.is_negated || user.is_left)
        return fmt::format("take it out: {} NOT c", whole);
      return fmt::format("write a NOT {} b", user.name);
    case Op::kScope:
      return fmt::format("put the field around the whole: title:{}", whole);
    case Op::kRegex:
      if (user.counts)
        return fmt::format("count it by itself, as in {}(/pattern/), or write words", user.name);
      return "write words with wildcards, or AND the regex to the whole";
    default:
      return fmt::format("take it out: {} AND ATLEAST/2(c)", whole);
  }
}

}  // namespace

bool HasSpans(const Node& node, const SpanUser& user, std::string_view query, QueryError* error) {
  if (node.op == Op::kOr) {
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const Node& child) { return HasSpans(child, user, query, error); });
  }
  const std::string_view why = WhyNotSpans(node.op);
  if (why.empty()) return true;
  *error = {.at = node.begin,
            .what = fmt::format("{} inside {}", why, user.name),
            .mend = Rewrite(node, user, query)};
  return false;
}

}  // namespace tocsin::rules
