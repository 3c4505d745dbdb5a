#include "pipeline/publish/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/publish/json_writer.h"

namespace tocsin {
namespace {

constexpr std::string_view kTopicMark = "{topic}";
constexpr std::string_view kRenamed = "src_";
constexpr std::string_view kUsable = "usable";  // the status that goes without saying
constexpr int64_t kMsYear10000 = 253'402'300'800'000;
constexpr size_t kOwnHeadersMax = 10;
// Of one piece of evidence: keys, numbers and a quote of mostly ASCII text.
constexpr size_t kEvidenceBytesTypical = 192;

constexpr std::array<std::string_view, rules::kFieldCount> kFieldNames = {"title", "lead", "body"};

std::string Expand(std::string_view pattern, std::string_view topic) {
  std::string expanded;
  for (;;) {
    const size_t mark = pattern.find(kTopicMark);
    expanded.append(pattern.substr(0, mark));
    if (mark == std::string_view::npos) return expanded;
    expanded.append(topic);
    pattern.remove_prefix(mark + kTopicMark.size());
  }
}

std::string PercentEncode(std::string_view segment) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char byte : segment) {
    if (kUnreserved.find(byte) != std::string_view::npos) {
      encoded.push_back(byte);
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return encoded;
}

std::optional<std::string> Rfc3339(int64_t timestamp_ms) {
  if (timestamp_ms < 0 || timestamp_ms >= kMsYear10000) return std::nullopt;
  const std::chrono::sys_time<std::chrono::milliseconds> time{
      std::chrono::milliseconds(timestamp_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  for (size_t i = 0; i < lower_prefix.size(); ++i) {
    const char byte = text[i];
    if ((byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte) != lower_prefix[i]) return false;
  }
  return true;
}

// Also names renamed before, so that two different names never become one.
bool WouldLie(std::string_view name) {
  while (name.starts_with(kRenamed)) name.remove_prefix(kRenamed.size());
  for (const std::string_view whole : {"content-type", "content-encoding"}) {
    if (name.size() == whole.size() && StartsWithIgnoringCase(name, whole)) return true;
  }
  return StartsWithIgnoringCase(name, "ce_") || StartsWithIgnoringCase(name, "tocsin_");
}

OutputHeader CopyHeader(const Header& header) {
  OutputHeader copy;
  if (WouldLie(header.name)) copy.name = kRenamed;
  copy.name.append(header.name);
  if (header.value) copy.value.emplace(*header.value);
  return copy;
}

std::optional<std::string> KeyOf(const Record& record, const Article& article) {
  if (record.key) return std::string(*record.key);
  if (!article.id.empty()) return std::string(article.id);
  return std::nullopt;
}

std::string ValuePrefix(const rules::Topic& topic, std::string_view ruleset) {
  std::string prefix = R"({"tocsin":{"schema_version":1,"topic":)";
  AppendJsonString(topic.name, &prefix);
  prefix += R"(,"codes":{)";
  for (const auto& [scheme, code] : topic.codes) {
    if (prefix.back() != '{') prefix += ',';
    AppendJsonString(scheme, &prefix);
    prefix += ':';
    AppendJsonString(code, &prefix);
  }
  prefix += R"(},"ruleset":)";
  AppendJsonString(ruleset, &prefix);
  prefix += R"(,"rules":[)";
  return prefix;
}

void AppendEvidence(std::string_view field, const rules::Quote& quote, std::string* value) {
  value->append(R"({"field":")").append(field).append(R"(","start":)");
  AppendJsonNumber(quote.start, value);
  value->append(R"(,"end":)");
  AppendJsonNumber(quote.end, value);
  value->append(R"(,"exact":)");
  AppendJsonString(quote.exact, value);
  value->append(R"(,"prefix":)");
  AppendJsonString(quote.prefix, value);
  value->append(R"(,"suffix":)");
  AppendJsonString(quote.suffix, value);
  value->push_back('}');
}

void AppendMember(std::string_view name, std::string_view text, std::string* value) {
  if (text.empty()) return;
  value->append(R"(,")").append(name).append(R"(":)");
  AppendJsonString(text, value);
}

}  // namespace

Encoder::Encoder(std::shared_ptr<const rules::RuleSet> rule_set, EncoderOptions options)
    : rule_set_(std::move(rule_set)),
      options_(std::move(options)),
      ce_source_prefix_("/tocsin/" + PercentEncode(options_.cluster) + "/") {
  for (const rules::Topic& topic : rule_set_->topics()) {
    plans_.push_back({.kafka_topic = Expand(options_.kafka_topic_template, topic.name),
                      .value_prefix = ValuePrefix(topic, rule_set_->version())});
  }
}

void Encoder::Encode(const Record& record, const Article& article, const rules::Matches& matches,
                     std::vector<OutputRecord>* out, Form form) {
  const bool is_withdrawn = IsWithdrawn(article.status);
  if (matches.rules.empty() && !is_withdrawn) return;
  for (int field = 0; field < rules::kFieldCount; ++field) {
    quoters_[field].Reset(article.document.Text(static_cast<rules::Field>(field)));
  }
  const std::span<const rules::Match> all(matches.rules);
  for (size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    const uint32_t topic = rule_set_->rules()[all[begin].rule].topic;
    bool stable = false;
    for (end = begin; end < all.size() && rule_set_->rules()[all[end].rule].topic == topic; ++end) {
      stable = stable || IsStable(all[end]);
    }
    if (!stable) continue;
    out->push_back(
        OutputOf(topic, record, article, matches, all.subspan(begin, end - begin), form));
  }
  if (is_withdrawn) EncodeWithdrawal(record, article, form, out);
}

// For each topic that it matches none of: what it said before is not known here.
void Encoder::EncodeWithdrawal(const Record& record, const Article& article, Form form,
                               std::vector<OutputRecord>* out) {
  const size_t matched = out->size();
  for (uint32_t topic = 0; topic < plans_.size(); ++topic) {
    const auto is_told = [&](const OutputRecord& output) {
      return output.kafka_topic == plans_[topic].kafka_topic;
    };
    if (std::any_of(out->begin(), out->begin() + static_cast<std::ptrdiff_t>(matched), is_told)) {
      continue;
    }
    out->push_back(OutputOf(topic, record, article, {}, {}, form));
  }
}

OutputRecord Encoder::OutputOf(uint32_t topic, const Record& record, const Article& article,
                               const rules::Matches& matches,
                               std::span<const rules::Match> of_topic, Form form) {
  OutputRecord output;
  output.kafka_topic = plans_[topic].kafka_topic;
  output.key = KeyOf(record, article);
  output.value = ValueOf(plans_[topic], record, article, matches, of_topic, form);
  output.headers = HeadersOf(topic, record, article.index, of_topic);
  if (form == Form::kTruncated) output.headers.push_back({"tocsin_truncated", "true"});
  output.timestamp_ms = record.timestamp_ms;
  return output;
}

void Encoder::EncodeTombstone(const Record& record, std::vector<OutputRecord>* out) {
  for (uint32_t topic = 0; topic < plans_.size(); ++topic) {
    OutputRecord& output = out->emplace_back();
    output.kafka_topic = plans_[topic].kafka_topic;
    if (record.key) output.key.emplace(*record.key);
    output.headers = HeadersOf(topic, record, 0, {});
    output.timestamp_ms = record.timestamp_ms;
  }
}

std::string Encoder::ValueOf(const TopicPlan& plan, const Record& record, const Article& article,
                             const rules::Matches& matches, std::span<const rules::Match> of_topic,
                             Form form) {
  if (form == Form::kTruncated) {
    std::string value = TagsOf(plan, article, matches, of_topic, 0);
    value.append(R"(,"truncated":true,"source":{"kafka_topic":)");
    AppendJsonString(record.kafka_topic, &value);
    value.append(R"(,"partition":)").append(std::to_string(record.partition));
    value.append(R"(,"offset":)").append(std::to_string(record.offset));
    if (!article.is_whole_record) {
      value.append(R"(,"article":)").append(std::to_string(article.index));
    }
    value.append("}}}");
    return value;
  }
  if (options_.format == EncoderOptions::Format::kPassthrough) {
    if (!article.is_whole_record) return std::string(article.json);
    return std::string(record.value.value_or(article.json));
  }
  std::string value = TagsOf(plan, article, matches, of_topic, article.json.size());
  value.append(R"(},"article":)").append(article.json).push_back('}');
  return value;
}

std::string Encoder::TagsOf(const TopicPlan& plan, const Article& article,
                            const rules::Matches& matches, std::span<const rules::Match> of_topic,
                            size_t bytes_to_come) {
  size_t evidence_count = 0;
  for (const rules::Match& match : of_topic) {
    evidence_count += match.evidence_end - match.evidence_begin;
  }
  std::string value;
  value.reserve(plan.value_prefix.size() + bytes_to_come +
                kEvidenceBytesTypical * (evidence_count + of_topic.size()));
  value += plan.value_prefix;
  for (const rules::Match& match : of_topic) {
    if (!IsStable(match)) continue;
    if (value.back() != '[') value += ',';
    AppendRule(match, matches, &value);
  }
  value += ']';
  AppendMember("mapping", article.mapping, &value);
  AppendMember("embargoed", article.embargoed, &value);
  if (article.status != kUsable) AppendMember("status", article.status, &value);
  return value;
}

void Encoder::AppendRule(const rules::Match& match, const rules::Matches& matches,
                         std::string* value) {
  value->append(R"({"id":)");
  AppendJsonString(rule_set_->rules()[match.rule].id, value);
  value->append(R"(,"hits":)");
  AppendJsonNumber(match.hits, value);
  value->append(R"(,"evidence":[)");
  for (const rules::Span& span : matches.Evidence(match)) {
    if (value->back() != '[') value->push_back(',');
    const auto field = static_cast<size_t>(span.field);
    AppendEvidence(kFieldNames[field], quoters_[field].Cut(span.begin, span.end), value);
  }
  value->append("]}");
}

std::string Encoder::StableRuleIds(std::span<const rules::Match> of_topic) const {
  std::string ids;
  for (const rules::Match& match : of_topic) {
    if (!IsStable(match)) continue;
    if (!ids.empty()) ids += ',';
    ids += rule_set_->rules()[match.rule].id;
  }
  return ids;
}

std::vector<OutputHeader> Encoder::HeadersOf(uint32_t topic, const Record& record,
                                             size_t article_index,
                                             std::span<const rules::Match> of_topic) {
  const std::string& tag = rule_set_->topics()[topic].name;
  const std::span<const Header> from_input = record.headers.all();
  std::vector<OutputHeader> headers;
  headers.reserve(kOwnHeadersMax + from_input.size());
  headers.push_back({"ce_specversion", "1.0"});
  headers.push_back({"ce_id", event_ids_.Hash({.cluster = options_.cluster,
                                               .kafka_topic = record.kafka_topic,
                                               .partition = record.partition,
                                               .offset = record.offset,
                                               .article_index = article_index,
                                               .tag = tag})});
  headers.push_back({"ce_type", "tocsin.article.tagged"});
  headers.push_back({"ce_source", ce_source_prefix_ + std::string(record.kafka_topic)});
  if (std::optional<std::string> time = Rfc3339(record.timestamp_ms)) {
    headers.push_back({"ce_time", std::move(time)});
  }
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"tocsin_topic", tag});
  headers.push_back({"tocsin_ruleset", rule_set_->version()});
  if (options_.format == EncoderOptions::Format::kPassthrough) {
    headers.push_back({"tocsin_rules", StableRuleIds(of_topic)});
  }
  if (options_.is_backfill) headers.push_back({"tocsin_backfill", "true"});
  for (const Header& header : from_input) headers.push_back(CopyHeader(header));
  return headers;
}

bool Encoder::IsStable(const rules::Match& match) const {
  return rule_set_->rules()[match.rule].status == rules::RuleStatus::kStable;
}

}  // namespace tocsin
