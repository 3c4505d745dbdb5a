// What the rules see of an article, and what they say of it.
//
//   Document document{.title = "Truce holds", .body = "Both sides ...", .language = "en"};
//   Matches matches;
//   RETURN_IF_ERROR(scanner.Scan(document, &matches));
//   for (const Match& match : matches.rules)
//     for (const Span& span : matches.Evidence(match)) ...
//
// Shape     fields are the rendering (DESIGN §4): valid UTF-8, any may be empty.
// Units     Span::begin, end: bytes of the field's rendering, end exclusive.
//           pipeline/publish turns them into code points (rules/text/quote.h).
// Lifetime  a Document views text that it does not own; Matches owns what it holds.
#ifndef TOCSIN_RULES_DOCUMENT_H_
#define TOCSIN_RULES_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::rules {

enum class Field : uint8_t { kTitle, kLead, kBody };
inline constexpr int kFieldCount = 3;

struct Document {
  std::string_view title;
  std::string_view lead;
  std::string_view body;
  std::string_view language;  // BCP 47; empty when unknown

  std::string_view Text(Field field) const {
    return field == Field::kTitle ? title : field == Field::kLead ? lead : body;
  }
};

struct Span {
  Field field;
  uint32_t begin;
  uint32_t end;
  friend auto operator<=>(const Span&, const Span&) = default;
};

// One rule that holds. Its evidence is a slice of Matches::evidence, at most 32 spans, in reading
// order.
struct Match {
  uint32_t rule;  // index into RuleSet::rules()
  uint32_t hits;  // all spans, also those beyond the 32 kept
  uint32_t evidence_begin;
  uint32_t evidence_end;
};

struct Matches {
  std::vector<Match> rules;  // ascending by rule index, so grouped by topic
  std::vector<Span> evidence;

  std::span<const Span> Evidence(const Match& match) const {
    return std::span(evidence).subspan(match.evidence_begin,
                                       match.evidence_end - match.evidence_begin);
  }
  void Clear() {
    rules.clear();
    evidence.clear();
  }
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_DOCUMENT_H_
