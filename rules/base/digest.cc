#include "rules/base/digest.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

namespace tocsin {

std::string HexDigest(std::string_view bytes, size_t digits) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return hex.substr(0, digits);
}

}  // namespace tocsin
