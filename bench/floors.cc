#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/measure.h"
#include "bench/stages.h"
#include "pipeline/decode/json_parser.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

Pass MakeParsePass(const Workload& workload) {
  return [&workload,
          parser = std::make_shared<JsonParser>(DecodeLimits{})]() -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      simdjson::dom::element root;
      RETURN_IF_ERROR(parser->Parse(work.json, 0, &root));
      tally += {.items = root.is_object() ? 1u : 0u, .bytes = work.json.size()};
    }
    return tally;
  };
}

Pass MakeCopyPass(const Workload& workload) {
  return [&workload, buffer = std::vector<char>()]() mutable -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      buffer.resize(std::max(buffer.size(), work.text_bytes()));
      char* out = buffer.data();
      for (const std::string_view text : {work.title, work.lead, work.body}) {
        std::memcpy(out, text.data(), text.size());
        out += text.size();
      }
      benchmark::DoNotOptimize(buffer.data());
      benchmark::ClobberMemory();
      tally += {.items = 1, .bytes = static_cast<size_t>(out - buffer.data())};
    }
    return tally;
  };
}

}  // namespace

void RegisterFloors(const Workload& workload) {
  const size_t articles = workload.works.size();
  Register("parse", workload,
           {.bytes = workload.json_bytes, .answer = {articles, workload.json_bytes}},
           [&workload] { return MakeParsePass(workload); });
  Register("copy", workload,
           {.bytes = workload.text_bytes, .answer = {articles, workload.text_bytes}},
           [&workload] { return MakeCopyPass(workload); });
}

}  // namespace tocsin::bench
