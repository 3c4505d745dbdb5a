// SHA-256 in hexadecimal, cut to length.
//
//   HexDigest("abc", 16) == "ba7816bf8f01cfea"
#ifndef TOCSIN_RULES_BASE_DIGEST_H_
#define TOCSIN_RULES_BASE_DIGEST_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tocsin {

std::string HexDigest(std::string_view bytes, size_t digits);

// Its first digits, as many as fit and at most 64; without an allocation.
void HexDigest(std::string_view bytes, std::span<char> digits);

}  // namespace tocsin

#endif  // TOCSIN_RULES_BASE_DIGEST_H_
