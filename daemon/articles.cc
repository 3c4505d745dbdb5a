#include "daemon/articles.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(100);

}  // namespace

absl::Status ForEachLine(const FileSourceOptions& file,
                         absl::FunctionRef<absl::Status(int64_t, std::string_view)> visit) {
  ASSIGN_OR_RETURN(const auto source, FileSource::Open(file));
  RecordBatch batch;
  while (!source->exhausted()) {
    RETURN_IF_ERROR(source->Poll(kPoll, &batch));
    for (const Record& record : batch.records()) {
      RETURN_IF_ERROR(visit(record.offset + 1, record.value.value_or("")));
    }
  }
  return absl::OkStatus();
}

absl::Status ForEachReading(
    const FileSourceOptions& file, std::shared_ptr<const Mapping> mapping,
    absl::FunctionRef<absl::Status(int64_t, const absl::StatusOr<const Article*>&, const Decoder&)>
        visit) {
  Decoder decoder({.bytes_max = file.value_bytes_max});
  decoder.Use(std::move(mapping));
  return ForEachLine(file, [&](int64_t line, std::string_view text) -> absl::Status {
    const absl::StatusOr<size_t> count = decoder.Open(text);
    if (!count.ok()) return visit(line, count.status(), decoder);
    for (size_t i = 0; i < *count; ++i) RETURN_IF_ERROR(visit(line, decoder.Read(i), decoder));
    return absl::OkStatus();
  });
}

absl::Status ForEachArticle(const FileSourceOptions& file,
                            absl::FunctionRef<absl::Status(int64_t, const Article&)> visit) {
  int64_t bad = 0;
  RETURN_IF_ERROR(ForEachReading(
      file, Mapping::Flat(),
      [&](int64_t line, const absl::StatusOr<const Article*>& article, const Decoder&) {
        if (article.ok()) return visit(line, **article);
        ++bad;
        fmt::print(stderr, "{}:{}: {}\n", file.path, line, std::string(article.status().message()));
        return absl::OkStatus();
      }));
  if (bad == 0) return absl::OkStatus();
  return absl::DataLossError(fmt::format("{}: {} lines hold no article", file.path, bad));
}

}  // namespace tocsin
