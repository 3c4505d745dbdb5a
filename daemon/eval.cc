#include "daemon/eval.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "daemon/articles.h"
#include "daemon/excerpt.h"
#include "pipeline/decode/labelled.h"
#include "pipeline/publish/json_writer.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"

namespace tocsin {
namespace {

constexpr size_t kTextBytesShown = 200;

struct Score {
  size_t tp = 0;
  size_t fp = 0;
  size_t fn = 0;
  size_t tn = 0;
  std::string false_positives;  // as shown
  std::string misses;

  static double Ratio(size_t good, size_t bad) {
    return good + bad == 0 ? 1.0 : static_cast<double>(good) / static_cast<double>(good + bad);
  }
  double precision() const { return Ratio(tp, fp); }
  double recall() const { return Ratio(tp, fn); }
  double f1() const {
    const double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }
  bool has_cases() const { return tp + fp + fn + tn > 0; }
  void Add(const Score& other) {
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
  }
};

std::string Shorten(const std::string& text) {
  std::string line = OnOneLine(text);
  if (line.size() <= kTextBytesShown) return line;
  size_t end = kTextBytesShown;
  while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end) + "…";
}

class Evaluation {
 public:
  Evaluation(rules::Scanner scanner, bool all, const Marks& marks)
      : scanner_(std::move(scanner)),
        all_(all),
        marks_(marks),
        scores_(scanner_.rule_set().topics().size()) {}

  absl::Status Add(int64_t line, const Labelled& row) {
    if (row.LabelOf("borderline").value_or(false) && !all_) return absl::OkStatus();
    const rules::Document document{.title = row.title, .body = row.text, .language = row.language};
    RETURN_IF_ERROR(scanner_.Scan(document, &matches_));
    ++rows_;
    const std::string id = row.id.empty() ? fmt::format("line {}", line) : row.id;
    for (uint32_t topic = 0; topic < scores_.size(); ++topic) {
      const auto label = row.LabelOf(scanner_.rule_set().topics()[topic].name);
      if (label) Count(topic, *label, id, document, row);
    }
    return absl::OkStatus();
  }

  // Of a file of another form nothing would be wrong.
  absl::Status CheckLabelled(const std::string& path) const {
    std::vector<std::string_view> topics;
    for (size_t topic = 0; topic < scores_.size(); ++topic) {
      if (scores_[topic].has_cases()) return absl::OkStatus();
      topics.push_back(scanner_.rule_set().topics()[topic].name);
    }
    return absl::DataLossError(
        fmt::format("{}: of {} rows none labels a topic of the rules ({}); a line is {}", path,
                    rows_, fmt::join(topics, ", "), kLabelledForm));
  }

  void Show(std::FILE* out) const {
    fmt::print(out, "{:<16}{:>10}{:>8}{:>8}{:>7}{:>6}{:>6}{:>7}\n", "topic", "precision", "recall",
               "F1", "tp", "fp", "fn", "tn");
    Score micro;
    for (size_t topic = 0; topic < scores_.size(); ++topic) {
      ShowScore(scanner_.rule_set().topics()[topic].name, scores_[topic], out);
      micro.Add(scores_[topic]);
    }
    ShowScore("all", micro, out);
    fmt::print(out, "{} rows, rule set {}\n", rows_, scanner_.rule_set().version());
    for (size_t topic = 0; topic < scores_.size(); ++topic) {
      const std::string& name = scanner_.rule_set().topics()[topic].name;
      if (scores_[topic].fp > 0)
        fmt::print(out, "\n{}: false positives\n{}", name, scores_[topic].false_positives);
      if (scores_[topic].fn > 0) fmt::print(out, "\n{}: misses\n{}", name, scores_[topic].misses);
    }
  }

  void ShowJson(std::FILE* out) const {
    std::string json = "{\"topics\":{";
    for (size_t topic = 0; topic < scores_.size(); ++topic) {
      const Score& score = scores_[topic];
      if (topic > 0) json += ',';
      AppendJsonString(scanner_.rule_set().topics()[topic].name, &json);
      json += fmt::format(
          R"(:{{"precision":{},"recall":{},"f1":{},"tp":{},"fp":{},"fn":{},"tn":{}}})",
          Measure(score, score.precision(), 6, "null"), Measure(score, score.recall(), 6, "null"),
          Measure(score, score.f1(), 6, "null"), score.tp, score.fp, score.fn, score.tn);
    }
    fmt::print(out, "{}}},\"rows\":{},\"ruleset\":\"{}\"}}\n", json, rows_,
               scanner_.rule_set().version());
  }

 private:
  static std::string Measure(const Score& score, double value, int digits, const char* none) {
    return score.has_cases() ? fmt::format("{:.{}f}", value, digits) : none;
  }

  static void ShowScore(const std::string& name, const Score& score, std::FILE* out) {
    fmt::print(out, "{:<16}{:>10}{:>8}{:>8}{:>7}{:>6}{:>6}{:>7}\n", name,
               Measure(score, score.precision(), 3, "-"), Measure(score, score.recall(), 3, "-"),
               Measure(score, score.f1(), 3, "-"), score.tp, score.fp, score.fn, score.tn);
  }

  void Count(uint32_t topic, bool label, const std::string& id, const rules::Document& document,
             const Labelled& row) {
    Score& score = scores_[topic];
    std::vector<std::string> rules;
    std::string evidence;
    for (const rules::Match& match : matches_.rules) {
      const rules::Rule& rule = scanner_.rule_set().rules()[match.rule];
      if (rule.topic != topic || rule.status != rules::RuleStatus::kStable) continue;
      rules.push_back(rule.id);
      for (const rules::Span& span : matches_.Evidence(match)) {
        evidence += fmt::format("      {}\n", Excerpt(document, span, marks_));
      }
    }
    const bool flagged = !rules.empty();
    ++(flagged ? (label ? score.tp : score.fp) : (label ? score.fn : score.tn));
    if (flagged && !label)
      score.false_positives += fmt::format("  {} {}\n{}", id, fmt::join(rules, ", "), evidence);
    if (!flagged && label) score.misses += fmt::format("  {} {}\n", id, Shorten(row.text));
  }

  rules::Scanner scanner_;
  bool all_;
  const Marks& marks_;
  std::vector<Score> scores_;  // by topic
  rules::Matches matches_;
  size_t rows_ = 0;
};

}  // namespace

absl::Status Eval(const EvalOptions& options, std::FILE* out) {
  ASSIGN_OR_RETURN(rules::Scanner scanner, LoadScanner(options.rules));
  const Marks marks = MarksFor(out);
  Evaluation evaluation(std::move(scanner), options.all, marks);
  RETURN_IF_ERROR(
      ForEachLine({.path = options.path}, [&](int64_t line, std::string_view text) -> absl::Status {
        if (text.empty()) return absl::OkStatus();
        const absl::StatusOr<Labelled> row = DecodeLabelled(text);
        if (row.ok()) return evaluation.Add(line, *row);
        return absl::DataLossError(
            fmt::format("{}:{}: {}", options.path, line, std::string(row.status().message())));
      }));
  RETURN_IF_ERROR(evaluation.CheckLabelled(options.path));
  if (options.json) {
    evaluation.ShowJson(out);
  } else {
    evaluation.Show(out);
  }
  return absl::OkStatus();
}

}  // namespace tocsin
