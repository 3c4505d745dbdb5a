#include "pipeline/publish/event_id.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <iterator>

namespace tocsin {
namespace {

constexpr size_t kIdBytes = 16;

}  // namespace

EventIdHasher::EventIdHasher()
    : sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  if (!sha256_ || !context_) std::abort();
}

std::string EventIdHasher::Hash(const EventOrigin& origin) {
  input_.clear();
  fmt::format_to(std::back_inserter(input_), "{}:{},{}:{},{},{},{},{}:{}", origin.cluster.size(),
                 origin.cluster, origin.kafka_topic.size(), origin.kafka_topic, origin.partition,
                 origin.offset, origin.article_index, origin.tag.size(), origin.tag);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned digest_bytes = 0;
  if (EVP_DigestInit_ex2(context_.get(), sha256_.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context_.get(), input_.data(), input_.size()) != 1 ||
      EVP_DigestFinal_ex(context_.get(), digest.data(), &digest_bytes) != 1) {
    std::abort();
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id(2 * kIdBytes, '0');
  for (size_t i = 0; i < kIdBytes; ++i) {
    id[2 * i] = kHex[digest[i] >> 4];
    id[2 * i + 1] = kHex[digest[i] & 0xF];
  }
  return id;
}

}  // namespace tocsin
