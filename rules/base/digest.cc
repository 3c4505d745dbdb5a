#include "rules/base/digest.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace tocsin {

std::string HexDigest(std::string_view bytes, size_t digits) {
  std::string hex(digits, '0');
  HexDigest(bytes, hex);
  return hex;
}

void HexDigest(std::string_view bytes, std::span<char> digits) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  for (size_t i = 0; i < std::min(digits.size(), 2 * digest.size()); ++i) {
    const unsigned byte = digest[i / 2];
    digits[i] = kHex[i % 2 == 0 ? byte >> 4 : byte & 0xF];
  }
}

}  // namespace tocsin
