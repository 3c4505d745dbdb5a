#include "pipeline/publish/ndjson_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

absl::Status Write(std::string_view bytes, std::FILE* file) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size()) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("writing output: {}", std::strerror(errno)));
}

}  // namespace

absl::Status NdjsonSink::Publish(const OutputRecord& output) {
  if (output.value) {
    // Between the tokens of a document of many lines: within a string JSON has none.
    std::string line = *output.value;
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    RETURN_IF_ERROR(Write(line, output_));
  }
  RETURN_IF_ERROR(Write("\n", output_));
  counters_->published.Add({output.kafka_topic}, 1);
  return absl::OkStatus();
}

absl::Status NdjsonSink::PublishDeadLetter(const Record& origin, const DeadLetter& why) {
  const std::string line = fmt::format("{}:{}: {}: {}\n", origin.kafka_topic, origin.offset + 1,
                                       why.reason, why.message);
  return Write(line, complaints_);
}

absl::Status NdjsonSink::Commit(Source& source, const Offsets& next) {
  if (std::fflush(output_) != 0) {
    return absl::UnavailableError(fmt::format("writing output: {}", std::strerror(errno)));
  }
  return source.CommitOffsets(next);
}

}  // namespace tocsin
