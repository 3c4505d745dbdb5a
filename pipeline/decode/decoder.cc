#include "pipeline/decode/decoder.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/decode/json_text.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

constexpr char kPayloadUrl[] = "tocsin/bad_record";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kJsonSpace = " \t\r\n";
constexpr size_t kIntegerBytesMax = 20;

constexpr std::array<std::string_view, kBadRecordCount> kReasonNames = {
    "empty",          "too_large",  "too_deep",      "invalid_utf8",
    "malformed_json", "wrong_type", "missing_field",
};

absl::Status Bad(BadRecord reason, const std::string& message) {
  absl::Status status = absl::InvalidArgumentError(message);
  const std::string_view name = ReasonName(reason);
  // Not from std::string: g++ and clang 19 mangle that constructor differently.
  status.SetPayload(kPayloadUrl, absl::Cord(absl::string_view(name.data(), name.size())));
  return status;
}

std::string_view Trim(std::string_view json) {
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
  const size_t begin = json.find_first_not_of(kJsonSpace);
  if (begin == std::string_view::npos) return {};
  return json.substr(begin, json.find_last_not_of(kJsonSpace) + 1 - begin);
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

std::string_view TypeName(dom::element_type type) {
  switch (type) {
    case dom::element_type::ARRAY:
      return "an array";
    case dom::element_type::OBJECT:
      return "an object";
    case dom::element_type::STRING:
      return "a string";
    case dom::element_type::BOOL:
      return "a boolean";
    case dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

struct FieldSlot {
  std::string_view name;
  std::string_view* value;
  bool seen = false;
};

}  // namespace

std::string_view ReasonName(BadRecord reason) { return kReasonNames[static_cast<size_t>(reason)]; }

BadRecord ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return BadRecord::kMalformedJson;
  const auto found = std::find(kReasonNames.begin(), kReasonNames.end(), std::string(*payload));
  if (found == kReasonNames.end()) return BadRecord::kMalformedJson;
  return static_cast<BadRecord>(found - kReasonNames.begin());
}

struct Decoder::State {
  explicit State(DecodeLimits decode_limits) : limits(decode_limits) {
    limits.bytes_max = std::min<size_t>(limits.bytes_max, simdjson::SIMDJSON_MAXSIZE_BYTES);
  }

  absl::Status Reserve(size_t bytes);
  absl::Status Parse(std::string_view text, size_t text_at, dom::element* root);
  absl::Status Explain(simdjson::error_code error, std::string_view text, size_t text_at,
                       dom::element* root);
  absl::Status ReadFields(const dom::object& object);
  absl::Status ReadField(const FieldSlot& slot, const dom::element& value);

  DecodeLimits limits;
  dom::parser parser;
  std::unique_ptr<char[]> padded;
  size_t capacity = 0;
  int small_in_a_row = 0;
  uint64_t surrogates_replaced = 0;
  std::array<char, kIntegerBytesMax> id_digits;
  Article article;
};

// The parser holds about 14 bytes a byte of its largest document: one big record must not keep
// them.
absl::Status Decoder::State::Reserve(size_t bytes) {
  small_in_a_row = bytes > kBytesKept ? 0 : std::min(small_in_a_row + 1, kSmallBeforeShrink);
  const bool shrink = capacity > kBytesKept && small_in_a_row >= kSmallBeforeShrink;
  if (bytes <= capacity && !shrink) return absl::OkStatus();
  if (shrink) {
    parser = dom::parser();
    padded.reset();
  }
  capacity = 0;
  const size_t wanted = std::max(std::bit_ceil(bytes), size_t{4} << 10);
  const size_t bounded = std::max(bytes, std::min(wanted, std::max(limits.bytes_max, size_t{64})));
  // simdjson counts the level below the innermost container too.
  if (parser.allocate(bounded, limits.depth_max + 1) != simdjson::SUCCESS) {
    return Bad(BadRecord::kTooLarge, fmt::format("no memory to parse {} bytes", bytes));
  }
  padded = std::make_unique_for_overwrite<char[]>(bounded + simdjson::SIMDJSON_PADDING);
  capacity = bounded;
  return absl::OkStatus();
}

absl::Status Decoder::State::Parse(std::string_view text, size_t text_at, dom::element* root) {
  std::memcpy(padded.get(), text.data(), text.size());
  std::memset(padded.get() + text.size(), 0, simdjson::SIMDJSON_PADDING);
  const simdjson::error_code error = parser.parse(padded.get(), text.size(), false).get(*root);
  if (error == simdjson::SUCCESS) [[likely]]
    return absl::OkStatus();
  return Explain(error, text, text_at, root);
}

// Why simdjson refused, with the offset that it does not tell; or the parse of a mended copy.
absl::Status Decoder::State::Explain(simdjson::error_code error, std::string_view text,
                                     size_t text_at, dom::element* root) {
  if (const std::optional<size_t> at = FindInvalidUtf8(text)) {
    return Bad(BadRecord::kInvalidUtf8, fmt::format("invalid UTF-8 at byte {}", text_at + *at));
  }
  const JsonCheck check = MendJson(padded.get(), text.size());
  if (error == simdjson::DEPTH_ERROR || check.depth > limits.depth_max) {
    return Bad(BadRecord::kTooDeep, fmt::format("nested deeper than {} levels", limits.depth_max));
  }
  if (check.fault_at) {
    return Bad(BadRecord::kMalformedJson,
               fmt::format("malformed JSON at byte {}", text_at + *check.fault_at));
  }
  error = parser.parse(padded.get(), text.size(), false).get(*root);
  if (error != simdjson::SUCCESS) {
    return Bad(BadRecord::kMalformedJson,
               fmt::format("malformed JSON: {}", simdjson::error_message(error)));
  }
  surrogates_replaced += check.surrogates_replaced;
  return absl::OkStatus();
}

absl::Status Decoder::State::ReadFields(const dom::object& object) {
  std::array<FieldSlot, 8> slots = {{
      {"id", &article.id},
      {"title", &article.document.title},
      {"lead", &article.document.lead},
      {"body", &article.document.body},
      {"language", &article.document.language},
      {"url", &article.url},
      {"source", &article.source},
      {"published_at", &article.published_at},
  }};
  for (const dom::key_value_pair& field : object) {
    for (FieldSlot& slot : slots) {
      if (slot.name != field.key) continue;
      if (!std::exchange(slot.seen, true)) RETURN_IF_ERROR(ReadField(slot, field.value));
      break;
    }
  }
  if (IsBlank(article.document.title) && IsBlank(article.document.body)) {
    return Bad(BadRecord::kMissingField, "no text in title or body");
  }
  return absl::OkStatus();
}

absl::Status Decoder::State::ReadField(const FieldSlot& slot, const dom::element& value) {
  if (value.get(*slot.value) == simdjson::SUCCESS || value.is_null()) return absl::OkStatus();
  const bool is_id = slot.value == &article.id;
  if (is_id && (value.is_int64() || value.is_uint64())) {
    char* const begin = id_digits.data();
    char* const end = begin + id_digits.size();
    const bool is_signed = value.type() == dom::element_type::INT64;
    const std::to_chars_result digits =
        is_signed ? std::to_chars(begin, end, value.get_int64().value_unsafe())
                  : std::to_chars(begin, end, value.get_uint64().value_unsafe());
    article.id = {begin, digits.ptr};
    return absl::OkStatus();
  }
  return Bad(BadRecord::kWrongType,
             fmt::format("{} must be {}or null, not {}", slot.name,
                         is_id ? "a string, an integer " : "a string ", TypeName(value.type())));
}

Decoder::Decoder(DecodeLimits limits) : state_(std::make_unique<State>(limits)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

absl::StatusOr<const Article*> Decoder::Decode(std::string_view json) {
  State& state = *state_;
  state.article = {};
  if (json.size() > state.limits.bytes_max) {
    return Bad(BadRecord::kTooLarge,
               fmt::format("over the limit of {} bytes", state.limits.bytes_max));
  }
  const std::string_view text = Trim(json);
  if (text.empty()) return Bad(BadRecord::kEmpty, "nothing but white space");
  RETURN_IF_ERROR(state.Reserve(text.size()));
  dom::element root;
  RETURN_IF_ERROR(state.Parse(text, static_cast<size_t>(text.data() - json.data()), &root));
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return Bad(BadRecord::kWrongType,
               fmt::format("the document must be an object, not {}", TypeName(root.type())));
  }
  RETURN_IF_ERROR(state.ReadFields(object));
  state.article.json = text;
  return &state.article;
}

uint64_t Decoder::surrogates_replaced() const { return state_->surrogates_replaced; }

size_t Decoder::capacity_bytes() const { return state_->capacity; }

}  // namespace tocsin
