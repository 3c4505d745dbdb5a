#include "daemon/check_online.h"

#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "daemon/client_settings.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

using broker::AccessFinding;
using broker::AccessReport;
using Kind = AccessFinding::Kind;
using Resource = AccessFinding::Resource;

constexpr int kReplicasMax = 3;
constexpr char kPrincipal[] = "PRINCIPAL";

std::string Quote(std::string_view word) {
  return fmt::format("'{}'", absl::StrReplaceAll({word.data(), word.size()}, {{"'", "'\\''"}}));
}

std::string Property(const Config& config, const std::string& name) {
  const auto found = config.kafka.find(name);
  return found == config.kafka.end() ? "" : found->second;
}

bool IsSecured(const Config& config) {
  const std::string protocol = Property(config, "security.protocol");
  return !protocol.empty() && protocol != "plaintext" && protocol != "PLAINTEXT";
}

// By what name the brokers know us. That of a certificate is mapped by rules of theirs.
std::string PrincipalOf(const Config& config) {
  const std::string user = Property(config, "sasl.username");
  return user.empty() ? kPrincipal : user;
}

std::string Command(const Config& config, std::string_view program) {
  return fmt::format("{} --bootstrap-server {}{}", program, Quote(config.brokers),
                     IsSecured(config) ? " --command-config admin.properties" : "");
}

std::string Create(const AccessFinding& finding, const AccessReport& report, const Config& config) {
  return fmt::format("{} --create --topic {} --partitions {} --replication-factor {}",
                     Command(config, "kafka-topics.sh"), Quote(finding.name),
                     std::max(report.partitions_max, config.workers),
                     std::clamp(report.brokers, 1, kReplicasMax));
}

std::string Grant(const AccessFinding& finding, const Config& config) {
  std::string command =
      fmt::format("{} --add --allow-principal {}", Command(config, "kafka-acls.sh"),
                  Quote("User:" + PrincipalOf(config)));
  for (const std::string& operation : finding.operations) command += " --operation " + operation;
  switch (finding.resource) {
    case Resource::kGroup:
      // Backfills and replays have groups of their own below it.
      return fmt::format("{} --group {} --resource-pattern-type prefixed", command,
                         Quote(config.group));
    case Resource::kTransactionalId:
      return fmt::format("{} --transactional-id {} --resource-pattern-type prefixed", command,
                         Quote(config.group + "."));
    default:
      return fmt::format("{} --topic {}", command, Quote(finding.name));
  }
}

std::string_view NameOf(Resource resource) {
  switch (resource) {
    case Resource::kBrokers:
      return "Kafka brokers";
    case Resource::kKafkaTopic:
      return "Kafka topic";
    case Resource::kGroup:
      return "consumer group";
    case Resource::kTransactionalId:
      return "transactional id";
  }
  return "";
}

bool Has(const AccessReport& report, Kind kind) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const AccessFinding& finding) { return finding.kind == kind; });
}

void Explain(const AccessReport& report, const Config& config, std::FILE* out) {
  const bool has_command = Has(report, Kind::kDenied) || Has(report, Kind::kMissing);
  if (Has(report, Kind::kDenied) && PrincipalOf(config) == kPrincipal) {
    fmt::print(out,
               "{}: the name by which the brokers know this client; their authorizer logs it\n",
               kPrincipal);
  }
  if (has_command && IsSecured(config)) {
    fmt::print(out, "admin.properties: how an administrator's client connects to these brokers\n");
  }
}

absl::Status ToStatus(const AccessReport& report) {
  const std::string message = fmt::format("{} findings online", report.findings.size());
  if (Has(report, Kind::kRefused)) return absl::UnauthenticatedError(message);
  if (Has(report, Kind::kDenied)) return absl::PermissionDeniedError(message);
  if (Has(report, Kind::kMissing)) return absl::FailedPreconditionError(message);
  if (Has(report, Kind::kUnreachable)) return absl::UnavailableError(message);
  return absl::OkStatus();
}

}  // namespace

std::string Describe(const AccessFinding& finding, const AccessReport& report,
                     const Config& config) {
  std::string what = fmt::format("{} {}", NameOf(finding.resource), finding.name);
  switch (finding.kind) {
    case Kind::kUnreachable:
      return fmt::format(
          "{}: no answer: {}\n  look at `brokers`, at the network, and at the brokers", what,
          finding.reason);
    case Kind::kRefused:
      return fmt::format(
          "{}: they refuse our credentials, or we their certificate: {}\n"
          "  look at `kafka` and `kafka_secrets`: security.protocol, sasl.*, ssl.*",
          what, finding.reason);
    case Kind::kMissing:
      return fmt::format("{}: does not exist\n  {}", what, Create(finding, report, config));
    case Kind::kDenied:
      return fmt::format("{}: we lack {}\n  {}", what, fmt::join(finding.operations, " and "),
                         Grant(finding, config));
  }
  return what;
}

absl::Status CheckOnline(const Config& config, const rules::RuleSet& rule_set, std::FILE* out) {
  ASSIGN_OR_RETURN(const broker::ClientSettings client, ClientSettingsOf(config));
  broker::Access access{.read = config.input, .written = OutputKafkaTopics(config, rule_set)};
  access.written.push_back(config.dead_letter);
  if (config.delivery == Delivery::kExactlyOnce) {
    // No worker's: it would be fenced.
    ASSIGN_OR_RETURN(access.transactional_id, TransactionalId(config, "check"));
  }
  ASSIGN_OR_RETURN(const AccessReport report, broker::ProbeAccess(client, access));
  for (const AccessFinding& finding : report.findings) {
    fmt::print(out, "{}\n", Describe(finding, report, config));
  }
  Explain(report, config, out);
  RETURN_IF_ERROR(ToStatus(report));
  fmt::print(out, "{}: {} Kafka topics, the group {} and all rights are there\n", config.brokers,
             access.read.size() + access.written.size(), config.group);
  return absl::OkStatus();
}

}  // namespace tocsin
