// A dead letter back to where its record came from.
//
//   ReplayHandler handler({.partitions = {{"news.raw", 12}}, ...}, sink);
//   ... the worker's loop ...
//   for (const auto& [kind, count] : handler.replays()) ...
//
// Shape     the record as it was: key, value, headers without `__connect.errors.*`, timestamp, and
//           the same partition while there is one of that number. Of a pointer the original is
//           read, and sent again if its value still has the SHA-256 that the pointer names. What
//           cannot be replayed is counted, and left where it is. Counts are of what is committed.
// Errors    as of Sink; Aborted also when an original cannot be read at the moment.
// Threads   one.
// Lifetime  the sink outlives it.
#ifndef TOCSIN_PIPELINE_REPLAY_HANDLER_H_
#define TOCSIN_PIPELINE_REPLAY_HANDLER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/handler.h"
#include "pipeline/publish/dead_letter.h"
#include "pipeline/publish/sink.h"
#include "pipeline/record.h"

namespace tocsin {

enum class Fate : uint8_t {
  kReplayed,
  kNoInput,   // its Kafka topic is none that we consume
  kGone,      // a pointer's original has been deleted
  kChanged,   // or is not what it was
  kRefused,   // by the brokers, or too large for our producer
  kNoLetter,  // not made by Tocsin, nor by Kafka Connect
};

std::string_view FateName(Fate fate);

struct Replay {
  std::string kafka_topic;  // that the record came from
  std::string reason;
  Fate fate = Fate::kReplayed;
  friend auto operator<=>(const Replay&, const Replay&) = default;
};

struct ReplayOptions {
  std::map<std::string, int32_t> partitions;  // of the Kafka topics to replay to
  std::optional<std::string> reason;          // of the letters to look at; none: all
  std::optional<std::string> input;           // the same, by the Kafka topic that they are of
  // Whether a letter has been replayed already, in a replay of another choice.
  std::function<absl::StatusOr<bool>(const Record& letter, const std::string& reason)> is_done;
  std::function<absl::StatusOr<OutputRecord>(const Origin& origin)> read;
};

class ReplayHandler final : public Handler {
 public:
  ReplayHandler(ReplayOptions options, Sink* sink) : options_(std::move(options)), sink_(sink) {}

  absl::Status Handle(const Record& letter, Remedy remedy, std::string_view why_refused) override;
  void Committed() override;
  void Forgotten() override { pending_.clear(); }

  const std::map<Replay, uint64_t>& replays() const { return replays_; }

 private:
  absl::StatusOr<Fate> Send(const Record& letter, const Origin& origin);
  absl::StatusOr<Fate> SendOriginal(const Origin& origin);
  absl::StatusOr<Fate> Publish(const Origin& origin, OutputRecord output);

  const ReplayOptions options_;
  Sink* const sink_;
  std::map<Replay, uint64_t> pending_;
  std::map<Replay, uint64_t> replays_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_REPLAY_HANDLER_H_
