// The articles that the benchmarks run on, one JSON document each.
//
//   ASSIGN_OR_RETURN(const Corpus corpus, ReadCorpus("articles.ndjson.zst"));
//   const Corpus corpus = GenerateCorpus({.seed = 1, .articles = 4000});
//   const Corpus russian = GenerateCorpus({.language = FindLanguage("ru")});
//
// Shape     ReadCorpus: NDJSON, plain or compressed by Zstandard; empty lines are left out.
//           GenerateCorpus: English prose of our own words, or sentences of another language; bodies
//           of the size distribution of real news, 4 % with a sentence that must match and, in
//           English, 2 % with one that must not. The same seed gives the same bytes everywhere.
// Errors    NotFound, DataLoss (truncated or no Zstandard).
#ifndef TOCSIN_BENCH_CORPUS_H_
#define TOCSIN_BENCH_CORPUS_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/languages.h"

namespace tocsin::bench {

struct Corpus {
  std::string origin;  // for the report: the file, or how it was generated
  std::vector<std::string> articles;
  std::optional<std::vector<size_t>> must_match;  // the only articles that do, ascending, if known
};

struct GeneratorOptions {
  uint64_t seed = 1;
  size_t articles = 4000;
  const Language* language = nullptr;  // English
};

absl::StatusOr<Corpus> ReadCorpus(const std::string& path);
Corpus GenerateCorpus(const GeneratorOptions& options);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_CORPUS_H_
