// What reading by a preset costs beside hand-written field access to the same parsed document.
//
//   mapping_cost [ROUNDS]           both, interleaved: CPU time, and their ratio
//   mapping_cost ROUNDS webz hand   one alone, for callgrind
//
// By the preset: what a worker does for an article that no rule holds for. By hand: the same parse
// with the same validation, each field by its key, and the same work on values: time and language
// normalised, and the body looked at for HTML where nothing tells its type.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/mappings.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/decode/html_text.h"
#include "pipeline/decode/json_parser.h"
#include "pipeline/decode/values/languages.h"
#include "pipeline/decode/values/times.h"

namespace tocsin::bench {
namespace {

namespace dom = simdjson::dom;

constexpr int kRepeats = 15;
constexpr size_t kSentences = 40;  // 3.2 kB: the median body is 3.2 kB

// The values that every decoder would have to read, however it finds them.
size_t ReadValues(const simdjson::simdjson_result<dom::element>& published,
                  const simdjson::simdjson_result<dom::element>& language,
                  std::initializer_list<simdjson::simdjson_result<dom::element>> bodies) {
  std::string_view text;
  TimeText time;
  LanguageText tag;
  size_t bytes = 0;
  if (published.get(text) == simdjson::SUCCESS && ReadTime(text, &time)) bytes += time.size;
  if (language.get(text) == simdjson::SUCCESS && ReadLanguage(text, &tag)) bytes += tag.size;
  for (const auto& body : bodies) {
    if (body.get(text) == simdjson::SUCCESS && !LooksLikeHtml(text)) bytes += text.size();
  }
  return bytes;
}

struct Format {
  std::string preset;
  std::string json;
  size_t (*by_hand)(const dom::element& root);  // bytes of text read
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

size_t SizeOf(const simdjson::simdjson_result<dom::element>& found) {
  std::string_view text;
  return found.get(text) == simdjson::SUCCESS ? text.size() : 0;
}

bool Is(const simdjson::simdjson_result<dom::element>& found, std::string_view want) {
  std::string_view text;
  return found.get(text) == simdjson::SUCCESS && text == want;
}

size_t ByKeys(const dom::element& value, std::initializer_list<std::string_view> keys) {
  size_t bytes = 0;
  for (const std::string_view key : keys) bytes += SizeOf(value[key]);
  return bytes;
}

size_t FlatByHand(const dom::element& root) {
  return ByKeys(root, {"id", "title", "url", "source", "version", "status", "embargoed",
                       "content_type"}) +
         ReadValues(root["published_at"], root["language"], {root["lead"], root["body"]});
}

size_t WebzByHand(const dom::element& root) {
  return ByKeys(root, {"uuid", "title", "url"}) + SizeOf(root["thread"]["site_full"]) +
         ReadValues(root["published"], root["language"], {root["text"]});
}

size_t NewsPleaseByHand(const dom::element& root) {
  return ByKeys(root, {"filename", "title", "source_domain", "url"}) +
         ReadValues(root["date_publish"], root["language"],
                    {root["description"], root["maintext"]});
}

size_t TrafilaturaByHand(const dom::element& root) {
  return ByKeys(root, {"fingerprint", "title", "source-hostname", "source"}) +
         ReadValues(root["date"], root["language"], {root["excerpt"], root["text"]});
}

size_t NinjsByHand(const dom::element& root) {
  size_t bytes = ByKeys(root, {"uri", "version", "pubStatus", "embargoed"});
  dom::array list;
  if (root["headlines"].get(list) == simdjson::SUCCESS) {
    for (const dom::element each : list) {
      if (Is(each["role"], "main")) bytes += SizeOf(each["value"]);
    }
  }
  if (root["bodies"].get(list) == simdjson::SUCCESS) {
    for (const dom::element each : list) {
      if (Is(each["contentType"], "text/plain")) bytes += SizeOf(each["value"]);
    }
  }
  return bytes + SizeOf(root["infoSources"].at(0)["name"]) +
         ReadValues(root["versionCreated"], root["language"], {});
}

size_t SchemaOrgByHand(const dom::element& root) {
  size_t bytes = 0;
  dom::array graph;
  if (root["@graph"].get(graph) != simdjson::SUCCESS) return 0;
  for (const dom::element each : graph) {
    if (!Is(each["@type"], "NewsArticle")) continue;
    bytes += ByKeys(each, {"@id", "headline", "url"}) + SizeOf(each["publisher"]["name"]) +
             ReadValues(each["datePublished"], each["inLanguage"],
                        {each["description"], each["articleBody"]});
  }
  return bytes;
}

size_t NewsApiByHand(const dom::element& root) {
  size_t bytes = 0;
  dom::array articles;
  if (root["articles"].get(articles) != simdjson::SUCCESS) return 0;
  for (const dom::element each : articles) {
    bytes +=
        ByKeys(each, {"title", "url"}) + SizeOf(each["source"]["name"]) +
        ReadValues(each["publishedAt"], each["language"], {each["description"], each["content"]});
  }
  return bytes;
}

std::vector<Format> Formats() {
  const std::string body = Body("on.\\n");
  const std::string html = "<p>" + Body("on.</p><p>") + "</p>";
  std::string newsapi = R"({"status":"ok","totalResults":20,"articles":[)";
  for (int i = 0; i < 20; ++i) {
    newsapi += fmt::format(
        R"({}{{"source":{{"id":null,"name":"Example"}},"author":null,"title":"Title {} of the day","description":"What it says in a line or two of text, and who said so.","url":"https://example.com/{}","urlToImage":"https://example.com/i/{}.jpg","publishedAt":"2026-11-20T08:00:00Z","content":"The first two hundred characters of what the article says are all that there is of its text, which then breaks off in the middle of a sentence that nobody will… [+4000 chars]"}})",
        i == 0 ? "" : ",", i, i, i);
  }
  return {
      {"flat",
       R"({"id":"a-1","title":"Talks go on","body":")" + body +
           R"(","url":"https://example.com/1","published_at":"2026-11-20T08:00:00Z","source":"Example","language":"en"})",
       &FlatByHand},
      {"ninjs",
       R"({"uri":"urn:x:1","version":"2","versionCreated":"2026-11-20T08:00:00Z","pubStatus":"usable","urgency":4,"copyrightHolder":"X","language":"en","headlines":[{"role":"main","value":"Talks go on"},{"role":"sub","value":"Until late"}],"subjects":[{"name":"a","literal":"1"},{"name":"b","literal":"2"},{"name":"c","literal":"3"}],"bodies":[{"role":"html","contentType":"text/html","value":")" +
           html + R"("},{"role":"text","contentType":"text/plain","value":")" + body +
           R"("}],"infoSources":[{"name":"Example Wire"}]})",
       &NinjsByHand},
      {"schema-org",
       R"({"@context":"https://schema.org","@graph":[{"@type":"WebPage","@id":"https://example.com/1","name":"Page"},{"@type":"Organization","name":"Example","logo":{"@type":"ImageObject","url":"https://example.com/l.png"}},{"@type":"NewsArticle","@id":"https://example.com/1#a","headline":"Talks go on","description":"Until late","datePublished":"2026-11-20T08:00:00Z","inLanguage":"en","keywords":["a","b","c"],"publisher":{"@type":"Organization","name":"Example"},"url":"https://example.com/1","articleBody":")" +
           body + R"("}]})",
       &SchemaOrgByHand},
      {"webz",
       R"({"thread":{"uuid":"u","url":"https://example.com/1","site_full":"example.com","site":"example.com","country":"GB","title":"Talks go on","published":"2026-11-20T10:00:00.000+02:00"},"uuid":"u1","url":"https://example.com/1","ord_in_thread":0,"author":"Staff","published":"2026-11-20T10:00:00.000+02:00","title":"Talks go on","text":")" +
           body +
           R"(","language":"english","sentiment":"negative","categories":["War"],"entities":{"persons":[],"organizations":[{"name":"X"}],"locations":[]},"crawled":"2026-11-20T10:00:00.000+02:00"})",
       &WebzByHand},
      {"news-please",
       R"({"authors":["A B"],"date_download":"2026-11-20 09:00:00","date_modify":null,"date_publish":"2026-11-20 08:00:00","description":"Until late","filename":"f.json","image_url":"https://example.com/i.jpg","language":"en","localpath":null,"maintext":")" +
           body +
           R"(","source_domain":"example.com","text":null,"title":"Talks go on","title_page":null,"title_rss":null,"url":"https://example.com/1"})",
       &NewsPleaseByHand},
      {"trafilatura",
       R"({"title":"Talks go on","author":"A B","hostname":"example.com","date":"2026-11-20","fingerprint":"abc","id":null,"license":null,"comments":"","raw_text":")" +
           body + R"(","text":")" + body +
           R"(","language":null,"image":null,"pagetype":"article","filedate":"2026-11-20","source":"https://example.com/1","source-hostname":"Example","excerpt":"Until late","categories":"","tags":""})",
       &TrafilaturaByHand},
      {"newsapi", newsapi + "]}", &NewsApiByHand},
  };
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// One of the two ways, over and over. False: it failed.
bool ReadByHand(const Format& format, int rounds, JsonParser* parser) {
  size_t bytes = 0;
  for (int i = 0; i < rounds; ++i) {
    dom::element root;
    if (!parser->Parse(format.json, 0, &root).ok()) return false;
    bytes += format.by_hand(root);
  }
  return bytes > 0;
}

bool ReadByPreset(const Format& format, int rounds, Decoder* decoder) {
  for (int i = 0; i < rounds; ++i) {
    const auto count = decoder->Open(format.json);
    if (!count.ok() || *count == 0) return false;
    for (size_t article = 0; article < *count; ++article) {
      if (!decoder->ReadText(article).ok()) return false;
    }
  }
  return true;
}

int Run(int rounds, std::string_view only, std::string_view way) {
  for (const Format& format : Formats()) {
    if (!only.empty() && only != format.preset) continue;
    JsonParser parser({});
    Decoder decoder({});
    const auto mapping = LoadMapping(format.preset);
    if (!mapping.ok()) {
      fmt::print(stderr, "{}\n", std::string(mapping.status().message()));
      return EXIT_FAILURE;
    }
    decoder.Use(*mapping);
    if (!ReadByPreset(format, 1, &decoder)) return EXIT_FAILURE;  // tables are made once
    std::vector<double> hand;
    std::vector<double> preset;
    std::vector<double> ratios;
    for (int i = 0; i < (way.empty() ? kRepeats : 1); ++i) {
      const double begin = CpuSeconds();
      if (way != "preset" && !ReadByHand(format, rounds, &parser)) return EXIT_FAILURE;
      const double middle = CpuSeconds();
      if (way != "hand" && !ReadByPreset(format, rounds, &decoder)) return EXIT_FAILURE;
      const double end = CpuSeconds();
      hand.push_back((middle - begin) / rounds * 1e6);
      preset.push_back((end - middle) / rounds * 1e6);
      ratios.push_back((end - middle) / (middle - begin));
    }
    fmt::print("{:<12} {:>6} bytes  by hand {:6.2f} µs  preset {:6.2f} µs  ratio {:.2f}\n",
               format.preset, format.json.size(), Median(hand), Median(preset), Median(ratios));
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  return tocsin::bench::Run(argc > 1 ? std::atoi(argv[1]) : 2000, argc > 2 ? argv[2] : "",
                            argc > 3 ? argv[3] : "");
}
