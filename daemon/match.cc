#include "daemon/match.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

#include "daemon/config.h"
#include "daemon/mappings.h"
#include "daemon/shipped.h"
#include "pipeline/article_handler.h"
#include "pipeline/match/matcher.h"
#include "pipeline/publish/encoder.h"
#include "pipeline/publish/ndjson_sink.h"
#include "pipeline/worker.h"
#include "rules/base/status_macros.h"

namespace tocsin {

absl::Status Match(const MatchOptions& options) {
  Config config;
  if (!options.config_path.empty()) {
    ASSIGN_OR_RETURN(config, LoadConfig(options.config_path));
  }
  ASSIGN_OR_RETURN(const auto rule_set,
                   LoadRules(options.rules.empty() ? config.rules : options.rules));
  ASSIGN_OR_RETURN(auto mapping, LoadMapping(options.mapping));
  ASSIGN_OR_RETURN(auto ignored, rules::IgnoredLines::Compile(config.ignore_lines));
  ASSIGN_OR_RETURN(const auto source,
                   FileSource::Open({.path = options.path,
                                     .format = options.format,
                                     .value_bytes_max = config.limits.bytes_max}));
  Counters counters;
  NdjsonSink sink(stdout, stderr, &counters);
  ASSIGN_OR_RETURN(Matcher matcher, Matcher::Create(rule_set, &counters, ignored));
  Encoder encoder(
      rule_set,
      {.cluster = "local", .kafka_topic_template = config.output, .format = config.format});
  Worker worker(
      {}, source.get(), &sink,
      std::make_unique<ArticleHandler>(
          ArticleOptions{.limits = config.limits, .mapping = std::move(mapping)}, &sink,
          RuleUse{.matcher = std::move(matcher),
                  .encoder = std::move(encoder),
                  .cross_check = CrossCheck::Create(rule_set, config.cross_check_per_million,
                                                    &counters, std::move(ignored))},
          &counters),
      &counters);
  RETURN_IF_ERROR(worker.Run({}));

  const uint64_t bad = counters.dead_lettered.Total();
  if (bad == 0) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("{} of {} records could not be processed", bad, counters.consumed.Total()));
}

}  // namespace tocsin
