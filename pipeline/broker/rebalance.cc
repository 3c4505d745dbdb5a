#include "pipeline/broker/rebalance.h"

#include <spdlog/spdlog.h>

#include "pipeline/broker/handles.h"
#include "pipeline/broker/settings.h"

namespace tocsin::broker {
namespace {

void LogFailure(const char* what, const Error& error, rd_kafka_resp_err_t code) {
  if (error != nullptr) code = rd_kafka_error_code(error.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) spdlog::error("{}: {}", what, rd_kafka_err2str(code));
}

}  // namespace

void TakePartitions(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  if (IsCooperative()) {
    LogFailure("assigning", Error(rd_kafka_incremental_assign(client, partitions)),
               RD_KAFKA_RESP_ERR_NO_ERROR);
  } else {
    LogFailure("assigning", nullptr, rd_kafka_assign(client, partitions));
  }
}

void GiveUpPartitions(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* partitions) {
  if (IsCooperative()) {
    LogFailure("unassigning", Error(rd_kafka_incremental_unassign(client, partitions)),
               RD_KAFKA_RESP_ERR_NO_ERROR);
  } else {
    LogFailure("unassigning", nullptr, rd_kafka_assign(client, nullptr));
  }
}

}  // namespace tocsin::broker
