// What reading by a preset costs beside code written by hand for the same format (by_hand.h).
//
//   mapping_cost [ROUNDS]           both, interleaved: CPU time, and their ratio
//   mapping_cost ROUNDS webz hand   one alone, for callgrind: README.md says how
//
// By the preset: what a worker does for an article that no rule holds for. Before anything is
// measured, both must read the same of every article.
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "bench/by_hand.h"
#include "daemon/mappings.h"
#include "pipeline/decode/decoder.h"

namespace tocsin::bench {
namespace {

constexpr int kRepeats = 15;
constexpr size_t kSentences = 50;  // 4 kB, as the mean of real bodies

struct Format {
  std::string preset;
  std::string json;
  HandDecoder::Format by_hand;
};

std::string Body(std::string_view line_break) {
  std::string body;
  for (size_t i = 0; i < kSentences; ++i) {
    body += fmt::format(
        "Sentence number {} says that talks went on in the capital until late, and ", i);
    body += i % 4 == 3 ? line_break : "on. ";
  }
  return body;
}

std::string EventRegistryAnswer(std::string_view body) {
  std::string answer = R"({"articles":{"results":[)";
  for (int i = 0; i < 10; ++i) {
    answer += fmt::format(
        R"({}{{"uri":"837291550{}","lang":"eng","isDuplicate":false,"date":"2026-11-20","time":"08:00:00","dateTime":"2026-11-20T08:00:00Z","dateTimePub":"2026-11-20T07:58:00Z","dataType":"news","sim":0.76,"url":"https://example.com/{}","title":"Talks go on","body":"{}","source":{{"uri":"example.com","dataType":"news","title":"Example"}},"authors":[{{"uri":"a_b@example.com","name":"A B","type":"author","isAgency":false}}],"image":"https://example.com/i.jpg","eventUri":"eng-1","sentiment":-0.2,"wgt":501321480,"relevance":70}})",
        i == 0 ? "" : ",", i, i, body);
  }
  return answer + R"(],"totalResults":812,"page":1,"count":10,"pages":82}})";
}

std::vector<Format> Formats() {
  const std::string body = Body("on.\\n");
  const std::string html = "<p>" + Body("on.</p><p>") + "</p>";
  std::string newsapi = R"({"status":"ok","totalResults":20,"articles":[)";
  for (int i = 0; i < 20; ++i) {
    newsapi += fmt::format(
        R"({}{{"source":{{"id":null,"name":"Example"}},"author":"Staff","title":"What next for the talks as they enter their {} week? - Example","description":"Correspondents find one side downbeat and the other buoyant as the numbers fail to narrow, day {} of them.","url":"https://www.example.com/news/articles/c4nn8k23zlqo{}","urlToImage":"https://images.example.com/news/1024/branded_news/c4nn/live/{}.jpg","publishedAt":"2026-11-20T08:00:00Z","content":"The moods of the two main parties do not tell us what will happen when the talks end. \r\nBut as we pass the middle of them, what they do tell is of interest: how they think that it is going, and wh… [+7098 chars]"}})",
        i == 0 ? "" : ",", i, i, i, i);
  }
  return {
      {"flat",
       R"({"id":"a-1","title":"Talks go on","body":")" + body +
           R"(","url":"https://example.com/1","published_at":"2026-11-20T08:00:00Z","source":"Example","language":"en"})",
       &HandDecoder::Flat},
      {"ninjs",
       R"({"uri":"urn:x:1","version":"2","versionCreated":"2026-11-20T08:00:00Z","pubStatus":"usable","urgency":4,"copyrightHolder":"X","language":"en","headlines":[{"role":"main","value":"Talks go on"},{"role":"sub","value":"Until late"}],"subjects":[{"name":"a","literal":"1"},{"name":"b","literal":"2"},{"name":"c","literal":"3"}],"bodies":[{"role":"html","contentType":"text/html","value":")" +
           html + R"("},{"role":"text","contentType":"text/plain","value":")" + body +
           R"("}],"infoSources":[{"name":"Example Wire"}]})",
       &HandDecoder::Ninjs},
      {"schema-org",
       R"({"@context":"https://schema.org","@graph":[{"@type":"WebPage","@id":"https://example.com/1","name":"Page"},{"@type":"Organization","name":"Example","logo":{"@type":"ImageObject","url":"https://example.com/l.png"}},{"@type":"NewsArticle","@id":"https://example.com/1#a","headline":"Talks go on","description":"Until late","datePublished":"2026-11-20T08:00:00Z","inLanguage":"en","keywords":["a","b","c"],"publisher":{"@type":"Organization","name":"Example"},"url":"https://example.com/1","articleBody":")" +
           body + R"("}]})",
       &HandDecoder::SchemaOrg},
      {"webz",
       R"({"thread":{"uuid":"u","url":"https://example.com/1","site_full":"example.com","site":"example.com","country":"GB","title":"Talks go on","published":"2026-11-20T10:00:00.000+02:00"},"uuid":"u1","url":"https://example.com/1","ord_in_thread":0,"author":"Staff","published":"2026-11-20T10:00:00.000+02:00","title":"Talks go on","text":")" +
           body +
           R"(","language":"english","sentiment":"negative","categories":["War"],"entities":{"persons":[],"organizations":[{"name":"X"}],"locations":[]},"crawled":"2026-11-20T10:00:00.000+02:00"})",
       &HandDecoder::Webz},
      {"news-please",
       R"({"authors":["A B"],"date_download":"2026-11-20 09:00:00","date_modify":null,"date_publish":"2026-11-20 08:00:00","description":"Until late","filename":"f.json","image_url":"https://example.com/i.jpg","language":"en","localpath":null,"maintext":")" +
           body +
           R"(","source_domain":"example.com","text":null,"title":"Talks go on","title_page":null,"title_rss":null,"url":"https://example.com/1"})",
       &HandDecoder::NewsPlease},
      {"trafilatura",
       R"({"title":"Talks go on","author":"A B","hostname":"example.com","date":"2026-11-20","fingerprint":"abc","id":null,"license":null,"comments":"","raw_text":")" +
           body + R"(","text":")" + body +
           R"(","language":null,"image":null,"pagetype":"article","filedate":"2026-11-20","source":"https://example.com/1","source-hostname":"Example","excerpt":"Until late","categories":"","tags":""})",
       &HandDecoder::Trafilatura},
      {"newsapi", newsapi + "]}", &HandDecoder::NewsApi},
      {"event-registry", EventRegistryAnswer(body), &HandDecoder::EventRegistry},
  };
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// All that is read of an article, to compare.
std::string Describe(const Article& article) {
  const rules::Document& document = article.document;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", article.id,
                     article.version, article.url, article.source, article.published_at,
                     article.embargoed, article.status, document.title, document.lead,
                     document.body, document.language, article.mapping);
}

// Kept apart from all else, so that callgrind can count it alone. False: it failed.
[[gnu::noinline]] bool ReadByHand(const Format& format, int rounds, HandDecoder* decoder) {
  size_t bytes = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto seen = [&](const Article& article) { bytes += article.document.title.size(); };
    if (!decoder->Decode(format.json, format.by_hand, seen).ok()) return false;
  }
  return bytes > 0;
}

[[gnu::noinline]] bool ReadByPreset(const Format& format, int rounds, Decoder* decoder) {
  size_t bytes = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto count = decoder->Open(format.json);
    if (!count.ok()) return false;
    for (size_t at = 0; at < *count; ++at) {
      const auto article = decoder->ReadText(at);
      if (!article.ok()) return false;
      bytes += (*article)->document.title.size();
    }
  }
  return bytes > 0;
}

bool AreAlike(const Format& format, HandDecoder* hand, Decoder* preset) {
  std::string by_hand;
  const auto seen = [&](const Article& article) { by_hand += Describe(article); };
  std::string by_preset;
  const auto count = preset->Open(format.json);
  if (!hand->Decode(format.json, format.by_hand, seen).ok() || !count.ok()) return false;
  for (size_t at = 0; at < *count; ++at) {
    const auto article = preset->ReadText(at);
    if (!article.ok()) return false;
    by_preset += Describe(**article);
  }
  return by_hand == by_preset && !by_hand.empty();
}

bool Measure(const Format& format, int rounds, std::string_view way, Decoder* decoder) {
  HandDecoder by_hand;
  if (!AreAlike(format, &by_hand, decoder)) return false;
  std::vector<double> hand;
  std::vector<double> preset;
  std::vector<double> ratios;
  for (int i = 0; i < (way.empty() ? kRepeats : 1); ++i) {
    const double begin = CpuSeconds();
    if (way != "preset" && !ReadByHand(format, rounds, &by_hand)) return false;
    const double middle = CpuSeconds();
    if (way != "hand" && !ReadByPreset(format, rounds, decoder)) return false;
    const double end = CpuSeconds();
    hand.push_back((middle - begin) / rounds * 1e6);
    preset.push_back((end - middle) / rounds * 1e6);
    ratios.push_back((end - middle) / (middle - begin));
  }
  fmt::print("{:<12} {:>6} bytes  by hand {:6.2f} µs  preset {:6.2f} µs  ratio {:.2f}\n",
             format.preset, format.json.size(), Median(hand), Median(preset), Median(ratios));
  return true;
}

int Run(int rounds, std::string_view only, std::string_view way) {
  for (const Format& format : Formats()) {
    if (!only.empty() && only != format.preset) continue;
    Decoder decoder({});
    const auto mapping = LoadMapping(format.preset);
    if (!mapping.ok()) {
      fmt::print(stderr, "{}\n", std::string(mapping.status().message()));
      return EXIT_FAILURE;
    }
    decoder.Use(*mapping);
    if (!Measure(format, rounds, way, &decoder)) {
      fmt::print(stderr, "{}: read wrongly, or not alike\n", format.preset);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  int rounds = 2000;
  if (argc > 1 && !absl::SimpleAtoi(argv[1], &rounds)) {
    fmt::print(stderr, "mapping_cost: {}: how many rounds?\n", argv[1]);
    return EXIT_FAILURE;
  }
  return tocsin::bench::Run(rounds, argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "");
}
