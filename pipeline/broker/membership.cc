#include "pipeline/broker/membership.h"

#include <fmt/format.h>

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/broker/handles.h"

namespace tocsin::broker {
namespace {

// librdkafka writes a magic word, the generation in host order, the group and the member, each with
// a zero behind it; before 2.8 there is no other way to learn the generation.
absl::StatusOr<GroupMembership> ParseMembership(std::string metadata) {
  constexpr std::string_view kMagic = "CGMDv2:";
  GroupMembership membership;
  const size_t group = kMagic.size() + sizeof membership.generation;
  const size_t group_end = metadata.find('\0', group);
  const size_t member_end =
      group_end == std::string::npos ? group_end : metadata.find('\0', group_end + 1);
  if (!metadata.starts_with(kMagic) || member_end == std::string::npos) {
    return absl::InternalError(fmt::format("librdkafka {} writes group metadata in an unknown form",
                                           rd_kafka_version_str()));
  }
  std::memcpy(&membership.generation, metadata.data() + kMagic.size(),
              sizeof membership.generation);
  membership.member_id = metadata.substr(group_end + 1, member_end - group_end - 1);
  membership.metadata = std::move(metadata);
  return membership;
}

}  // namespace

absl::StatusOr<GroupMembership> MembershipOf(rd_kafka_t* consumer) {
  const GroupMetadata metadata(rd_kafka_consumer_group_metadata(consumer));
  if (metadata == nullptr) return absl::AbortedError("the consumer has no group");
  void* buffer = nullptr;
  size_t size = 0;
  const Error error(rd_kafka_consumer_group_metadata_write(metadata.get(), &buffer, &size));
  const Memory bytes(buffer);
  if (error != nullptr) {
    return absl::AbortedError(
        fmt::format("the consumer's group metadata: {}", rd_kafka_error_string(error.get())));
  }
  return ParseMembership(std::string(static_cast<const char*>(bytes.get()), size));
}

}  // namespace tocsin::broker
