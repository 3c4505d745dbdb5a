#include "bench/stages.h"

#include <memory>
#include <vector>

#include "bench/measure.h"
#include "pipeline/decode/decoder.h"
#include "pipeline/publish/encoder.h"
#include "rules/base/status_macros.h"
#include "rules/scanner.h"
#include "rules/text/fold.h"

namespace tocsin::bench {
namespace {

Pass MakeDecodePass(const Workload& workload) {
  return
      [&workload, decoder = std::make_shared<Decoder>(DecodeLimits{})]() -> absl::StatusOr<Tally> {
        Tally tally;
        for (const Work& work : workload.works) {
          ASSIGN_OR_RETURN(const Article* article, decoder->Decode(work.json));
          tally += TallyOf(*article);
        }
        return tally;
      };
}

Pass MakeFoldPass(const Workload& workload) {
  return [&workload, folder = std::make_shared<rules::Folder>()]() -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      folder->Clear();
      folder->Append(work.title, work.language);
      folder->Append(work.lead, work.language);
      folder->Append(work.body, work.language);
      tally += {.items = 1, .bytes = folder->stream().size()};
    }
    return tally;
  };
}

Pass MakeTokensPass(const Workload& workload) {
  return [&workload, stage = std::make_shared<TriggerStage>(
                         workload.rule_set->program())]() -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      tally += stage->ReadTokens(work);
    }
    return tally;
  };
}

absl::StatusOr<Pass> MakeTriggersPass(const Workload& workload) {
  auto stage = std::make_shared<TriggerStage>(workload.rule_set->program());
  RETURN_IF_ERROR(stage->Prepare());
  return [&workload, stage]() -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      stage->ReadTokens(work);
      ASSIGN_OR_RETURN(const Tally triggers, stage->Find());
      tally += triggers;
    }
    return tally;
  };
}

absl::StatusOr<Pass> MakeScanPass(const Workload& workload) {
  ASSIGN_OR_RETURN(rules::Scanner created, rules::Scanner::Create(workload.rule_set));
  return [&workload, scanner = std::make_shared<rules::Scanner>(std::move(created)),
          matches = rules::Matches()]() mutable -> absl::StatusOr<Tally> {
    Tally tally;
    for (const Work& work : workload.works) {
      RETURN_IF_ERROR(scanner->Scan(work.document(), &matches));
      tally += TallyOf(matches);
    }
    return tally;
  };
}

Pass MakeEncodePass(const Workload& workload) {
  return
      [&workload,
       encoder = std::make_shared<Encoder>(workload.rule_set, EncoderOptions{.cluster = "bench"}),
       records = std::vector<OutputRecord>()]() mutable -> absl::StatusOr<Tally> {
        Tally tally;
        for (const Work& work : workload.works) {
          records.clear();
          const Article article = {.document = work.document(), .json = work.json};
          encoder->Encode(RecordOf(work), article, work.matches, &records);
          tally += TallyOf(records);
        }
        return tally;
      };
}

}  // namespace

void RegisterStages(const Workload& workload) {
  const Answer& answer = workload.answer;
  Register("decode", workload, {.bytes = workload.json_bytes, .answer = answer.decode},
           [&workload] { return MakeDecodePass(workload); });
  Register("fold", workload, {.bytes = workload.text_bytes, .answer = answer.fold},
           [&workload] { return MakeFoldPass(workload); });
  Register("tokens", workload, {.bytes = workload.text_bytes, .answer = answer.tokens},
           [&workload] { return MakeTokensPass(workload); });
  Register("triggers", workload, {.bytes = workload.text_bytes, .answer = answer.triggers},
           [&workload] { return MakeTriggersPass(workload); });
  Register("scan", workload, {.bytes = workload.text_bytes, .answer = answer.scan},
           [&workload] { return MakeScanPass(workload); });
  Register("encode", workload, {.bytes = answer.encode.bytes, .answer = answer.encode},
           [&workload] { return MakeEncodePass(workload); });
}

}  // namespace tocsin::bench
