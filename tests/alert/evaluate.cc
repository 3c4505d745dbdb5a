// How many edited copies join their story, and how many distinct articles are merged wrongly:
//
//   tests/alert/edits.py ../shared/corpora/articles.ndjson.zst > both.ndjson
//   story_evaluate both.ndjson                    the curve, and both figures by kind at the default
//   story_evaluate both.ndjson --check 97 0.5     exits 1 unless both figures are reached
//
// Merged wrongly: of articles that arrive one after the other, those placed in a story none of
// whose articles is a near duplicate of them (near_duplicates.h). Joined: of edited copies that
// meet an index of all originals, each a story of its own, those placed with their original or a
// near duplicate of it; the others are new or with a stranger.
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "pipeline/alert/fingerprint.h"
#include "pipeline/alert/story_index.h"
#include "pipeline/decode/decoder.h"
#include "tests/alert/near_duplicates.h"

namespace tocsin {
namespace {

struct Edit {
  std::string kind;
  size_t original;
  Fingerprint fingerprint;
};

struct Articles {
  std::vector<std::string> ids;
  std::vector<std::string> texts;
  std::vector<Fingerprint> originals;
  std::vector<Edit> edits;
};

struct Count {
  size_t joined = 0;
  size_t strange = 0;
  size_t all = 0;
};

struct Figures {
  std::vector<std::pair<size_t, size_t>>
      merged;  // article, the first of the story it was placed in
  std::map<std::string, Count> kinds;
  Count edits;
};

bool ReadArticles(const std::string& path, Articles* articles) {
  std::ifstream file(path);
  std::map<std::string, size_t, std::less<>> index;
  Decoder decoder({.bytes_max = size_t{1} << 24});
  Fingerprinter fingerprinter;
  for (std::string line; std::getline(file, line);) {
    const auto article = decoder.Decode(line);
    if (!article.ok()) {
      std::cerr << "story_evaluate: " << article.status() << '\n';
      return false;
    }
    const Fingerprint fingerprint = fingerprinter.Of(**article);
    const std::string id((*article)->id);
    const size_t mark = id.find('#');
    if (mark == std::string::npos) {
      if (!index.emplace(id, articles->ids.size()).second)
        continue;  // an id of the corpus, used twice
      articles->ids.push_back(id);
      articles->texts.push_back(std::string((*article)->document.title) + "\n" +
                                std::string((*article)->document.body));
      articles->originals.push_back(fingerprint);
      continue;
    }
    articles->edits.push_back({.kind = id.substr(mark + 1, id.rfind('#') - mark - 1),
                               .original = index.find(id.substr(0, mark))->second,
                               .fingerprint = fingerprint});
  }
  return !articles->originals.empty();
}

void FindMerged(const Articles& articles, const NearDuplicates& same,
                const StoryIndexOptions& options, Figures* figures) {
  StoryIndex index(options);
  std::map<uint64_t, std::vector<size_t>> stories;
  for (size_t i = 0; i < articles.originals.size(); ++i) {
    const auto placement = index.Find(articles.originals[i], 0);
    std::vector<size_t>& members = stories[placement.story];
    const bool is_known = std::ranges::any_of(members, [&](size_t j) { return same.Has(i, j); });
    if (!members.empty() && !is_known) figures->merged.emplace_back(i, members.front());
    members.push_back(i);
    index.Add({.fingerprint = articles.originals[i], .story = placement.story});
  }
}

void FindJoined(const Articles& articles, const NearDuplicates& same,
                const StoryIndexOptions& options, Figures* figures) {
  StoryIndex index(options);
  std::map<uint64_t, size_t> stories;
  for (size_t i = 0; i < articles.originals.size(); ++i) {
    const uint64_t story = StoryIndex::NewStory(articles.originals[i], 0);
    stories.emplace(story, i);
    index.Add({.fingerprint = articles.originals[i], .story = story});
  }
  for (const Edit& edit : articles.edits) {
    const auto placement = index.Find(edit.fingerprint, 0);
    const bool is_new = placement.novelty == StoryIndex::Placement::kNew;
    const size_t with = is_new ? 0 : stories.find(placement.story)->second;
    const bool is_joined = !is_new && (with == edit.original || same.Has(with, edit.original));
    for (Count* count : {&figures->kinds[edit.kind], &figures->edits}) {
      ++count->all;
      count->joined += is_joined;
      count->strange += !is_new && !is_joined;
    }
  }
}

Figures Evaluate(const Articles& articles, const NearDuplicates& same, double containment_min) {
  const StoryIndexOptions options{.containment_min = containment_min};
  Figures figures;
  FindMerged(articles, same, options, &figures);
  FindJoined(articles, same, options, &figures);
  return figures;
}

double Percent(size_t part, size_t all) {
  return all == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(all);
}

void PrintCurve(const Articles& articles, const NearDuplicates& same) {
  fmt::print("containment   joined %   with a stranger %   merged wrongly %\n");
  for (int percent = 30; percent <= 70; percent += 5) {
    const Figures figures = Evaluate(articles, same, percent / 100.0);
    fmt::print("{:11.2f} {:10.2f} {:19.3f} {:18.3f}\n", percent / 100.0,
               Percent(figures.edits.joined, figures.edits.all),
               Percent(figures.edits.strange, figures.edits.all),
               Percent(figures.merged.size(), articles.originals.size()));
  }
}

void PrintKinds(const Articles& articles, const Figures& figures) {
  fmt::print("\n{:40} {:>8} {:>10} {:>10}\n", "kind", "edits", "joined %", "stranger %");
  for (const auto& [kind, count] : figures.kinds) {
    fmt::print("{:40} {:8} {:10.2f} {:10.3f}\n", kind, count.all, Percent(count.joined, count.all),
               Percent(count.strange, count.all));
  }
  for (const auto& [article, first] : figures.merged) {
    const Overlap overlap =
        Compare(articles.originals[article].sketch, articles.originals[first].sketch);
    fmt::print("merged wrongly: {} with {}, {} of {} and {} shingles\n", articles.ids[article],
               articles.ids[first], overlap.shared, overlap.left.shingles, overlap.right.shingles);
  }
}

int Main(int argc, char** argv) {
  Articles articles;
  if (argc < 2 || !ReadArticles(argv[1], &articles)) return 2;
  const NearDuplicates same = FindNearDuplicates(articles.texts);
  fmt::print("{} articles, {} pairs of them near duplicates; {} edits\n", articles.originals.size(),
             same.pairs.size(), articles.edits.size());
  const bool is_check = argc == 5 && std::string_view(argv[2]) == "--check";
  if (!is_check) PrintCurve(articles, same);
  const Figures figures = Evaluate(articles, same, StoryIndexOptions{}.containment_min);
  PrintKinds(articles, figures);
  const double joined = Percent(figures.edits.joined, figures.edits.all);
  const double merged = Percent(figures.merged.size(), articles.originals.size());
  fmt::print("joined {:.2f} %, merged wrongly {:.3f} %\n", joined, merged);
  if (!is_check) return EXIT_SUCCESS;
  double joined_min = 0;
  double merged_max = 0;
  const bool are_numbers =
      absl::SimpleAtod(argv[3], &joined_min) && absl::SimpleAtod(argv[4], &merged_max);
  return are_numbers && joined >= joined_min && merged <= merged_max ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) { return tocsin::Main(argc, argv); }
