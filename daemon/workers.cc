#include "daemon/workers.h"

#include <string>
#include <utility>

#include "daemon/client_settings.h"
#include "daemon/mappings.h"
#include "pipeline/consume/kafka_source.h"
#include "pipeline/match/matcher.h"
#include "pipeline/publish/at_least_once_sink.h"
#include "pipeline/publish/encoder.h"
#include "pipeline/publish/exactly_once_sink.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

absl::StatusOr<std::unique_ptr<Sink>> ConnectSink(const Config& config, ProducerOptions options,
                                                  int task_id, Counters* counters) {
  if (config.delivery == Delivery::kAtLeastOnce) {
    return AtLeastOnceSink::Connect(std::move(options), config.dead_letter, counters);
  }
  ASSIGN_OR_RETURN(options.transactional_id, TransactionalId(config, std::to_string(task_id)));
  return ExactlyOnceSink::Connect(std::move(options), config.dead_letter, counters);
}

absl::StatusOr<RuleUse> UseOf(const Config& config,
                              const std::shared_ptr<const rules::RuleSet>& rule_set,
                              bool is_backfill, Counters* counters) {
  ASSIGN_OR_RETURN(auto ignored, rules::IgnoredLines::Compile(config.ignore_lines));
  ASSIGN_OR_RETURN(Matcher matcher, Matcher::Create(rule_set, counters, ignored));
  return RuleUse{.matcher = std::move(matcher),
                 .encoder = Encoder(rule_set, {.cluster = config.cluster,
                                               .kafka_topic_template = config.output,
                                               .format = config.format,
                                               .is_backfill = is_backfill}),
                 .cross_check = CrossCheck::Create(rule_set, config.cross_check_per_million,
                                                   counters, std::move(ignored))};
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaWorkers>> KafkaWorkers::Connect(
    const Config& config, const std::shared_ptr<const rules::RuleSet>& rule_set,
    std::vector<Counters>* counters, const Backfill* backfill) {
  std::unique_ptr<KafkaWorkers> workers(new KafkaWorkers(config, backfill != nullptr));
  if (backfill != nullptr && backfill->records_per_second > 0) {
    workers->rate_limit_ = std::make_unique<RateLimit>(backfill->records_per_second);
  }
  for (int task_id = 0; task_id < config.workers; ++task_id) {
    RETURN_IF_ERROR(workers->ConnectOne(rule_set, backfill, task_id, &counters->at(task_id)));
  }
  return workers;
}

absl::Status KafkaWorkers::ConnectOne(const std::shared_ptr<const rules::RuleSet>& rule_set,
                                      const Backfill* backfill, int task_id, Counters* counters) {
  const Config& config = config_;
  auto member = std::make_unique<WorkerGroup::Member>();
  member->counters = counters;
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  KafkaSourceOptions source{
      .client = client, .kafka_topics = config.input, .rate_limit = rate_limit_.get()};
  if (backfill != nullptr) {
    source.window.emplace(backfill->extents, backfill->from_ms, backfill->to_ms);
  }
  ASSIGN_OR_RETURN(member->source, KafkaSource::Connect(std::move(source), counters));
  std::vector<std::string> kafka_topics = OutputKafkaTopics(config, *rule_set);
  kafka_topics.push_back(config.dead_letter);
  ASSIGN_OR_RETURN(member->sink, ConnectSink(config,
                                             {.client = client,
                                              .kafka_topics = std::move(kafka_topics),
                                              .transactional_id = ""},
                                             task_id, counters));
  ASSIGN_OR_RETURN(RuleUse use, UseOf(config, rule_set, is_backfill_, counters));
  ASSIGN_OR_RETURN(Mappings mappings, LoadMappings(config.mappings));
  auto handler = std::make_unique<ArticleHandler>(ArticleOptions{.task_id = task_id,
                                                                 .on_error = config.on_error,
                                                                 .on_tombstone = config.tombstones,
                                                                 .limits = config.limits,
                                                                 .mappings = std::move(mappings)},
                                                  member->sink.get(), std::move(use), counters);
  handlers_.push_back(handler.get());
  member->worker = std::make_unique<Worker>(
      WorkerOptions{.task_id = task_id,
                    .commit_interval = config.commit_interval,
                    .commit_records_max = config.commit_records_max,
                    .commit_bytes_max = config.commit_bytes_max},
      member->source.get(), member->sink.get(), std::move(handler), counters);
  group_.Add(std::move(member));
  return absl::OkStatus();
}

absl::Status KafkaWorkers::UseFromNowOn(const std::shared_ptr<const rules::RuleSet>& rule_set) {
  std::vector<RuleUse> uses;
  uses.reserve(handlers_.size());
  for (const auto& member : group_.members()) {
    ASSIGN_OR_RETURN(RuleUse use, UseOf(config_, rule_set, is_backfill_, member->counters));
    uses.push_back(std::move(use));
  }
  for (size_t i = 0; i < handlers_.size(); ++i) handlers_[i]->Offer(std::move(uses[i]));
  return absl::OkStatus();
}

}  // namespace tocsin
