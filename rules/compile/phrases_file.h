// A file of names that one rule looks for (`phrases_file:`), one a line.
//
//   ReadPhrasesFile("companies.txt", &diagnostics,
//                   [&](const TextFile& file, const ListedPhrase& name) { ...; return true; });
//
// Shape     blank lines and lines that begin with # are passed over. A name is read as the phrase
//           in quotes would be, literally: `*`, `?`, quotes and braces inside it are punctuation.
//           A line all in braces, {Apple}, keeps case and accents. A line ends as of Unix, Windows
//           or an old Mac; white space of any kind around a name is left out.
// Cost      about 10 µs a name, most of it the fold.
// Errors    added to the diagnostics: what ReadTextFile refuses, names without a letter or digit or
//           too long, a file without names.
#ifndef TOCSIN_RULES_COMPILE_PHRASES_FILE_H_
#define TOCSIN_RULES_COMPILE_PHRASES_FILE_H_

#include <absl/functional/function_ref.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/diagnostics.h"
#include "rules/compile/text_file.h"
#include "rules/query/ast.h"

namespace tocsin::rules {

struct ListedPhrase {
  int line = 1;
  int column = 1;             // in bytes
  std::string_view text;      // as written
  std::vector<Phrase> forms;  // several if it is hyphenated
};

// visit: false ends it.
void ReadPhrasesFile(const std::string& path, Diagnostics* diagnostics,
                     absl::FunctionRef<bool(const TextFile& file, const ListedPhrase& name)> visit);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PHRASES_FILE_H_
