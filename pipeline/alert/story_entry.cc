#include "pipeline/alert/story_entry.h"

#include <absl/status/status.h>
#include <fmt/format.h>

#include <concepts>

namespace tocsin {
namespace {

constexpr char kVersion = 1;
constexpr uint8_t kAlerted = 1;
constexpr uint8_t kComplete = 2;

template <std::unsigned_integral T>
void Put(T value, std::string* out) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    out->push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  }
}

// Reads little-endian numbers; what is missing reads as 0 and is remembered.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  T Take() {
    if (bytes_.size() < sizeof(T)) {
      is_short_ = true;
      bytes_ = {};
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) {
      value |= uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    }
    bytes_.remove_prefix(sizeof(T));
    return static_cast<T>(value);
  }
  bool at_exact_end() const { return !is_short_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool is_short_ = false;
};

absl::StatusOr<Sketch> TakeSketch(uint8_t flags, Reader* reader) {
  Sketch sketch{.size = reader->Take<uint8_t>(), .complete = (flags & kComplete) != 0};
  if (sketch.size > Sketch::kSize || (!sketch.complete && sketch.size != Sketch::kSize)) {
    return absl::InvalidArgumentError(
        fmt::format("story entry with a sketch of {} values", sketch.size));
  }
  for (size_t i = 0; i < sketch.size; ++i) {
    sketch.values[i] = reader->Take<uint32_t>();
    if (i > 0 && sketch.values[i] <= sketch.values[i - 1]) {
      return absl::InvalidArgumentError("story entry whose sketch does not ascend");
    }
  }
  return sketch;
}

}  // namespace

std::string EncodeEntry(const StoryEntry& entry) {
  const Fingerprint& fingerprint = entry.fingerprint;
  std::string out;
  out.reserve(64 + 4 * size_t{fingerprint.sketch.size});
  out.push_back(kVersion);
  Put(static_cast<uint8_t>((entry.alerted ? kAlerted : 0) |
                           (fingerprint.sketch.complete ? kComplete : 0)),
      &out);
  Put(entry.story, &out);
  Put(static_cast<uint64_t>(entry.seen_ms), &out);
  Put(fingerprint.id_hash, &out);
  Put(fingerprint.url_hash, &out);
  for (const uint64_t half : fingerprint.body_hash) Put(half, &out);
  Put(fingerprint.sketch.size, &out);
  for (const uint32_t value : fingerprint.sketch.view()) Put(value, &out);
  return out;
}

absl::StatusOr<StoryEntry> DecodeEntry(std::string_view bytes) {
  if (bytes.empty()) return absl::InvalidArgumentError("story entry without content");
  if (bytes.front() != kVersion) {
    return absl::InvalidArgumentError(
        fmt::format("story entry of version {}, this tocsin reads {}: run the version that wrote "
                    "it, or begin with an empty Kafka topic of stories",
                    static_cast<unsigned char>(bytes.front()), int{kVersion}));
  }
  Reader reader(bytes.substr(1));
  StoryEntry entry;
  const auto flags = reader.Take<uint8_t>();
  if ((flags & ~(kAlerted | kComplete)) != 0) {
    return absl::InvalidArgumentError(fmt::format("story entry with flags {:#x}", flags));
  }
  entry.alerted = (flags & kAlerted) != 0;
  entry.story = reader.Take<uint64_t>();
  entry.seen_ms = static_cast<int64_t>(reader.Take<uint64_t>());
  if (entry.seen_ms < 0) {
    return absl::InvalidArgumentError(fmt::format("story entry seen at {} ms", entry.seen_ms));
  }
  entry.fingerprint.id_hash = reader.Take<uint64_t>();
  entry.fingerprint.url_hash = reader.Take<uint64_t>();
  for (uint64_t& half : entry.fingerprint.body_hash) half = reader.Take<uint64_t>();
  auto sketch = TakeSketch(flags, &reader);
  if (!sketch.ok()) return std::move(sketch).status();
  entry.fingerprint.sketch = *sketch;
  if (!reader.at_exact_end()) {
    return absl::InvalidArgumentError(fmt::format("story entry of {} bytes: cut", bytes.size()));
  }
  return entry;
}

}  // namespace tocsin
