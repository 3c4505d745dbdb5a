// A word from memory that need not be aligned.
//
//   const auto eight = Load<uint64_t>(token.data());
#ifndef TOCSIN_RULES_BASE_LOAD_H_
#define TOCSIN_RULES_BASE_LOAD_H_

#include <cstring>

namespace tocsin::rules {

template <typename Word>
Word Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_BASE_LOAD_H_
