#include "pipeline/notify/signature.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace tocsin {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kKeyBytesMin = 24;
constexpr size_t kKeyBytesMax = 64;

std::string Hmac(const std::string& key, const std::string& content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
       &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

absl::StatusOr<SigningKeys> SigningKeys::Parse(std::string_view text) {
  SigningKeys keys;
  const std::vector<std::string> lines = absl::StrSplit(
      absl::string_view(text.data(), text.size()), absl::ByAnyChar("\r\n"), absl::SkipWhitespace());
  for (const std::string& line : lines) {
    std::string key;
    const bool is_key = line.starts_with(kPrefix) &&
                        absl::Base64Unescape(line.substr(kPrefix.size()), &key) &&
                        key.size() >= kKeyBytesMin && key.size() <= kKeyBytesMax;
    if (!is_key) {
      return absl::InvalidArgumentError(
          "a signing key is whsec_ and the base64 of 24 to 64 bytes; make one with: "
          "echo \"whsec_$(openssl rand -base64 32)\"");
    }
    keys.keys_.push_back(std::move(key));
  }
  return keys;
}

std::string SigningKeys::Sign(std::string_view id, int64_t timestamp, std::string_view body) const {
  const std::string content = fmt::format("{}.{}.{}", id, timestamp, body);
  std::string signatures;
  for (const std::string& key : keys_) {
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + absl::Base64Escape(Hmac(key, content));
  }
  return signatures;
}

}  // namespace tocsin
