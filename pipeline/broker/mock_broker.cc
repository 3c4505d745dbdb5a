#include "pipeline/broker/mock_broker.h"

#include <fmt/format.h>

#include <utility>

#include "pipeline/broker/settings.h"
#include "rules/base/status_macros.h"

namespace tocsin::broker {

absl::StatusOr<std::unique_ptr<MockBroker>> MockBroker::Start() {
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set(conf.get(), "log_level", "3", nullptr, 0);  // it warns that it has no brokers
  ASSIGN_OR_RETURN(Client client, Connect(RD_KAFKA_PRODUCER, std::move(conf)));
  Cluster cluster(rd_kafka_mock_cluster_new(client.get(), 1));
  if (cluster == nullptr) return absl::InternalError("the mock broker did not start");
  return std::unique_ptr<MockBroker>(new MockBroker(std::move(client), std::move(cluster)));
}

MockBroker::MockBroker(Client client, Cluster cluster)
    : client_(std::move(client)), cluster_(std::move(cluster)) {}

absl::Status MockBroker::CreateKafkaTopic(const std::string& kafka_topic, int partitions) {
  const rd_kafka_resp_err_t code =
      rd_kafka_mock_topic_create(cluster_.get(), kafka_topic.c_str(), partitions, 1);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("mock broker: Kafka topic {}: {}", kafka_topic, rd_kafka_err2str(code)));
}

void MockBroker::RefuseKafkaTopic(const std::string& kafka_topic, rd_kafka_resp_err_t code) {
  rd_kafka_mock_topic_set_error(cluster_.get(), kafka_topic.c_str(), code);
}

void MockBroker::AnswerProduce(const std::vector<rd_kafka_resp_err_t>& codes) {
  constexpr int16_t kProduceApi = 0;
  rd_kafka_mock_push_request_errors_array(cluster_.get(), kProduceApi, codes.size(), codes.data());
}

std::string MockBroker::bootstrap() const {
  return rd_kafka_mock_cluster_bootstraps(cluster_.get());
}

}  // namespace tocsin::broker
