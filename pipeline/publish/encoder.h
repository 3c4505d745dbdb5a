// Matches of an article as records to publish: one for each topic with a stable match (DESIGN §7).
//
//   Encoder encoder(rule_set, {.cluster = "eu-1"});
//   std::vector<OutputRecord> out;
//   encoder.Encode(record, *article, matches, &out);
//
// Shape     out: appended to, ascending by topic name. Experimental rules are never published.
//           key: the record's (null differs from empty); without one the article's id, else none.
//           headers: ce_*, content-type, tocsin_topic, tocsin_ruleset (passthrough: tocsin_rules
//           too), then the record's own in order, duplicates and nulls kept. Those that would lie
//           on the output (ce_*, tocsin_*, content-type, content-encoding, in any letter case)
//           become src_…, and those of an earlier round src_src_…
//           ce_source: /tocsin/<cluster>/<Kafka topic of the record>.
//           ce_time: the record's timestamp; absent when it has none. timestamp: the record's.
//           passthrough without a value in the record, or of one of its articles: the article's
//           json.
//           envelope: `mapping` unless the article is of the flat form, `embargoed`, and `status`
//           where it is not usable.
//           truncated, for an article that no broker would take whole: in either format the
//           envelope with `"truncated":true` and where the article is, `"source":{kafka_topic,
//           partition, offset}`, and of several articles in a record `article`, its index,
//           instead of `article`; and the header tocsin_truncated: true.
//           of a backfill: the header tocsin_backfill: true; ce_id as of the first time.
//           A tombstone that is passed on: key and headers like an article's, no value; one for
//           every topic.
// Units     start, end in the value: Unicode code points of the field's rendering, end exclusive.
// Cost      nothing without a match; else one copy of the article and one SHA-256 a topic.
// Errors    none: an article that decoded and matched can be encoded.
// Threads   one Encoder a thread; many may share a RuleSet.
// Lifetime  an Encoder keeps its RuleSet alive. matches: from a Scanner of the same RuleSet.
#ifndef TOCSIN_PIPELINE_PUBLISH_ENCODER_H_
#define TOCSIN_PIPELINE_PUBLISH_ENCODER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipeline/decode/article.h"
#include "pipeline/publish/event_id.h"
#include "pipeline/record.h"
#include "rules/document.h"
#include "rules/rule_set.h"
#include "rules/text/quote.h"

namespace tocsin {

struct EncoderOptions {
  enum class Format : uint8_t { kEnvelope, kPassthrough };

  std::string cluster;
  std::string kafka_topic_template = "news.{topic}";  // every "{topic}" is replaced
  Format format = Format::kEnvelope;
  bool is_backfill = false;
};

class Encoder {
 public:
  Encoder(std::shared_ptr<const rules::RuleSet> rule_set, EncoderOptions options);

  enum class Form : uint8_t { kWhole, kTruncated };

  void Encode(const Record& record, const Article& article, const rules::Matches& matches,
              std::vector<OutputRecord>* out, Form form = Form::kWhole);

  void EncodeTombstone(const Record& record, std::vector<OutputRecord>* out);

 private:
  // What depends on the topic alone, made once.
  struct TopicPlan {
    std::string kafka_topic;
    std::string value_prefix;  // of the envelope, up to the first rule
  };

  void EncodeWithdrawal(const Record& record, const Article& article, Form form,
                        std::vector<OutputRecord>* out);
  OutputRecord OutputOf(uint32_t topic, const Record& record, const Article& article,
                        const rules::Matches& matches, std::span<const rules::Match> of_topic,
                        Form form);
  std::string ValueOf(const TopicPlan& plan, const Record& record, const Article& article,
                      const rules::Matches& matches, std::span<const rules::Match> of_topic,
                      Form form);
  // Up to the end of "tocsin", which what follows closes.
  std::string TagsOf(const TopicPlan& plan, const Article& article, const rules::Matches& matches,
                     std::span<const rules::Match> of_topic, size_t bytes_to_come);
  void AppendRule(const rules::Match& match, const rules::Matches& matches, std::string* value);
  std::string StableRuleIds(std::span<const rules::Match> of_topic) const;
  std::vector<OutputHeader> HeadersOf(uint32_t topic, const Record& record, size_t article_index,
                                      std::span<const rules::Match> of_topic);
  bool IsStable(const rules::Match& match) const;

  std::shared_ptr<const rules::RuleSet> rule_set_;
  EncoderOptions options_;
  std::string ce_source_prefix_;
  std::vector<TopicPlan> plans_;  // by RuleSet::topics()
  std::array<rules::Quoter, rules::kFieldCount> quoters_;
  EventIdHasher event_ids_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_ENCODER_H_
