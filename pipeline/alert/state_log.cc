#include "pipeline/alert/state_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/broker/extents.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using Clock = std::chrono::steady_clock;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

int MillisecondsUntil(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return std::max(0, static_cast<int>(left.count()));
}

std::string_view View(const void* data, size_t size) {
  return {static_cast<const char*>(data), size};
}

}  // namespace

StateLog::StateLog(broker::ClientSettings settings, std::string kafka_topic, int64_t keep_ms,
                   AlertState* state)
    : settings_(std::move(settings)),
      kafka_topic_(std::move(kafka_topic)),
      keep_ms_(keep_ms),
      state_(state),
      fetch_waker_(settings_.buffers) {
  // Whatever the inputs are to begin with: all of this is wanted.
  settings_.properties["auto.offset.reset"] = "earliest";
}

absl::StatusOr<StateLog::Places> StateLog::Ends() const {
  ASSIGN_OR_RETURN(const std::vector<Extent> extents,
                   broker::ExtentsNow(settings_, {kafka_topic_}));
  Places ends;
  for (const Extent& extent : extents) ends.push_back(extent.end);
  return ends;
}

absl::Status StateLog::Aim() {
  ASSIGN_OR_RETURN(aims_, Ends());
  if (next_.size() < aims_.size()) {
    next_.resize(aims_.size(), 0);
    is_stopped_ = true;  // the new partitions are to be assigned, too
  }
  return absl::OkStatus();
}

bool StateLog::is_caught_up() const {
  for (size_t partition = 0; partition < aims_.size(); ++partition) {
    if (next_[partition] < aims_[partition]) return false;
  }
  return true;
}

void StateLog::Stop() {
  is_stopped_ = true;
  aims_.clear();
}

void StateLog::SkipTo(const Places& places) {
  for (size_t partition = 0; partition < places.size(); ++partition) {
    Reach(static_cast<int32_t>(partition), places[partition]);
  }
}

// A new client each time: no record that the last one fetched can come after another place was
// asked for.
absl::Status StateLog::Connect() {
  client_.reset();
  if (next_.empty()) {
    ASSIGN_OR_RETURN(const Places ends, Ends());
    next_.resize(ends.size(), 0);
  }
  ASSIGN_OR_RETURN(broker::Conf conf, broker::ConsumerConf(settings_));
  for (const auto& [name, value] :
       {std::pair("enable.partition.eof", "true"), {"fetch.wait.max.ms", "100"}}) {
    if (rd_kafka_conf_set(conf.get(), name, value, nullptr, 0) != RD_KAFKA_CONF_OK) {
      return absl::InternalError(fmt::format("librdkafka refuses {}", name));
    }
  }
  ASSIGN_OR_RETURN(client_, broker::Connect(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(client_.get());
  const broker::PartitionList partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(next_.size())));
  for (size_t partition = 0; partition < next_.size(); ++partition) {
    rd_kafka_topic_partition_list_add(partitions.get(), kafka_topic_.c_str(),
                                      static_cast<int32_t>(partition))
        ->offset = next_[partition] == 0 ? RD_KAFKA_OFFSET_BEGINNING : next_[partition];
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_.get(), partitions.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    client_.reset();
    return absl::UnavailableError(
        fmt::format("reading Kafka topic {}: {}", kafka_topic_, rd_kafka_err2str(code)));
  }
  is_stopped_ = false;
  return absl::OkStatus();
}

absl::Status StateLog::Follow(std::chrono::milliseconds timeout) {
  if (client_ == nullptr || is_stopped_) RETURN_IF_ERROR(Connect());
  const Clock::time_point deadline = Clock::now() + timeout;
  do {
    const broker::Message message(
        rd_kafka_consumer_poll(client_.get(), MillisecondsUntil(deadline)));
    if (message == nullptr) return absl::OkStatus();
    fetch_waker_.Took(client_.get(), *message);
    RETURN_IF_ERROR(Take(*message));
    if (!aims_.empty() && is_caught_up()) return absl::OkStatus();
  } while (Clock::now() < deadline);
  return absl::OkStatus();
}

absl::Status StateLog::Take(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    Reach(message.partition, message.offset);
    return absl::OkStatus();
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(
        fmt::format("reading Kafka topic {}: {}", kafka_topic_, rd_kafka_message_errstr(&message)));
  }
  const std::string_view key = View(message.key, message.key_len);
  const std::optional<std::string_view> value =
      message.payload == nullptr ? std::nullopt : std::optional(View(message.payload, message.len));
  const absl::Status status = state_->Apply(key, value, NowMs() - keep_ms_);
  if (!status.ok()) {
    return absl::FailedPreconditionError(fmt::format(
        "{}[{}] offset {}: {}; nothing but tocsin may write there: delete what it has, or name "
        "another Kafka topic as alert.state_kafka_topic (an empty one may alert again what the "
        "window holds)",
        kafka_topic_, message.partition, message.offset, std::string(status.message())));
  }
  Reach(message.partition, message.offset + 1);
  return absl::OkStatus();
}

void StateLog::Reach(int32_t partition, int64_t offset) {
  int64_t& next = next_[partition];
  next = std::max(next, offset);
}

}  // namespace tocsin
