#include "daemon/explanation_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "daemon/excerpt.h"

namespace tocsin {
namespace {

using rules::Explanation;
using rules::Op;

constexpr size_t kOccurrencesShown = 8;
constexpr size_t kOperandsShown = 4;
constexpr int kLabelDepthMax = 4;

bool IsLeaf(const Explanation& why) { return why.children.empty(); }

std::string LabelAt(const Explanation& why, int depth);

std::string OperandAt(const Explanation& why, int depth) {
  const bool is_plain = IsLeaf(why) || !why.name.empty() || why.op == Op::kNot;
  return is_plain ? LabelAt(why, depth) : fmt::format("({})", LabelAt(why, depth));
}

// The part as a query, shortened.
std::string LabelAt(const Explanation& why, int depth) {
  if (!why.name.empty()) return "$" + why.name;
  if (IsLeaf(why)) return why.text;
  if (depth >= kLabelDepthMax) return "…";
  if (why.op == Op::kNot) return "NOT " + OperandAt(why.children[0], depth + 1);
  if (why.op == Op::kAtLeast)
    return fmt::format("{}({})", why.text, LabelAt(why.children[0], depth + 1));
  std::string label;
  const size_t shown = std::min(why.children.size(), kOperandsShown);
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) label += fmt::format(" {} ", why.text);
    label += OperandAt(why.children[i], depth + 1);
  }
  if (shown < why.children.size())
    label += fmt::format(" {} {} more", why.text, why.children.size() - shown);
  return label;
}

std::string Label(const Explanation& why) { return LabelAt(why, 0); }

class View {
 public:
  View(const rules::Document& document, const Marks& marks) : document_(document), marks_(marks) {}

  void Tree(const Explanation& why, size_t indent) {
    const std::string_view name_sign = why.name.empty() ? "" : " = ";
    const std::string name = why.name.empty() ? "" : "$" + why.name;
    const std::string_view verdict = why.holds ? "true " : "false";
    std::string line =
        fmt::format("{}  {:{}}{}{}{}", verdict, "", indent, name, name_sign, why.text);
    if (!why.why.empty()) line += fmt::format("  ({})", why.why);
    Add(0, line);
    if (IsLeaf(why) || why.op == Op::kNear) Occurrences(why.occurrences, indent);
    for (const rules::Exclusion& each : why.excluded) Exclude(each, indent + kBesideVerdict);
    size_t silent = 0;
    for (const Explanation& child : why.children) {
      // In an OR only what occurs tells something.
      const bool is_silent = why.op == Op::kOr && !child.holds && !HasSomething(child);
      silent += is_silent ? 1 : 0;
      if (!is_silent) Tree(child, indent + 2);
    }
    if (silent > 0)
      Add(indent + kBesideVerdict,
          fmt::format("{} of {} operands do not occur", silent, why.children.size()));
  }

  void Failing(const Explanation& why, size_t indent) {
    switch (why.op) {
      case Op::kAnd:
        for (const Explanation& child : why.children) {
          if (!child.holds) Failing(child, indent);
        }
        return;
      case Op::kNot:
        Add(indent, fmt::format("refused by {}:", Label(why)));
        return Found(why.children[0], indent + 2);
      case Op::kOr:
        return FailingOr(why, indent);
      case Op::kNear:
      case Op::kNotNear:
        return FailingProximity(why, indent);
      case Op::kAtLeast:
        return Add(indent, fmt::format("{}: {}", Label(why), why.why));
      default:
        return Add(indent, fmt::format("{} does not occur", why.text));
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  static constexpr size_t kBesideVerdict = 9;

  void Add(size_t indent, std::string_view line) {
    text_ += fmt::format("{:{}}{}\n", "", indent, line);
  }

  void Occurrences(const std::vector<rules::Span>& spans, size_t indent) {
    const size_t shown = std::min(spans.size(), kOccurrencesShown);
    for (size_t i = 0; i < shown; ++i)
      Add(indent + kBesideVerdict, Excerpt(document_, spans[i], marks_));
    if (shown < spans.size())
      Add(indent + kBesideVerdict, fmt::format("and {} more", spans.size() - shown));
  }

  void Exclude(const rules::Exclusion& exclusion, size_t indent) {
    Add(indent, fmt::format("excluded {}", Excerpt(document_, exclusion.span, marks_)));
    Add(indent, fmt::format("      by {}", Excerpt(document_, exclusion.by, marks_)));
  }

  // Whether a part that does not hold still has something to show.
  static bool HasSomething(const Explanation& why) {
    if (!why.excluded.empty() || !why.occurrences.empty() || !why.why.empty()) return true;
    return std::any_of(why.children.begin(), why.children.end(), HasSomething);
  }

  // What a part that holds has found.
  void Found(const Explanation& why, size_t indent) {
    if (why.op == Op::kNot || !why.holds) return;
    if (!why.occurrences.empty())
      return Add(indent, Excerpt(document_, why.occurrences.front(), marks_));
    for (const Explanation& child : why.children) Found(child, indent);
  }

  void FailingOr(const Explanation& why, size_t indent) {
    Add(indent, fmt::format("no operand of {} holds", Label(why)));
    for (const Explanation& child : why.children) {
      if (!IsLeaf(child) && HasSomething(child)) Failing(child, indent + 2);
    }
  }

  void FailingProximity(const Explanation& why, size_t indent) {
    const Explanation& left = why.children[0];
    const Explanation& right = why.children[1];
    if (!left.holds) Failing(left, indent);
    if (!right.holds && why.op == Op::kNear) Failing(right, indent);
    if (!why.why.empty()) Add(indent, fmt::format("{}: {}", Label(why), why.why));
    if (why.op == Op::kNear && left.holds && right.holds) {
      Found(left, indent + 2);
      Found(right, indent + 2);
    }
    for (const rules::Exclusion& each : why.excluded) Exclude(each, indent + 2);
  }

  const rules::Document& document_;
  const Marks& marks_;
  std::string text_;
};

void AddSilentRefusals(const Explanation& why, std::string* text) {
  if (!why.holds) return;
  const bool refuses = why.op == Op::kNot || why.op == Op::kNotNear;
  if (refuses && why.excluded.empty()) *text += fmt::format("    did not fire: {}\n", Label(why));
  if (why.op == Op::kNot) return;
  for (const Explanation& child : why.children) AddSilentRefusals(child, text);
}

}  // namespace

std::string ShowExplanation(const Explanation& why, const rules::Document& document,
                            const Marks& marks) {
  View view(document, marks);
  view.Tree(why, 0);
  return view.Take();
}

std::string ShowFailing(const Explanation& why, const rules::Document& document,
                        const Marks& marks) {
  View view(document, marks);
  view.Failing(why, 4);
  return view.Take();
}

std::string ShowSilentRefusals(const Explanation& why) {
  std::string text;
  AddSilentRefusals(why, &text);
  return text;
}

}  // namespace tocsin
