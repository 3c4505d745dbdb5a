// Measures every stage and the hot path on one corpus; bench/README.md has the protocol.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include "bench/corpus.h"
#include "bench/machine.h"
#include "bench/reporter.h"
#include "bench/stages.h"
#include "bench/workload.h"
#include "rules/base/status_macros.h"
#include "rules/rule_set.h"

namespace tocsin::bench {
namespace {

struct Options {
  std::string corpus;
  std::string rules = TOCSIN_SOURCE_DIR "/rules/catalog";
  bool latency = false;
};

// The real articles if they are there.
std::string DefaultCorpus() {
  const char* const shared = std::getenv("TOCSIN_SHARED");
  const std::filesystem::path path =
      std::filesystem::path(shared != nullptr ? shared : TOCSIN_SOURCE_DIR "/../shared") /
      "corpora/articles.ndjson.zst";
  return std::filesystem::exists(path) ? path.lexically_normal().string() : "generated";
}

absl::StatusOr<Corpus> LoadCorpus(const Options& options) {
  constexpr std::string_view kGenerated = "generated";
  const std::string_view corpus = options.corpus;
  if (corpus == kGenerated) return GenerateCorpus({});
  if (!corpus.starts_with("generated:")) return ReadCorpus(options.corpus);
  const Language* const language = FindLanguage(corpus.substr(kGenerated.size() + 1));
  if (language != nullptr) return GenerateCorpus({.language = language});
  return absl::InvalidArgumentError(fmt::format("--corpus {}: one of ru, ar, zh", corpus));
}

void Describe(const Corpus& corpus, const Workload& articles, const Workload& war) {
  for (const auto& [name, value] : Machine()) benchmark::AddCustomContext(name, value);
  const rules::RuleSet& rule_set = *articles.rule_set;
  benchmark::AddCustomContext("corpus", corpus.origin);
  for (const Workload* const workload : {&articles, &war}) {
    benchmark::AddCustomContext(
        fmt::format("articles: {}", workload->name),
        fmt::format("{}, {} bytes of JSON, {} of text; {} rules hold, {} records out",
                    workload->works.size(), workload->json_bytes, workload->text_bytes,
                    workload->answer.scan.items, workload->answer.encode.items));
  }
  benchmark::AddCustomContext(
      "rule_set", fmt::format("{}, {} rules", rule_set.version(), rule_set.rules().size()));
}

absl::StatusOr<int> Run(const Options& options) {
  const std::string unfit = WhyUnfit();
  if (!unfit.empty()) return absl::FailedPreconditionError(unfit);
  ASSIGN_OR_RETURN(auto rule_set, rules::RuleSet::Load({options.rules}));
  ASSIGN_OR_RETURN(const Corpus corpus, LoadCorpus(options));
  ASSIGN_OR_RETURN(const Workload articles, Workload::Make("all", corpus, rule_set));
  const Workload war = articles.MatchingOnly("war");
  Describe(corpus, articles, war);
  for (const Workload* const workload : {&articles, &war}) {
    if (workload->works.empty()) continue;
    RegisterFloors(*workload);
    RegisterStages(*workload);
    RegisterHtml(*workload);
    RegisterHotPath(*workload);
    RegisterStories(*workload);
  }
  TableReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  for (const Workload* const workload : {&articles, &war}) {
    if (!options.latency || workload->works.empty()) continue;
    ASSIGN_OR_RETURN(const std::string latency, HotPathLatency(*workload));
    fmt::print("{}\n", latency);
  }
  return reporter.failures();
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tocsin::bench::Options options{.corpus = tocsin::bench::DefaultCorpus()};
  CLI::App app("Measures Tocsin's stages. Takes Google Benchmark's options too.");
  app.add_option("--corpus", options.corpus,
                 "NDJSON, plain or .zst; or: generated, generated:ru, :ar, :zh")
      ->capture_default_str();
  app.add_option("--rules", options.rules, "rule file or directory")->capture_default_str();
  app.add_flag("--latency", options.latency, "percentiles of the hot path an article, besides");
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<int> failures = tocsin::bench::Run(options);
  if (failures.ok()) return *failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  std::cerr << "tocsin_bench: " << std::string(failures.status().message()) << '\n';
  return EXIT_FAILURE;
}
