// SHA-256 in hexadecimal, cut to length.
//
//   HexDigest("abc", 16) == "ba7816bf8f01cfea"
#ifndef TOCSIN_RULES_BASE_DIGEST_H_
#define TOCSIN_RULES_BASE_DIGEST_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin {

std::string HexDigest(std::string_view bytes, size_t digits);

}  // namespace tocsin

#endif  // TOCSIN_RULES_BASE_DIGEST_H_
