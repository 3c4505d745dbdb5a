#include "pipeline/decode/payload.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/decode/bad_record.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kRecordSeparator = '\x1E';
constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";
constexpr int kZstdWindowLogMax = 23;

absl::Status BadEncoding(const std::string& message) {
  return Bad(BadRecord::kBadEncoding, message);
}

struct ZstdFree {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class Inflater {
 public:
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (is_open_) inflateEnd(&stream_);
  }

  // The stream, at the beginning of a gzip member; null where there is no memory.
  z_stream* Begin() {
    constexpr int kGzipWindowBits = 15 + 16;
    const int result = is_open_ ? inflateReset(&stream_) : inflateInit2(&stream_, kGzipWindowBits);
    is_open_ = is_open_ || result == Z_OK;
    return result == Z_OK ? &stream_ : nullptr;
  }

 private:
  z_stream stream_{};
  bool is_open_ = false;
};

enum class Coding : uint8_t { kIdentity, kGzip, kZstd };

absl::StatusOr<Coding> CodingOf(std::string_view content_encoding) {
  if (content_encoding.empty()) return Coding::kIdentity;
  constexpr std::string_view kSpace = " \t";
  constexpr size_t kNameBytesMax = 64;
  const size_t begin =
      std::min(content_encoding.find_first_not_of(kSpace), content_encoding.size());
  std::string name(
      content_encoding.substr(begin, content_encoding.find_last_not_of(kSpace) + 1 - begin));
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  if (name.empty() || name == "identity") return Coding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return Coding::kGzip;
  if (name == "zstd") return Coding::kZstd;
  name.resize(std::min(name.size(), kNameBytesMax));
  for (char& c : name) c = c >= ' ' && c <= '~' ? c : '?';
  if (name.find(',') != std::string::npos) {
    return BadEncoding(
        fmt::format("content-encoding `{}`: encodings one inside the other are not read, only one "
                    "of gzip, zstd",
                    name));
  }
  return BadEncoding(
      fmt::format("content-encoding `{}` is not read, only gzip, zstd and identity", name));
}

absl::Status CheckUnmarked(std::string_view value) {
  if (value.starts_with(kGzipMagic)) {
    return BadEncoding("gzip data without a header `content-encoding: gzip`");
  }
  if (value.starts_with(kZstdMagic)) {
    return BadEncoding("zstd data without a header `content-encoding: zstd`");
  }
  return absl::OkStatus();
}

absl::Status CheckUnicode(std::string_view text) {
  using std::string_view_literals::operator""sv;
  if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv)) {
    return BadEncoding("UTF-32 by its byte order mark; JSON is read as UTF-8 only");
  }
  if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv)) {
    return BadEncoding("UTF-16 by its byte order mark; JSON is read as UTF-8 only");
  }
  return absl::OkStatus();
}

// Without the marks that may stand before a JSON text.
absl::StatusOr<std::string_view> Unmark(std::string_view text) {
  RETURN_IF_ERROR(CheckUnicode(text));
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!text.starts_with(kRecordSeparator)) return text;
  text.remove_prefix(1);
  // Raw control characters are no part of any JSON text: this one can only begin the next.
  if (text.find(kRecordSeparator) != std::string_view::npos) {
    return BadEncoding("a JSON text sequence of more than one text; send each as a record");
  }
  return text;
}

}  // namespace

struct PayloadReader::State {
  explicit State(PayloadLimits payload_limits) : limits(payload_limits) {}

  void Shrink();
  absl::Status Grow();
  absl::Status Inflate(std::string_view value);
  absl::Status InflateMember(std::string_view* value);
  absl::Status Unzstd(std::string_view value);
  absl::Status UnzstdFrames(std::string_view value);

  PayloadLimits limits;
  Inflater inflater;
  std::unique_ptr<ZSTD_DCtx, ZstdFree> zstd;
  std::unique_ptr<char[]> text;
  size_t capacity = 0;
  size_t size = 0;
  int small_in_a_row = 0;
};

void PayloadReader::State::Shrink() {
  small_in_a_row = size > kBytesKept ? 0 : std::min(small_in_a_row + 1, kSmallBeforeShrink);
  if (capacity > kBytesKept && small_in_a_row >= kSmallBeforeShrink) {
    text.reset();
    capacity = 0;
  }
  size = 0;
}

// More room behind what is there; one byte more than the limit, so that meeting it is no excess.
absl::Status PayloadReader::State::Grow() {
  constexpr size_t kFirstBytes = size_t{64} << 10;
  if (size > limits.bytes_max) {
    return Bad(BadRecord::kTooLarge,
               fmt::format("over the limit of {} bytes when decompressed", limits.bytes_max));
  }
  if (size < capacity) return absl::OkStatus();
  const size_t grown = std::min(std::max(2 * capacity, kFirstBytes), limits.bytes_max + 1);
  auto room = std::make_unique_for_overwrite<char[]>(grown);
  std::copy_n(text.get(), size, room.get());
  text = std::move(room);
  capacity = grown;
  return absl::OkStatus();
}

absl::Status PayloadReader::State::Inflate(std::string_view value) {
  if (value.empty()) return BadEncoding("no gzip data");
  while (!value.empty()) RETURN_IF_ERROR(InflateMember(&value));
  return absl::OkStatus();
}

absl::Status PayloadReader::State::InflateMember(std::string_view* value) {
  if (!value->starts_with(kGzipMagic)) {
    return BadEncoding(size == 0 ? "not gzip data" : "bytes behind the gzip data");
  }
  z_stream* const stream = inflater.Begin();
  if (stream == nullptr) return BadEncoding("no memory to inflate");
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(value->data()));
  stream->avail_in = static_cast<uInt>(value->size());
  for (;;) {
    RETURN_IF_ERROR(Grow());
    stream->next_out = reinterpret_cast<Bytef*>(text.get() + size);
    stream->avail_out = static_cast<uInt>(capacity - size);
    const int result = inflate(stream, Z_NO_FLUSH);
    size = capacity - stream->avail_out;
    if (result == Z_STREAM_END) break;
    if (result == Z_BUF_ERROR || (result == Z_OK && stream->avail_out > 0)) {
      return BadEncoding("gzip data cut off");
    }
    if (result != Z_OK) {
      return BadEncoding(fmt::format("gzip data damaged{}{}", stream->msg == nullptr ? "" : ": ",
                                     stream->msg == nullptr ? "" : stream->msg));
    }
  }
  value->remove_prefix(value->size() - stream->avail_in);
  return size > limits.bytes_max ? Grow() : absl::OkStatus();
}

absl::Status PayloadReader::State::Unzstd(std::string_view value) {
  if (value.empty()) return BadEncoding("no zstd data");
  if (zstd == nullptr) {
    zstd.reset(ZSTD_createDCtx());
    if (zstd == nullptr) return BadEncoding("no memory to decompress");
    ZSTD_DCtx_setParameter(zstd.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  }
  const absl::Status status = UnzstdFrames(value);
  ZSTD_DCtx_reset(zstd.get(), ZSTD_reset_session_only);
  // It keeps the largest window that it has met.
  if (ZSTD_sizeof_DCtx(zstd.get()) > size_t{1} << 20) zstd.reset();
  return status;
}

absl::Status PayloadReader::State::UnzstdFrames(std::string_view value) {
  ZSTD_inBuffer in = {value.data(), value.size(), 0};
  for (;;) {
    RETURN_IF_ERROR(Grow());
    ZSTD_outBuffer out = {text.get(), capacity, size};
    const size_t result = ZSTD_decompressStream(zstd.get(), &out, &in);
    if (ZSTD_isError(result) != 0) {
      return BadEncoding(
          fmt::format("zstd data damaged at byte {}: {}", in.pos, ZSTD_getErrorName(result)));
    }
    size = out.pos;
    const bool is_done = in.pos == in.size;
    if (is_done && result == 0) break;
    if (is_done && out.pos < out.size) return BadEncoding("zstd data cut off");
  }
  return size > limits.bytes_max ? Grow() : absl::OkStatus();
}

PayloadReader::PayloadReader(PayloadLimits limits) : state_(std::make_unique<State>(limits)) {}
PayloadReader::PayloadReader(PayloadReader&&) noexcept = default;
PayloadReader& PayloadReader::operator=(PayloadReader&&) noexcept = default;
PayloadReader::~PayloadReader() = default;

absl::StatusOr<std::string_view> PayloadReader::Read(std::string_view value,
                                                     std::string_view content_encoding) {
  State& state = *state_;
  state.Shrink();
  if (value.size() > state.limits.bytes_max) {
    return Bad(BadRecord::kTooLarge,
               fmt::format("over the limit of {} bytes", state.limits.bytes_max));
  }
  ASSIGN_OR_RETURN(const Coding coding, CodingOf(content_encoding));
  if (coding == Coding::kIdentity) {
    if (value.starts_with('{')) return value;  // what no mark begins with
    RETURN_IF_ERROR(CheckUnmarked(value));
    return Unmark(value);
  }
  RETURN_IF_ERROR(coding == Coding::kGzip ? state.Inflate(value) : state.Unzstd(value));
  return Unmark({state.text.get(), state.size});
}

size_t PayloadReader::capacity_bytes() const { return state_->capacity; }

}  // namespace tocsin
