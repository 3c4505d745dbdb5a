#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/stages.h"
#include "pipeline/alert/fingerprint.h"
#include "pipeline/alert/story_index.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

// Fingerprints each article, searches its story by all layers and remembers it, in an index that
// holds the workload. tests/alert/million measures the same in one of a million.
class Stories {
 public:
  explicit Stories(const Workload& workload) : workload_(workload) {
    for (const Work& work : workload_.works) {
      expected_.push_back(FingerprintOf(work));
      index_.Add(
          {.fingerprint = expected_.back(), .story = StoryIndex::NewStory(expected_.back(), 0)});
    }
  }

  absl::StatusOr<Tally> Run() {
    Tally tally;
    for (size_t i = 0; i < workload_.works.size(); ++i) {
      const Work& work = workload_.works[i];
      Fingerprint fingerprint = FingerprintOf(work);
      if (fingerprint != expected_[i]) return absl::InternalError("stories: another fingerprint");
      // Neither id, URL nor body is known: what costs most.
      Fingerprint probe = fingerprint;
      probe.id_hash = ~probe.id_hash;
      probe.body_hash[0] = ~probe.body_hash[0];
      const StoryIndex::Placement placement = index_.Find(probe, 0);
      if (placement.story == 0) return absl::InternalError("stories: no story");
      index_.Add({.fingerprint = fingerprint, .story = StoryIndex::NewStory(fingerprint, 0)});
      tally += {.items = 1, .bytes = work.text_bytes()};
    }
    return tally;
  }

 private:
  Fingerprint FingerprintOf(const Work& work) {
    return fingerprinter_.Of(
        {.id = std::string_view(work.json).substr(0, 64), .document = work.document()});
  }

  const Workload& workload_;
  Fingerprinter fingerprinter_;
  StoryIndex index_;
  std::vector<Fingerprint> expected_;
};

}  // namespace

void RegisterStories(const Workload& workload) {
  Register("stories", workload,
           {.bytes = workload.text_bytes,
            .answer = {.items = workload.works.size(), .bytes = workload.text_bytes}},
           [&workload]() -> absl::StatusOr<Pass> {
             return [stories = std::make_shared<Stories>(workload)] { return stories->Run(); };
           });
}

}  // namespace tocsin::bench
