// The slow path of decoding: where a document is at fault, and the two faults that can be mended.
//
//   if (const auto at = FindInvalidUtf8(json)) return Invalid(*at);
//   const JsonCheck check = MendJson(json, size);
//   if (check.fault_at) return Malformed(*check.fault_at);
//
// Shape     RFC 8259 strictly; nesting bounded by nothing but memory (one bit a level).
// Units     offsets: bytes from the start of the text given.
// Cost      one pass, a byte at a time; run only after simdjson refused a document.
// Errors    none: a fault is an answer.
#ifndef TOCSIN_PIPELINE_DECODE_JSON_TEXT_H_
#define TOCSIN_PIPELINE_DECODE_JSON_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

// The offset of the first byte that belongs to no well-formed UTF-8 sequence.
std::optional<size_t> FindInvalidUtf8(std::string_view text);

struct JsonCheck {
  std::optional<size_t>
      fault_at;      // the first byte that breaks the grammar; the size if the text ends early
  size_t depth = 0;  // the deepest nesting before the fault
  uint64_t surrogates_replaced = 0;
  uint64_t numbers_replaced = 0;
};

// Rewrites in place what the grammar allows and simdjson does not: an escaped lone surrogate
// becomes \uFFFD, a number that fits neither 64 bits nor a double becomes 0.0 and spaces.
JsonCheck MendJson(char* text, size_t size);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_JSON_TEXT_H_
