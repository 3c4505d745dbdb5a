#include "bench/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "pipeline/decode/decoder.h"
#include "pipeline/decode/published.h"
#include "pipeline/publish/encoder.h"
#include "rules/base/status_macros.h"
#include "rules/compile/program.h"
#include "rules/scanner.h"
#include "rules/text/fold.h"

namespace tocsin::bench {
namespace {

constexpr size_t kFreshScannerEvery = 16;

bool IsAsciiAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// The folded stream of ASCII text, a byte at a time.
std::string NaiveFold(std::string_view text) {
  std::string folded = " ";
  for (const char c : text) {
    if (IsAsciiAlphanumeric(c)) {
      folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (folded.back() != ' ') {
      folded += ' ';
    }
  }
  if (folded.back() != ' ') folded += ' ';
  return folded;
}

bool NeedsEscape(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return c == '"' || c == '\\' || (c >= 0 && c < 0x20) || (c & 0x80) != 0;
  });
}

absl::Status CheckDecode(const Work& work) {
  // Mark-up is rendered as text.
  if (work.json.find('<') != std::string::npos) return absl::OkStatus();
  for (const std::string* const text : {&work.title, &work.lead, &work.body}) {
    if (!NeedsEscape(*text) && work.json.find(*text) == std::string::npos) {
      return absl::InternalError("decode: text that is not in the JSON");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFold(const Work& work) {
  for (const std::string* const text : {&work.title, &work.body}) {
    if (IsAscii(*text) && !text->empty() && rules::Fold(*text, work.language) != NaiveFold(*text)) {
      return absl::InternalError("fold: differs from the naive fold");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSpans(const Work& work) {
  for (const rules::Span& span : work.matches.evidence) {
    const std::string_view text = work.document().Text(span.field);
    if (span.begin >= span.end || span.end > text.size() ||
        rules::Fold(text.substr(span.begin, span.end - span.begin)).size() < 3) {
      return absl::InternalError("scan: evidence without a word");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFreshScanner(const Work& work,
                               const std::shared_ptr<const rules::RuleSet>& rule_set) {
  ASSIGN_OR_RETURN(rules::Scanner scanner, rules::Scanner::Create(rule_set));
  rules::Matches matches;
  RETURN_IF_ERROR(scanner.Scan(work.document(), &matches));
  const bool same_rules =
      std::equal(matches.rules.begin(), matches.rules.end(), work.matches.rules.begin(),
                 work.matches.rules.end(), [](const rules::Match& a, const rules::Match& b) {
                   return a.rule == b.rule && a.hits == b.hits && a.evidence_end == b.evidence_end;
                 });
  if (same_rules && matches.evidence == work.matches.evidence) return absl::OkStatus();
  return absl::InternalError("scan: depends on the articles before");
}

absl::Status CheckEncode(const Work& work, const rules::RuleSet& rule_set,
                         const std::vector<OutputRecord>& records) {
  size_t want = 0;
  for (const rules::Match& match : work.matches.rules) {
    const bool stable = rule_set.rules()[match.rule].status == rules::RuleStatus::kStable;
    if (stable) want += work.matches.Evidence(match).size();
  }
  size_t got = 0;
  for (const OutputRecord& record : records) {
    const std::string value = record.value.value_or("");
    ASSIGN_OR_RETURN(const Published published, DecodePublished(value));
    for (const PublishedRule& rule : published.rules) got += rule.evidence.size();
    if (value.find(work.json) == std::string::npos) {
      return absl::InternalError("encode: the article is not what was consumed");
    }
  }
  if (got == want) return absl::OkStatus();
  return absl::InternalError(fmt::format("encode: {} spans published of {}", got, want));
}

absl::Status CheckGenerated(const Corpus& corpus, const std::vector<Work>& works) {
  if (!corpus.must_match) return absl::OkStatus();
  for (size_t i = 0; i < works.size(); ++i) {
    const bool want = std::ranges::binary_search(*corpus.must_match, i);
    if (want == works[i].matches.rules.empty()) {
      return absl::InternalError(
          fmt::format("scan: generated article {} must {}match", i, want ? "" : "not "));
    }
  }
  return absl::OkStatus();
}

// Takes articles through every stage once, each stage on its own.
class Preparer {
 public:
  static absl::StatusOr<Preparer> Create(const std::shared_ptr<const rules::RuleSet>& rule_set) {
    ASSIGN_OR_RETURN(rules::Scanner scanner, rules::Scanner::Create(rule_set));
    Preparer preparer(rule_set, std::move(scanner));
    RETURN_IF_ERROR(preparer.triggers_->Prepare());
    return preparer;
  }

  absl::StatusOr<Work> Prepare(const std::string& json) {
    ASSIGN_OR_RETURN(const Article* article, decoder_.Decode(json));
    const rules::Document& document = article->document;
    Work work = {.json = json,
                 .title = std::string(document.title),
                 .lead = std::string(document.lead),
                 .body = std::string(document.body),
                 .language = std::string(document.language)};
    work.answer.decode = TallyOf(*article);
    RETURN_IF_ERROR(CheckDecode(work));

    folder_.Clear();
    for (const std::string* const text : {&work.title, &work.lead, &work.body}) {
      folder_.Append(*text, work.language);
    }
    work.answer.fold = {.items = 1, .bytes = folder_.stream().size()};
    RETURN_IF_ERROR(CheckFold(work));

    work.answer.tokens = triggers_->ReadTokens(work);
    ASSIGN_OR_RETURN(work.answer.triggers, triggers_->Find());

    RETURN_IF_ERROR(scanner_.Scan(document, &work.matches));
    work.answer.scan = TallyOf(work.matches);
    RETURN_IF_ERROR(CheckSpans(work));

    records_.clear();
    encoder_.Encode(RecordOf(work), *article, work.matches, &records_);
    work.answer.encode = TallyOf(records_);
    RETURN_IF_ERROR(CheckEncode(work, *rule_set_, records_));
    return work;
  }

 private:
  Preparer(const std::shared_ptr<const rules::RuleSet>& rule_set, rules::Scanner scanner)
      : rule_set_(rule_set),
        decoder_(DecodeLimits{}),
        triggers_(std::make_unique<TriggerStage>(rule_set->program())),
        scanner_(std::move(scanner)),
        encoder_(rule_set, {.cluster = "bench"}) {}

  std::shared_ptr<const rules::RuleSet> rule_set_;
  Decoder decoder_;
  rules::Folder folder_;
  std::unique_ptr<TriggerStage> triggers_;
  rules::Scanner scanner_;
  Encoder encoder_;
  std::vector<OutputRecord> records_;
};

}  // namespace

TriggerStage::TriggerStage(const rules::Program& program) : program_(program), search_(program) {}

absl::Status TriggerStage::Prepare() {
  return rules::GrowScratch(program_.keyless.database.get(), &scratch_);
}

Tally TriggerStage::ReadTokens(const Work& work) {
  folder_.Clear();
  size_t field = 0;
  for (const std::string* const text : {&work.title, &work.lead, &work.body}) {
    folder_.AppendTokens(*text, work.language);
    field_ends_[field++] = folder_.stream().size();
  }
  return Tally{.items = 1, .bytes = folder_.stream().size()};
}

absl::StatusOr<Tally> TriggerStage::Find() {
  search_.Find(folder_.stream());
  if (search_.HasKeyless()) {
    const auto article = rules::ArticleTokens::Of(&folder_, field_ends_);
    RETURN_IF_ERROR(search_.FindKeyless(article, scratch_.get()));
  }
  return Tally{.items = search_.rules().size(), .bytes = folder_.stream().size()};
}

Tally& Tally::operator+=(const Tally& other) {
  items += other.items;
  bytes += other.bytes;
  return *this;
}

absl::StatusOr<Workload> Workload::Make(std::string workload_name, const Corpus& corpus,
                                        std::shared_ptr<const rules::RuleSet> rule_set) {
  Workload workload;
  workload.name = std::move(workload_name);
  workload.rule_set = std::move(rule_set);
  ASSIGN_OR_RETURN(Preparer preparer, Preparer::Create(workload.rule_set));
  for (size_t i = 0; i < corpus.articles.size(); ++i) {
    absl::StatusOr<Work> work = preparer.Prepare(corpus.articles[i]);
    if (work.ok() && i % kFreshScannerEvery == 0) {
      const absl::Status same = CheckFreshScanner(*work, workload.rule_set);
      if (!same.ok()) work = same;
    }
    if (!work.ok()) {
      return absl::InternalError(
          fmt::format("article {}: {}", i, std::string(work.status().message())));
    }
    workload.Add(*std::move(work));
  }
  RETURN_IF_ERROR(CheckGenerated(corpus, workload.works));
  return workload;
}

Workload Workload::MatchingOnly(std::string workload_name) const {
  Workload matching;
  matching.name = std::move(workload_name);
  matching.rule_set = rule_set;
  for (const Work& work : works) {
    if (!work.matches.rules.empty()) matching.Add(work);
  }
  return matching;
}

void Workload::Add(Work work) {
  json_bytes += work.json.size();
  text_bytes += work.text_bytes();
  answer.decode += work.answer.decode;
  answer.fold += work.answer.fold;
  answer.tokens += work.answer.tokens;
  answer.triggers += work.answer.triggers;
  answer.scan += work.answer.scan;
  answer.encode += work.answer.encode;
  works.push_back(std::move(work));
}

Tally TallyOf(const Article& article) {
  const rules::Document& document = article.document;
  return {.items = 1, .bytes = document.title.size() + document.lead.size() + document.body.size()};
}

Tally TallyOf(const rules::Matches& matches) {
  return {.items = matches.rules.size(), .bytes = matches.evidence.size()};
}

Tally TallyOf(const std::vector<OutputRecord>& records) {
  Tally tally = {.items = records.size()};
  for (const OutputRecord& record : records) tally.bytes += record.value ? record.value->size() : 0;
  return tally;
}

Record RecordOf(const Work& work) {
  return {.kafka_topic = "news.raw", .value = work.json, .timestamp_ms = 1'763'726'400'000};
}

}  // namespace tocsin::bench
