// `tocsin replay`: dead letters back to the Kafka topics that their records came from.
//
//   return ReplayLetters({.config_path = path, .reasons = {"malformed_json"}}, stdout);
//
// Shape     up to where the dead-letter Kafka topic ends at the start. Each letter once, in one
//           transaction with its offset, in the group <group>.replay; with reasons, one after the
//           other, in groups <group>.replay.<reason> of their own, so that the other letters still
//           have their turn. A letter that either kind of replay has taken is left out by the
//           other. What was left is not looked at again either. Letters of an input that is not a
//           configured one, such as that of the webhooks, are replayed by themselves, in groups
//           <group>.<input>.replay. A dry run publishes and commits nothing.
// Errors    DataLoss: some could not be replayed. NotFound: no such Kafka topic or file.
//           InvalidArgument: the configuration; a dead-letter Kafka topic that is an input; an input
//           that is a configured one.
#ifndef TOCSIN_DAEMON_REPLAY_H_
#define TOCSIN_DAEMON_REPLAY_H_

#include <absl/status/status.h>

#include <cstdio>
#include <string>
#include <vector>

namespace tocsin {

struct ReplayCommand {
  std::string config_path;
  std::string dead_letter;           // Kafka topic; empty: the configured one
  std::string input;                 // Kafka topic; empty: the configured ones
  std::vector<std::string> reasons;  // empty: all
  bool dry_run = false;
};

// A signal stops it in order; the next one goes on.
absl::Status ReplayLetters(const ReplayCommand& command, std::FILE* out);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_REPLAY_H_
