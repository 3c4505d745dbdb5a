#include "pipeline/consume/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tocsin {
namespace {

constexpr size_t kChunkBytes = size_t{256} << 10;

void AppendJsonString(std::string_view text, std::string* json) {
  json->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json->push_back('\\');
      json->push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      json->append(fmt::format("\\u{:04x}", static_cast<int>(c)));
    } else {
      json->push_back(c);
    }
  }
  json->push_back('"');
}

absl::Status OpenError(const std::string& path, int code) {
  const std::string what = fmt::format("{}: {}", path, std::strerror(code));
  return code == EACCES ? absl::PermissionDeniedError(what) : absl::NotFoundError(what);
}

}  // namespace

std::string WrapPlainText(std::string_view text) {
  const size_t line_end = std::min(text.find('\n'), text.size());
  std::string_view title = text.substr(0, line_end);
  if (title.ends_with('\r')) title.remove_suffix(1);
  const std::string_view body = text.substr(std::min(line_end + 1, text.size()));
  std::string json = R"({"title":)";
  AppendJsonString(title, &json);
  json += R"(,"body":)";
  AppendJsonString(body, &json);
  json += '}';
  return json;
}

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Open(FileSourceOptions options) {
  int fd = STDIN_FILENO;
  if (options.path != "-") {
    fd = open(options.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return OpenError(options.path, errno);
  }
  return std::unique_ptr<FileSource>(new FileSource(std::move(options), fd));
}

FileSource::FileSource(FileSourceOptions options, int fd)
    : options_(std::move(options)),
      name_(options_.path == "-" ? "stdin" : options_.path),
      fd_(fd),
      chunk_(kChunkBytes) {}

FileSource::~FileSource() { Close(); }

void FileSource::Close() {
  if (fd_ > STDIN_FILENO) close(fd_);
  fd_ = -1;
}

absl::Status FileSource::Rewind() {
  return absl::FailedPreconditionError(fmt::format("{}: cannot be read again", name_));
}

absl::Status FileSource::Poll(std::chrono::milliseconds timeout, RecordBatch* batch) {
  batch->Clear();
  // Waiting apart from reading lets a slow pipe's output be flushed in time.
  pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, static_cast<int>(timeout.count())) == 0) return absl::OkStatus();
  const ssize_t size = read(fd_, chunk_.data(), chunk_.size());
  if (size < 0) {
    if (errno == EINTR || errno == EAGAIN) return absl::OkStatus();
    return absl::UnavailableError(fmt::format("{}: {}", name_, std::strerror(errno)));
  }
  exhausted_ = size == 0;
  const std::string_view chunk(chunk_.data(), static_cast<size_t>(size));
  if (options_.format == FileSourceOptions::Format::kNdjson) {
    TakeLines(chunk, batch);
  } else {
    TakeAll(chunk, batch);
  }
  return absl::OkStatus();
}

void FileSource::TakeLines(std::string_view chunk, RecordBatch* batch) {
  while (!chunk.empty()) {
    const size_t line_end = chunk.find('\n');
    Keep(chunk.substr(0, line_end));
    line_open_ = line_end == std::string_view::npos;
    if (line_open_) return;
    Emit(std::exchange(pending_, {}), batch);
    chunk.remove_prefix(line_end + 1);
  }
  if (exhausted_ && line_open_) Emit(std::exchange(pending_, {}), batch);
}

void FileSource::TakeAll(std::string_view chunk, RecordBatch* batch) {
  Keep(chunk);
  if (!exhausted_) return;
  std::string all = std::exchange(pending_, {});
  const bool is_text = options_.format == FileSourceOptions::Format::kText;
  Emit(is_text ? WrapPlainText(all) : std::move(all), batch);
}

void FileSource::Keep(std::string_view bytes) {
  const size_t room = options_.value_bytes_max + 1 - pending_.size();
  pending_.append(bytes.substr(0, room));
}

void FileSource::Emit(std::string value, RecordBatch* batch) {
  auto owner = std::make_unique<std::string>(std::move(value));
  const Record record{.kafka_topic = name_,
                      .partition = 0,
                      .offset = offset_++,
                      .key = std::nullopt,
                      .value = *owner,
                      .headers = {},
                      .timestamp_ms = -1};
  batch->Append(record, RecordBatch::Bytes(owner.release(), [](void* bytes) {
                  delete static_cast<std::string*>(bytes);
                }));
}

}  // namespace tocsin
