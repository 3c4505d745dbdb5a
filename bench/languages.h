// Sentences of news in languages that are not written in Latin letters, our own, for generated
// corpora.
//
//   const Language* const russian = FindLanguage("ru");  // nullptr: there is none
//   body += russian->neutral[i];
//
// Shape     no rule of the catalog holds for the neutral ones, one holds for each matching one.
// Lifetime  of the program.
#ifndef TOCSIN_BENCH_LANGUAGES_H_
#define TOCSIN_BENCH_LANGUAGES_H_

#include <span>
#include <string_view>

namespace tocsin::bench {

struct Language {
  std::string_view tag;
  std::string_view separator;  // of sentences
  std::span<const std::string_view> neutral;
  std::span<const std::string_view> matching;
};

const Language* FindLanguage(std::string_view tag);

}  // namespace tocsin::bench

#endif  // TOCSIN_BENCH_LANGUAGES_H_
