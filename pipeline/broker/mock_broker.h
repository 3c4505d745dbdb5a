// librdkafka's mock cluster: a Kafka broker inside this process, on loopback, for the demo and for
// tests.
//
//   ASSIGN_OR_RETURN(auto mock_broker, MockBroker::Start());
//   RETURN_IF_ERROR(mock_broker->CreateKafkaTopic("news.raw", 1));
//   settings.brokers = mock_broker->bootstrap();
//
// Shape     plaintext, one broker, a port of the system's choosing.
// Units     a partition keeps its last 5 MiB and drops what is older.
// Errors    Internal: the library could not start it.
// Threads   the cluster has its own; the object belongs to one.
// Lifetime  what it holds dies with it.
#ifndef TOCSIN_PIPELINE_BROKER_MOCK_BROKER_H_
#define TOCSIN_PIPELINE_BROKER_MOCK_BROKER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>
#include <vector>

#include "pipeline/broker/handles.h"

namespace tocsin::broker {

class MockBroker {
 public:
  static absl::StatusOr<std::unique_ptr<MockBroker>> Start();

  absl::Status CreateKafkaTopic(const std::string& kafka_topic, int partitions);
  std::string bootstrap() const;

  // Requests about it are answered with this.
  void RefuseKafkaTopic(const std::string& kafka_topic, rd_kafka_resp_err_t code);

  // The next Produce requests are answered with these, one each.
  void AnswerProduce(const std::vector<rd_kafka_resp_err_t>& codes);

 private:
  using Cluster = std::unique_ptr<rd_kafka_mock_cluster_t, Deleter<&rd_kafka_mock_cluster_destroy>>;

  MockBroker(Client client, Cluster cluster);

  Client client_;  // the cluster runs on its threads, so it goes last
  Cluster cluster_;
};

}  // namespace tocsin::broker

#endif  // TOCSIN_PIPELINE_BROKER_MOCK_BROKER_H_
