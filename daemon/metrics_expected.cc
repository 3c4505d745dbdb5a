// The series of what has not happened yet: with 0 from the start, so that the first is an increase.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/metrics.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/notify/notify_handler.h"

namespace tocsin {
namespace {

// reasons: of dead letters, beside those of records that cannot be decoded.
void ExpectArticles(const std::vector<std::string>& input,
                    std::initializer_list<std::string_view> reasons, Counters* any) {
  for (const std::string& kafka_topic : input) {
    any->consumed.At({kafka_topic});
    any->deleted_unread.At({kafka_topic});
    any->consumed_bytes.At({kafka_topic});
    any->last_record_ms.At({kafka_topic});
    for (int i = 0; i < kBadRecordCount; ++i) {
      any->dead_lettered.At({kafka_topic, ReasonName(static_cast<BadRecord>(i))});
    }
    for (const std::string_view reason : reasons) any->dead_lettered.At({kafka_topic, reason});
  }
  for (const char* type : {"assigned", "revoked", "lost"}) any->rebalances.At({type});
}

}  // namespace

void Metrics::Expect(const Config& config, const rules::RuleSet& rule_set) {
  Counters& any = workers_->front();  // families are summed over all workers
  ExpectArticles(config.input, {"scan_failed", "refused", "tombstone"}, &any);
  std::vector<std::string> kafka_topics = OutputKafkaTopics(config, rule_set);
  kafka_topics.push_back(config.dead_letter);
  for (const std::string& kafka_topic : kafka_topics) {
    any.published.At({kafka_topic});
    any.published_bytes.At({kafka_topic});
  }
  for (const rules::Topic& topic : rule_set.topics()) any.matched_topics.At({topic.name});
  for (const rules::Rule& rule : rule_set.rules()) any.matched_rules.At({rule.id});
  if (config.cross_check_per_million == 0) return;
  for (const char* result : {"same", "different", "given_up"}) any.cross_checked.At({result});
  for (const rules::Rule& rule : rule_set.rules()) any.cross_check_differences.At({rule.id});
}

void Metrics::ExpectAlerts(const Config& config) {
  Counters& any = workers_->front();
  ExpectArticles(config.alert.input, {"not_published", "truncated", "unknown_mapping", "refused"},
                 &any);
  for (const std::string& kafka_topic :
       {config.alert.output, config.alert.state_kafka_topic, config.dead_letter}) {
    any.published.At({kafka_topic});
    any.published_bytes.At({kafka_topic});
  }
}

void Metrics::ExpectWebhooks(const Config& config) {
  Counters& any = workers_->front();
  for (const std::string& name : WebhookNames(config)) {
    for (const char* result : {"2xx", "3xx", "4xx", "5xx", "none"}) {
      any.webhook_posts.At({name, result});
    }
    for (const char* result : {"delivered", "dead_letter"}) any.webhook_alerts.At({name, result});
  }
  for (const std::string& kafka_topic : config.notify.kafka_topics) {
    any.consumed.At({kafka_topic});
    any.deleted_unread.At({kafka_topic});
    for (const std::string_view reason :
         {kNoCloudEvent, kWebhookRefused, kWebhookExpired, std::string_view("refused")}) {
      any.dead_lettered.At({kafka_topic, reason});
    }
  }
  for (const char* type : {"assigned", "revoked", "lost"}) any.rebalances.At({type});
  any.published.At({config.dead_letter});
}

}  // namespace tocsin
