// Records from a file or standard input, without a broker.
//
//   ASSIGN_OR_RETURN(auto source, FileSource::Open({.path = "-", .value_bytes_max = 1 << 20}));
//
// Shape     kNdjson: each line is a record; offset = line number - 1; the line feed is left out,
//           and an empty line is an empty value. kDocument: the whole file is one. kText: the whole file is one article, title the
//           first line, body the rest, wrapped as JSON. kafka_topic is the path, or "stdin";
//           partition 0.
// Units     value_bytes_max: what the decoder takes. Of a longer line one byte more is kept, enough
//           for the decoder to refuse it; the rest is skipped, so memory stays bounded.
// Errors    Open: NotFound, PermissionDenied. Poll: Unavailable when reading fails. Rewind:
//           FailedPrecondition.
#ifndef TOCSIN_PIPELINE_CONSUME_FILE_SOURCE_H_
#define TOCSIN_PIPELINE_CONSUME_FILE_SOURCE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/consume/source.h"

namespace tocsin {

struct FileSourceOptions {
  enum class Format : uint8_t { kNdjson, kDocument, kText };

  std::string path;  // "-": standard input
  Format format = Format::kNdjson;
  size_t value_bytes_max = size_t{1} << 20;
};

// {"title": <first line>, "body": <the rest>}; what is invalid UTF-8 stays so, for the decoder to
// refuse.
std::string WrapPlainText(std::string_view text);

class FileSource final : public Source {
 public:
  static absl::StatusOr<std::unique_ptr<FileSource>> Open(FileSourceOptions options);

  ~FileSource() override;

  void OnRevoke(RevokeHandler /*handler*/) override {}  // a file is never taken away
  absl::Status Poll(std::chrono::milliseconds timeout, RecordBatch* batch) override;
  absl::Status CommitOffsets(const Offsets& /*next*/) override { return absl::OkStatus(); }
  absl::StatusOr<GroupMembership> Membership() override {
    return absl::FailedPreconditionError("a file has no consumer group");
  }
  absl::Status Rewind() override;
  bool exhausted() const override { return exhausted_; }
  void Close() override;

 private:
  FileSource(FileSourceOptions options, int fd);

  void TakeLines(std::string_view chunk, RecordBatch* batch);
  void TakeAll(std::string_view chunk, RecordBatch* batch);
  void Keep(std::string_view bytes);  // up to one byte more than the decoder takes
  void Emit(std::string value, RecordBatch* batch);

  FileSourceOptions options_;
  std::string name_;
  int fd_;
  bool exhausted_ = false;
  int64_t offset_ = 0;
  bool line_open_ = false;  // a line has begun that no line feed has ended
  std::string pending_;     // of the line or text being read
  std::vector<char> chunk_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_CONSUME_FILE_SOURCE_H_
