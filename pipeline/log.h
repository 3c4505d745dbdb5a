// What a log line is about, for those who search by it: the Kafka coordinates of a record, and the
// event, as a journal's MESSAGE_ID.
//
//   spdlog::warn("dead letter: {}{}", reason, log::About{.event = log::kDeadLetter,
//                                                       .kafka_topic = record.kafka_topic,
//                                                       .partition = record.partition,
//                                                       .offset = record.offset});
//
// Shape     goes last in the message, where it is written as fields behind kMark. The daemon's sink
//           takes them off again; any other shows them.
// Errors    never put text of an article into a message: it is licensed, and logs travel.
#ifndef TOCSIN_PIPELINE_LOG_H_
#define TOCSIN_PIPELINE_LOG_H_

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace tocsin::log {

inline constexpr char kMark = '\x1f';

inline constexpr std::string_view kStarted = "140d0b678a1a4a8e8fdbb0b7bc75a79e";
inline constexpr std::string_view kStopped = "f61a8493de8248fd8a98c144e2c4cd13";
inline constexpr std::string_view kReloaded = "0f86cf4f5692409daaf0a9b0fba6254c";
inline constexpr std::string_view kReloadFailed = "058f6b554873412d820e516be558a555";
inline constexpr std::string_view kFenced = "be975b5781484cce90e5b4367a547f64";
inline constexpr std::string_view kDeadLetter = "1db4b2048fe54525a752d7e0fd87d35f";
inline constexpr std::string_view kRefused = "23d2ec18c949468e86ebdd35643f0f91";
inline constexpr std::string_view kAlert = "9a24d573ae6b4f99aa90ade535872ded";
inline constexpr std::string_view kCrossCheck = "0eb9285622154e659faaed41565967b0";
inline constexpr std::string_view kConfigError = "870116c9263f479e839083f21abc0dfb";

struct About {
  std::string_view event;  // one of the above, or none
  std::string_view kafka_topic;
  int32_t partition = -1;
  int64_t offset = -1;
};

}  // namespace tocsin::log

template <>
struct fmt::formatter<tocsin::log::About> {
  static constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }

  template <typename Context>
  auto format(const tocsin::log::About& about, Context& context) const {
    using tocsin::log::kMark;
    auto out = context.out();
    if (!about.event.empty()) out = fmt::format_to(out, "{}MESSAGE_ID={}", kMark, about.event);
    if (about.kafka_topic.empty()) return out;
    return fmt::format_to(out, "{}TOPIC={}{}PARTITION={}{}OFFSET={}", kMark, about.kafka_topic,
                          kMark, about.partition, kMark, about.offset);
  }
};

#endif  // TOCSIN_PIPELINE_LOG_H_
