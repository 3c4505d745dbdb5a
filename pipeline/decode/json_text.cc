#include "pipeline/decode/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

namespace tocsin {
namespace {

bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// A pushdown checker over mutable text. Each Read… leaves the cursor behind what it read, or on the
// fault.
class Mender {
 public:
  Mender(char* text, size_t size) : text_(text), size_(size) {}

  JsonCheck Run() {
    if (!ReadDocument()) check_.fault_at = at_;
    return check_;
  }

 private:
  bool Next(char byte) const { return at_ < size_ && text_[at_] == byte; }

  bool Accept(char byte) {
    if (!Next(byte)) return false;
    ++at_;
    return true;
  }

  void SkipSpace() {
    while (Next(' ') || Next('\n') || Next('\t') || Next('\r')) ++at_;
  }

  bool ReadDocument() {
    do {
      if (!ReadValueOrOpen()) return false;
    } while (!CloseOrContinue() && ok_);
    return ok_ && at_ == size_;
  }

  // Opens containers up to and including the first scalar or empty container.
  bool ReadValueOrOpen() {
    for (;;) {
      SkipSpace();
      if (Accept('{')) {
        SkipSpace();
        if (Accept('}')) return true;
        Open(true);
        if (!ReadKey()) return false;
      } else if (Accept('[')) {
        SkipSpace();
        if (Accept(']')) return true;
        Open(false);
      } else {
        return ReadScalar();
      }
    }
  }

  void Open(bool object) {
    in_object_.push_back(object);
    check_.depth = std::max(check_.depth, in_object_.size());
  }

  // After a value: true when the document is complete, false when another value follows or ok_
  // fell.
  bool CloseOrContinue() {
    for (;;) {
      SkipSpace();
      if (in_object_.empty()) return true;
      if (Accept(',')) {
        SkipSpace();
        if (in_object_.back()) ok_ = ReadKey();
        return false;
      }
      if (!Accept(in_object_.back() ? '}' : ']')) {
        ok_ = false;
        return false;
      }
      in_object_.pop_back();
    }
  }

  bool ReadKey() {
    if (!Next('"') || !ReadString()) return false;
    SkipSpace();
    return Accept(':');
  }

  bool ReadScalar() {
    if (Next('"')) return ReadString();
    if (Next('t')) return ReadWord("true");
    if (Next('f')) return ReadWord("false");
    if (Next('n')) return ReadWord("null");
    return ReadNumber();
  }

  bool ReadWord(std::string_view word) {
    for (const char byte : word) {
      if (!Accept(byte)) return false;
    }
    return true;
  }

  bool ReadString() {
    ++at_;
    while (at_ < size_) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte < 0x20) return false;
      if (byte == '\\') {
        if (!ReadEscape()) return false;
        continue;
      }
      ++at_;
      if (byte == '"') return true;
    }
    return false;
  }

  bool ReadEscape() {
    if (at_ + 1 < size_ && text_[at_ + 1] != '\0' && std::strchr("\"\\/bfnrt", text_[at_ + 1])) {
      at_ += 2;
      return true;
    }
    const std::optional<uint32_t> unit = CodeUnit(at_);
    if (!unit) return false;
    if (*unit < 0xD800 || *unit > 0xDFFF) {
      at_ += 6;
      return true;
    }
    const std::optional<uint32_t> low = *unit < 0xDC00 ? CodeUnit(at_ + 6) : std::nullopt;
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
      at_ += 12;
      return true;
    }
    std::memcpy(text_ + at_, "\\uFFFD", 6);
    ++check_.surrogates_replaced;
    at_ += 6;
    return true;
  }

  std::optional<uint32_t> CodeUnit(size_t at) const {
    if (at + 6 > size_ || text_[at] != '\\' || text_[at + 1] != 'u') return std::nullopt;
    uint32_t unit = 0;
    const auto [end, error] = std::from_chars(text_ + at + 2, text_ + at + 6, unit, 16);
    if (error != std::errc() || end != text_ + at + 6) return std::nullopt;
    return unit;
  }

  bool ReadDigits() {
    const size_t begin = at_;
    while (at_ < size_ && IsDigit(text_[at_])) ++at_;
    return at_ > begin;
  }

  bool ReadNumber() {
    const size_t begin = at_;
    Accept('-');
    if (!Accept('0') && !ReadDigits()) return false;
    bool integer = true;
    if (Accept('.')) {
      integer = false;
      if (!ReadDigits()) return false;
    }
    if (Accept('e') || Accept('E')) {
      integer = false;
      if (!Accept('+')) Accept('-');
      if (!ReadDigits()) return false;
    }
    if (integer ? !FitsInteger(begin) : !FitsDouble(begin)) {
      std::memset(text_ + begin, ' ', at_ - begin);
      std::memcpy(text_ + begin, "0.0", 3);
      ++check_.numbers_replaced;
    }
    return true;
  }

  bool FitsInteger(size_t begin) const {
    if (text_[begin] == '-') {
      int64_t value = 0;
      return std::from_chars(text_ + begin, text_ + at_, value).ec == std::errc();
    }
    uint64_t value = 0;
    return std::from_chars(text_ + begin, text_ + at_, value).ec == std::errc();
  }

  bool FitsDouble(size_t begin) const {
    double value = 0;
    const std::from_chars_result result = std::from_chars(text_ + begin, text_ + at_, value);
    return result.ec == std::errc() && std::isfinite(value);
  }

  char* text_;
  size_t size_;
  size_t at_ = 0;
  bool ok_ = true;
  std::vector<bool> in_object_;
  JsonCheck check_;
};

// Bytes of the well-formed sequence at the head of text (Unicode table 3-7), or 0.
size_t SequenceBytes(std::string_view text) {
  const auto at = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&at](size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const unsigned lead = at(0);
  const unsigned second = at(1);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !continues(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = lead == 0xF0 && second < 0x90;
  const bool too_large = lead == 0xF4 && second > 0x8F;
  return overlong || too_large || !continues(3) ? 0 : 4;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = SequenceBytes(text.substr(at));
    if (bytes == 0) return at;
    at += bytes;
  }
  return std::nullopt;
}

JsonCheck MendJson(char* text, size_t size) { return Mender(text, size).Run(); }

}  // namespace tocsin
