#include "daemon/replay.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "daemon/client_settings.h"
#include "daemon/config.h"
#include "daemon/signals.h"
#include "pipeline/broker/access.h"
#include "pipeline/broker/extents.h"
#include "pipeline/broker/reader.h"
#include "pipeline/consume/kafka_source.h"
#include "pipeline/publish/exactly_once_sink.h"
#include "pipeline/replay_handler.h"
#include "pipeline/worker.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

// Of a dry run.
class NoSink final : public Sink {
 public:
  absl::Status Prepare() override { return absl::OkStatus(); }
  absl::Status Publish(const OutputRecord& /*output*/) override { return absl::OkStatus(); }
  absl::Status PublishDeadLetter(const Record& /*origin*/, const DeadLetter& /*why*/) override {
    return absl::OkStatus();
  }
  absl::Status Commit(Source& /*source*/, const Offsets& /*next*/) override {
    return absl::OkStatus();
  }
  absl::Status Abort() override { return absl::OkStatus(); }
};

class Replayer {
 public:
  static absl::StatusOr<std::unique_ptr<Replayer>> Connect(Config config,
                                                           const ReplayCommand& command);

  // Of all letters, or those of one reason.
  absl::Status Run(const std::optional<std::string>& reason, const std::stop_token& stop);

  const std::map<Replay, uint64_t>& replays() const { return replays_; }

 private:
  // Partition → the offset before which a group has replayed what it was to.
  using Progress = std::map<int32_t, int64_t>;

  Replayer(Config config, broker::ClientSettings client, const ReplayCommand& command)
      : config_(std::move(config)), client_(std::move(client)), dry_run_(command.dry_run) {
    if (!command.input.empty()) input_ = command.input;
  }

  std::string GroupOf(const std::optional<std::string>& reason) const {
    return config_.group + ".replay" + (reason ? "." + *reason : "");
  }
  absl::StatusOr<std::unique_ptr<Sink>> ConnectSink(const broker::ClientSettings& client);
  absl::StatusOr<bool> IsBefore(const std::string& group, const Record& letter);

  const Config config_;
  const broker::ClientSettings client_;
  const bool dry_run_;
  std::optional<std::string> input_;           // if letters of one alone are looked at
  std::vector<Extent> extents_;                // of the dead letters
  std::map<std::string, int32_t> partitions_;  // of the inputs
  std::unique_ptr<broker::RecordReader> reader_;
  std::map<std::string, Progress> progress_;  // by group
  std::map<Replay, uint64_t> replays_;
  Counters counters_;
};

absl::StatusOr<std::unique_ptr<Replayer>> Replayer::Connect(Config config,
                                                            const ReplayCommand& command) {
  ASSIGN_OR_RETURN(broker::ClientSettings client, ClientSettingsOf(config));
  // A group that is new here has all letters before it.
  client.properties["auto.offset.reset"] = "earliest";
  std::unique_ptr<Replayer> replayer(new Replayer(std::move(config), std::move(client), command));
  const Config& own = replayer->config_;
  ASSIGN_OR_RETURN(replayer->extents_, broker::ExtentsNow(replayer->client_, {own.dead_letter}));
  ASSIGN_OR_RETURN(const auto inputs, broker::ExtentsNow(replayer->client_, own.input));
  for (const Extent& extent : inputs) ++replayer->partitions_[extent.kafka_topic];
  ASSIGN_OR_RETURN(replayer->reader_, broker::RecordReader::Connect(replayer->client_));
  return replayer;
}

absl::Status Replayer::Run(const std::optional<std::string>& reason, const std::stop_token& stop) {
  broker::ClientSettings client = client_;
  client.group = GroupOf(reason);
  ASSIGN_OR_RETURN(const auto sink, ConnectSink(client));
  ASSIGN_OR_RETURN(const auto source, KafkaSource::Connect({.client = client,
                                                            .kafka_topics = {config_.dead_letter},
                                                            .window = Window(extents_)},
                                                           &counters_));
  auto handler = std::make_unique<ReplayHandler>(
      ReplayOptions{.partitions = partitions_,
                    .reason = reason,
                    .input = input_,
                    .is_done =
                        [&](const Record& letter, const std::string& of_letter) {
                          return IsBefore(GroupOf(reason ? std::nullopt : std::optional(of_letter)),
                                          letter);
                        },
                    .read =
                        [&](const Origin& origin) {
                          return reader_->Read(origin.kafka_topic, origin.partition, origin.offset);
                        }},
      sink.get());
  const ReplayHandler& replayed = *handler;
  Worker worker({.commit_interval = config_.commit_interval,
                 .commit_records_max = config_.commit_records_max,
                 .commit_bytes_max = config_.commit_bytes_max},
                source.get(), sink.get(), std::move(handler), &counters_);
  const absl::Status status = worker.Run(stop);
  for (const auto& [replay, count] : replayed.replays()) replays_[replay] += count;
  return status;
}

absl::StatusOr<std::unique_ptr<Sink>> Replayer::ConnectSink(const broker::ClientSettings& client) {
  if (dry_run_) return std::make_unique<NoSink>();
  ASSIGN_OR_RETURN(std::string id, TransactionalId(config_, "replay"));
  return ExactlyOnceSink::Connect(
      {.client = client, .kafka_topics = config_.input, .transactional_id = std::move(id)},
      config_.dead_letter, &counters_);
}

absl::StatusOr<bool> Replayer::IsBefore(const std::string& group, const Record& letter) {
  const auto [found, is_new] = progress_.try_emplace(group);
  if (is_new) {
    broker::ClientSettings client = client_;
    client.group = group;
    std::vector<Extent> committed = extents_;
    for (Extent& extent : committed) extent.begin = 0;
    const absl::Status status = broker::MoveToCommitted(client, &committed);
    if (!status.ok()) {
      progress_.erase(found);
      return absl::AbortedError(status.message());
    }
    for (const Extent& extent : committed) found->second[extent.partition] = extent.begin;
  }
  return letter.offset < found->second[letter.partition];
}

absl::StatusOr<Config> LoadReplayConfig(const ReplayCommand& command) {
  ASSIGN_OR_RETURN(Config config, LoadConfig(command.config_path));
  if (!command.dead_letter.empty()) config.dead_letter = command.dead_letter;
  if (!command.input.empty()) {
    // In groups of their own its letters would be sent twice.
    if (std::count(config.input.begin(), config.input.end(), command.input) > 0) {
      return absl::InvalidArgumentError(fmt::format(
          "Kafka topic {} is a configured input: replay without --input", command.input));
    }
    config.input = {command.input};
    config.group += "." + command.input;
  }
  if (std::count(config.input.begin(), config.input.end(), config.dead_letter) > 0) {
    return absl::InvalidArgumentError(
        fmt::format("Kafka topic {} is an input: it cannot be replayed to", config.dead_letter));
  }
  config.workers = 1;
  return config;
}

absl::Status CheckAccess(const Config& config, const std::stop_token& stop) {
  ASSIGN_OR_RETURN(broker::ClientSettings client, ClientSettingsOf(config));
  client.group = config.group + ".replay";
  return broker::CheckAccess(client, {.read = {config.dead_letter}, .written = config.input}, stop);
}

absl::Status Summarize(const Replayer& replayer, const ReplayCommand& command, bool is_whole,
                       std::FILE* out) {
  uint64_t replayed = 0;
  uint64_t left = 0;
  for (const auto& [replay, count] : replayer.replays()) {
    (replay.fate == Fate::kReplayed ? replayed : left) += count;
    fmt::print(
        out, "{} {}: {} {}\n", replay.kafka_topic, replay.reason, count,
        command.dry_run && replay.fate == Fate::kReplayed ? "to replay" : FateName(replay.fate));
  }
  fmt::print(out, "{} dead letters {}, {} left{}\n", replayed,
             command.dry_run ? "to replay" : "replayed", left,
             is_whole ? "" : ", before it failed");
  if (left == 0) return absl::OkStatus();
  return absl::DataLossError(fmt::format("{} dead letters cannot be replayed", left));
}

}  // namespace

absl::Status ReplayLetters(const ReplayCommand& command, std::FILE* out) {
  const Signals signals;  // first: threads started later inherit the mask
  const std::stop_token stop = signals.stop_token();
  ASSIGN_OR_RETURN(const Config config, LoadReplayConfig(command));
  RETURN_IF_ERROR(CheckAccess(config, stop));
  if (stop.stop_requested()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto replayer, Replayer::Connect(config, command));
  absl::Status status;
  if (command.reasons.empty()) status = replayer->Run(std::nullopt, stop);
  for (const std::string& reason : command.reasons) {
    if (status.ok() && !stop.stop_requested()) status = replayer->Run(reason, stop);
  }
  if (!status.ok() && replayer->replays().empty()) return status;
  const absl::Status summary = Summarize(*replayer, command, status.ok(), out);
  if (stop.stop_requested()) spdlog::info("stopped before the end: the next replay goes on");
  return status.ok() ? summary : status;
}

}  // namespace tocsin
