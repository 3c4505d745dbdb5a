#include "bench/corpus.h"

#include <fmt/format.h>
#include <zstd.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string_view>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

// Bytes of a body at these shares of real news: 71,000 articles; the last is short of their
// maximum, which one article in so many would make weigh too much.
struct Quantile {
  double share;
  double bytes;
};
constexpr std::array<Quantile, 6> kBodyBytes = {
    {{0.0, 120}, {0.1, 488}, {0.5, 3171}, {0.9, 8231}, {0.99, 20255}, {1.0, 40000}}};

constexpr std::array<std::string_view, 96> kWords = {
    "the",      "of",       "and",     "to",       "in",       "a",         "that",      "was",
    "for",      "on",       "said",    "with",     "by",       "from",      "it",        "has",
    "at",       "an",       "its",     "which",    "after",    "more",      "year",      "over",
    "week",     "people",   "their",   "local",    "council",  "residents", "market",    "prices",
    "rose",     "percent",  "since",   "spring",   "weather",  "rain",      "river",     "bridge",
    "station",  "train",    "morning", "library",  "museum",   "garden",    "harvest",   "wheat",
    "market's", "report",   "study",   "research", "found",    "children",  "families",  "house",
    "street",   "mayor",    "voters",  "season",   "team",     "won",       "game",      "second",
    "half",     "minutes",  "company", "quarter",  "revenue",  "sales",     "growth",    "jobs",
    "workers",  "factory",  "machine", "software", "network",  "data",      "customers", "service",
    "hospital", "patients", "health",  "vaccine",  "doctor",   "winter",    "mountain",  "village",
    "road",     "traffic",  "light",   "music",    "festival", "summer",    "water",     "energy"};

constexpr std::array<std::string_view, 3> kMatching = {
    "The army and the rebels agreed on a ceasefire that begins at midnight.",
    "The oil pipeline crosses three provinces.",
    "The European Union imposed sanctions on six banks."};
constexpr std::array<std::string_view, 2> kMisleading = {
    "Our sales pipeline is full.", "The court-sanctioned settlement ends the case."};
constexpr double kMatchingShare = 0.04;
constexpr double kMisleadingShare = 0.02;

class Generator {
 public:
  explicit Generator(const GeneratorOptions& options)
      : language_(options.language), engine_(options.seed) {}

  // Distributions of the standard library differ from one library to the next.
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  template <typename Container>
  auto Pick(const Container& from) {
    return from[static_cast<size_t>(Uniform() * static_cast<double>(from.size()))];
  }

  size_t BodyBytes() {
    const double share = Uniform();
    size_t i = 1;
    while (i + 1 < kBodyBytes.size() && share >= kBodyBytes[i].share) ++i;
    const auto [low_share, low] = kBodyBytes[i - 1];
    const auto [high_share, high] = kBodyBytes[i];
    const double at = (share - low_share) / (high_share - low_share);
    return static_cast<size_t>(low * std::pow(high / low, at));
  }

  // Half of the articles are typeset, as half of real ones are: their quotes and dashes are not
  // ASCII.
  std::string Sentence(bool typeset) {
    if (language_ != nullptr) return std::string(Pick(language_->neutral));
    std::string sentence;
    const auto words = static_cast<size_t>(6 + Uniform() * 24);
    for (size_t i = 0; i < words; ++i) {
      if (i > 0) sentence += Separator(typeset);
      sentence += Pick(kWords);
    }
    sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    sentence += '.';
    if (Uniform() > 0.1) return sentence;
    return typeset ? "“" + sentence + "”" : "\\\"" + sentence + "\\\"";
  }

  // Between sentences.
  std::string_view space() const { return language_ != nullptr ? language_->separator : " "; }

 private:
  std::string_view Separator(bool typeset) {
    const double share = Uniform();
    if (share < 0.05) return ", ";
    if (share < 0.06) return typeset ? " – " : " - ";
    return " ";
  }

  const Language* language_;
  std::mt19937_64 engine_;
};

// The text of a body, already escaped for JSON, `planted` in its middle.
std::string Body(Generator* generator, std::string_view planted) {
  const size_t bytes = generator->BodyBytes();
  const bool typeset = generator->Uniform() < 0.5;
  std::string body;
  while (body.size() < bytes) {
    if (!body.empty()) body += generator->Uniform() < 0.3 ? "\\n\\n" : generator->space();
    if (!planted.empty() && body.size() >= bytes / 2) {
      body += std::exchange(planted, {});
      body += generator->space();
    }
    body += generator->Sentence(typeset);
  }
  if (!planted.empty()) body.append(generator->space()).append(planted);
  return body;
}

absl::StatusOr<std::string> Decompress(std::string_view compressed, const std::string& path) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream);
  std::string plain;
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in = {compressed.data(), compressed.size(), 0};
  size_t left = 1;
  while (in.pos < in.size) {
    ZSTD_outBuffer out = {chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(left)) {
      return absl::DataLossError(fmt::format("{}: {}", path, ZSTD_getErrorName(left)));
    }
    plain.append(chunk, 0, out.pos);
  }
  if (left != 0) return absl::DataLossError(fmt::format("{}: ends in mid-frame", path));
  return plain;
}

}  // namespace

absl::StatusOr<Corpus> ReadCorpus(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(fmt::format("{}: cannot be opened", path));
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (path.ends_with(".zst")) {
    ASSIGN_OR_RETURN(text, Decompress(text, path));
  }
  Corpus corpus = {.origin = path};
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) corpus.articles.emplace_back(text, begin, end - begin);
    begin = end + 1;
  }
  if (corpus.articles.empty()) return absl::DataLossError(fmt::format("{}: no articles", path));
  return corpus;
}

Corpus GenerateCorpus(const GeneratorOptions& options) {
  const Language* const language = options.language;
  const std::string_view tag = language != nullptr ? language->tag : "en";
  Corpus corpus = {.origin = fmt::format("generated, {}, seed {}", tag, options.seed)};
  Generator generator(options);
  std::vector<size_t> must_match;
  for (size_t i = 0; i < options.articles; ++i) {
    const double share = generator.Uniform();
    std::string_view planted;
    if (share < kMatchingShare) {
      must_match.push_back(i);
      planted =
          language != nullptr ? generator.Pick(language->matching) : generator.Pick(kMatching);
    } else if (language == nullptr && share < kMatchingShare + kMisleadingShare) {
      planted = generator.Pick(kMisleading);
    }
    corpus.articles.push_back(fmt::format(
        R"({{"id": "generated:{}", "title": "{}", "body": "{}", "url": null, "published_at": "2026-11-21T12:00:00Z", "source": "Generated", "language": "{}"}})",
        i, generator.Sentence(false), Body(&generator, planted), tag));
  }
  corpus.must_match = std::move(must_match);
  return corpus;
}

}  // namespace tocsin::bench
