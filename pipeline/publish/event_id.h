// The identity of a published record: the same input gives the same id, so a consumer can drop
// repeats.
//
//   EventIdHasher hasher;
//   hasher.Hash({.cluster = "eu-1", .kafka_topic = "news.raw", .partition = 3, .offset = 17,
//                .tag = "sanctions"});
//
// Shape     32 lower-case hexadecimal digits: the first half of a SHA-256 over the parts, each text
//           preceded by its size, so that no two origins spell the same bytes.
// Cost      one SHA-256 of about 100 bytes; the context is reused.
// Errors    none: OpenSSL refusing SHA-256 is a broken installation and ends the process.
// Threads   one EventIdHasher a thread.
#ifndef TOCSIN_PIPELINE_PUBLISH_EVENT_ID_H_
#define TOCSIN_PIPELINE_PUBLISH_EVENT_ID_H_

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin {

struct EventOrigin {
  std::string_view cluster;
  std::string_view kafka_topic;
  int32_t partition = 0;
  int64_t offset = 0;
  size_t article_index = 0;  // within the record
  std::string_view tag;      // the topic
};

class EventIdHasher {
 public:
  EventIdHasher();
  std::string Hash(const EventOrigin& origin);

 private:
  template <auto Free>
  struct Deleter {
    template <typename T>
    void operator()(T* handle) const noexcept {
      Free(handle);
    }
  };

  std::unique_ptr<EVP_MD, Deleter<&EVP_MD_free>> sha256_;
  std::unique_ptr<EVP_MD_CTX, Deleter<&EVP_MD_CTX_free>> context_;
  std::string input_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_EVENT_ID_H_
