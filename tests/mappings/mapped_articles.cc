// Prints the articles of a file as a mapping reads them: JSON, one article a line, absent fields
// left out; for a bad one {"error": reason}.
//
//   mapped_articles MAPPING json|document FILE
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "daemon/articles.h"
#include "daemon/mappings.h"
#include "pipeline/publish/json_writer.h"

namespace {

void Add(std::string_view name, std::string_view value, std::string* line) {
  if (value.empty()) return;
  if (line->size() > 1) line->push_back(',');
  tocsin::AppendJsonString(name, line);
  line->push_back(':');
  tocsin::AppendJsonString(value, line);
}

std::string LineOf(const absl::StatusOr<const tocsin::Article*>& read) {
  std::string line = "{";
  if (read.ok()) {
    const tocsin::Article& article = **read;
    Add("id", article.id, &line);
    Add("version", article.version, &line);
    Add("title", article.document.title, &line);
    Add("lead", article.document.lead, &line);
    Add("body", article.document.body, &line);
    Add("language", article.document.language, &line);
    Add("published", article.published_at, &line);
    Add("source", article.source, &line);
    Add("url", article.url, &line);
    Add("embargoed", article.embargoed, &line);
    Add("status", article.status, &line);
  } else {
    Add("error", tocsin::ReasonName(tocsin::ReasonOf(read.status())), &line);
  }
  return line + "}";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto mapping = tocsin::LoadMapping(argv[1]);
  if (!mapping.ok()) {
    std::cerr << mapping.status() << '\n';
    return 1;
  }
  const bool is_document = std::string_view(argv[2]) == "document";
  const tocsin::FileSourceOptions file{.path = argv[3],
                                       .format = is_document
                                                     ? tocsin::FileSourceOptions::Format::kDocument
                                                     : tocsin::FileSourceOptions::Format::kNdjson};
  const absl::Status status = tocsin::ForEachReading(
      file, *mapping,
      [](int64_t /*line*/, const absl::StatusOr<const tocsin::Article*>& article,
         const tocsin::Decoder& /*decoder*/) {
        std::cout << LineOf(article) << '\n';
        return absl::OkStatus();
      });
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
