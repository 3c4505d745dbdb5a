// What the demo read back from the broker, for people and for comparison.
//
//   ASSIGN_OR_RETURN(const DemoRecord record, ToDemoRecord(stored));
//   fmt::print("{}", Show(record, Marks::ForTerminal()));
//   lines.push_back(ExpectedLine(record));
//
// Shape     a line of expected.txt: Kafka topic, article id or "offset N", rule ids or reason,
//           matched words; tab-separated, with \n, \t and \\ written so.
// Errors    InvalidArgument: a record that is not ours.
#ifndef TOCSIN_DAEMON_DEMO_VIEW_H_
#define TOCSIN_DAEMON_DEMO_VIEW_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/broker/reader.h"

namespace tocsin {

struct Marks {
  std::string_view begin;
  std::string_view end;
  std::string_view dim;
  std::string_view strong;
  std::string_view reset;

  static Marks ForTerminal();
  static Marks Plain();
};

struct MarkedSentence {
  std::string text;
  std::vector<std::pair<size_t, size_t>> marks;  // bytes of the text, ascending, disjoint
};

struct DemoRecord {
  std::string kafka_topic;
  std::string id;                  // of the article, else "offset N"
  std::string title;               // of dead letters: the message
  std::vector<std::string> rules;  // of dead letters: the reason
  std::vector<std::string> words;  // distinct, in reading order
  std::vector<MarkedSentence> sentences;
};

absl::StatusOr<DemoRecord> ToDemoRecord(const broker::StoredRecord& stored);

std::string Show(const DemoRecord& record, const Marks& marks);
std::string ExpectedLine(const DemoRecord& record);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_DEMO_VIEW_H_
