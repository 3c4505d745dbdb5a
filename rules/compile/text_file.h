// A file that analysts write, as lines of UTF-8.
//
//   Diagnostics diagnostics;
//   std::optional<TextFile> file = ReadTextFile("rules/catalog/ceasefire.yaml", &diagnostics);
//   diagnostics.Add(AtPlace(*file, 7, 12));
//
// Shape     lines: without their ends, of Unix or Windows, and if told so of an old Mac (a lone CR).
// Units     line and column count from 1; the column counts bytes.
// Errors    added to the diagnostics: the file cannot be read, is larger than kFileBytesMax or no
//           UTF-8; then nullopt.
#ifndef TOCSIN_RULES_COMPILE_TEXT_FILE_H_
#define TOCSIN_RULES_COMPILE_TEXT_FILE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/compile/diagnostics.h"

namespace tocsin::rules {

// A YAML tree takes up to a hundred times the bytes of its file; 8 MiB hold as many rules, or names,
// as one rule set takes.
inline constexpr size_t kFileBytesMax = size_t{8} << 20;

struct TextFile {
  std::string path;
  std::string content;
  std::vector<std::string> lines;
};

// To YAML's parser a lone CR ends no line.
enum class LineEnds { kLf, kLfOrCr };

std::optional<TextFile> ReadTextFile(const std::string& path, Diagnostics* diagnostics,
                                     LineEnds ends = LineEnds::kLf);

// An error there.
Diagnostic AtPlace(const TextFile& file, int line, int column);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_TEXT_FILE_H_
