#include "daemon/diff.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "daemon/articles.h"
#include "daemon/command_rules.h"
#include "daemon/excerpt.h"
#include "pipeline/publish/json_writer.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"
#include "rules/text/quote.h"

namespace tocsin {
namespace {

// An article that one of the two finds: kept shown, since its text does not last.
struct Change {
  std::string shown;
  std::string json;
};

struct RuleChange {
  size_t old_count = 0;
  size_t new_count = 0;
  size_t gained_count = 0;
  size_t lost_count = 0;
  std::vector<Change> gained;  // the first kChangesShown
  std::vector<Change> lost;
};

using Found = std::map<std::string_view, const rules::Match*>;  // by rule id

// One of the two rule sets over the article at hand.
class Side {
 public:
  explicit Side(rules::Scanner scanner) : scanner_(std::move(scanner)) {}

  absl::StatusOr<Found> Scan(const rules::Document& document) {
    RETURN_IF_ERROR(scanner_.Scan(document, &matches_));
    Found found;
    for (const rules::Match& match : matches_.rules)
      found.emplace(rule_set().rules()[match.rule].id, &match);
    return found;
  }

  const rules::RuleSet& rule_set() const { return scanner_.rule_set(); }
  const rules::Matches& matches() const { return matches_; }

 private:
  rules::Scanner scanner_;
  rules::Matches matches_;
};

class Comparison {
 public:
  Comparison(Side before, Side after, const Marks& marks)
      : before_(std::move(before)), after_(std::move(after)), marks_(marks) {
    for (const Side* side : {&before_, &after_}) {
      for (const rules::Rule& rule : side->rule_set().rules()) changes_[rule.id];
    }
  }

  absl::Status Add(int64_t line, const Article& article) {
    ++articles_;
    ASSIGN_OR_RETURN(const Found before, before_.Scan(article.document));
    ASSIGN_OR_RETURN(const Found after, after_.Scan(article.document));
    for (const auto& [id, match] : before) {
      RuleChange& change = changes_.find(id)->second;
      ++change.old_count;
      if (after.contains(id)) continue;
      ++change.lost_count;
      if (change.lost.size() < kChangesShown)
        change.lost.push_back(ToChange(line, article, before_, *match));
    }
    for (const auto& [id, match] : after) {
      RuleChange& change = changes_.find(id)->second;
      ++change.new_count;
      if (before.contains(id)) continue;
      ++change.gained_count;
      if (change.gained.size() < kChangesShown)
        change.gained.push_back(ToChange(line, article, after_, *match));
    }
    return absl::OkStatus();
  }

  void Show(std::FILE* out) const {
    fmt::print(out, "{:<32}{:>8}{:>8}{:>8}{:>8}\n", "rule", "old", "new", "gained", "lost");
    for (const auto& [id, change] : changes_) {
      fmt::print(out, "{:<32}{:>8}{:>8}{:>8}{:>8}\n", id, change.old_count, change.new_count,
                 change.gained_count, change.lost_count);
    }
    fmt::print(out, "{} articles; rule sets {} and {}\n", articles_, before_.rule_set().version(),
               after_.rule_set().version());
    for (const auto& [id, change] : changes_) {
      ShowAll(fmt::format("{} gains", id), change.gained, change.gained_count, out);
      ShowAll(fmt::format("{} loses", id), change.lost, change.lost_count, out);
    }
  }

  void ShowJson(std::FILE* out) const {
    std::string json = fmt::format(R"({{"articles":{},"old":"{}","new":"{}","rules":{{)", articles_,
                                   before_.rule_set().version(), after_.rule_set().version());
    bool is_first = true;
    for (const auto& [id, change] : changes_) {
      if (!std::exchange(is_first, false)) json += ',';
      AppendJsonString(id, &json);
      json +=
          fmt::format(R"(:{{"old":{},"new":{},"gained":{},"lost":{},"articles_gained":[)",
                      change.old_count, change.new_count, change.gained_count, change.lost_count);
      AppendAll(change.gained, &json);
      json += "],\"articles_lost\":[";
      AppendAll(change.lost, &json);
      json += "]}";
    }
    fmt::print(out, "{}}}}}\n", json);
  }

 private:
  Change ToChange(int64_t line, const Article& article, const Side& side,
                  const rules::Match& match) const {
    const rules::Document& document = article.document;
    Change change{
        .shown = fmt::format("  line {} {} {}\n", line, article.id, OnOneLine(document.title)),
        .json = fmt::format(R"({{"line":{},"id":)", line)};
    AppendJsonString(article.id, &change.json);
    change.json += ",\"title\":";
    AppendJsonString(document.title, &change.json);
    change.json += ",\"evidence\":[";
    bool is_first = true;
    for (const rules::Span& span : side.matches().Evidence(match)) {
      change.shown += fmt::format("    {}\n", Excerpt(document, span, marks_));
      if (!std::exchange(is_first, false)) change.json += ',';
      AppendEvidence(document, span, &change.json);
    }
    change.json += "]}";
    return change;
  }

  static void AppendEvidence(const rules::Document& document, const rules::Span& span,
                             std::string* json) {
    rules::Quoter quoter;
    quoter.Reset(document.Text(span.field));
    const rules::Quote quote = quoter.Cut(span.begin, span.end);
    *json += fmt::format(R"({{"field":"{}","start":{},"end":{})", FieldName(span.field),
                         quote.start, quote.end);
    for (const auto& [key, text] :
         {std::pair("exact", quote.exact), std::pair("prefix", quote.prefix),
          std::pair("suffix", quote.suffix)}) {
      *json += fmt::format(",\"{}\":", key);
      AppendJsonString(text, json);
    }
    *json += '}';
  }

  static void AppendAll(const std::vector<Change>& changes, std::string* json) {
    for (size_t i = 0; i < changes.size(); ++i) {
      if (i > 0) *json += ',';
      *json += changes[i].json;
    }
  }

  static void ShowAll(const std::string& what, const std::vector<Change>& changes, size_t count,
                      std::FILE* out) {
    if (changes.empty()) return;
    fmt::print(out, "\n{}\n", what);
    for (const Change& change : changes) fmt::print(out, "{}", change.shown);
    if (count > changes.size()) fmt::print(out, "  and {} more\n", count - changes.size());
  }

  Side before_;
  Side after_;
  const Marks& marks_;
  std::map<std::string, RuleChange, std::less<>> changes_;  // by rule id
  size_t articles_ = 0;
};

}  // namespace

absl::Status Diff(const DiffOptions& options, std::FILE* out) {
  ASSIGN_OR_RETURN(rules::Scanner before, LoadScanner({options.old_rules, options.config_path}));
  ASSIGN_OR_RETURN(rules::Scanner after, LoadScanner({options.new_rules, options.config_path}));
  const Marks marks = MarksFor(out);
  Comparison comparison(Side(std::move(before)), Side(std::move(after)), marks);
  const absl::Status read = ForEachArticle(
      {.path = options.path},
      [&](int64_t line, const Article& article) { return comparison.Add(line, article); });
  // Lines that hold no article do not spoil the others; anything else leaves half an answer.
  if (!read.ok() && !absl::IsDataLoss(read)) return read;
  if (options.json) {
    comparison.ShowJson(out);
  } else {
    comparison.Show(out);
  }
  return read;
}

}  // namespace tocsin
