#include "rules/compile/phrases_file.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "rules/query/words.h"
#include "rules/text/char_table.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::optional<std::vector<Phrase>> PhrasesOf(std::string_view name, std::string* what,
                                             std::string* mend) {
  if (name.starts_with('{') && name.ends_with('}')) {
    std::optional<Phrase> cased = CasedPhrase(name.substr(1, name.size() - 2), what, mend);
    if (!cased) return std::nullopt;
    return std::vector<Phrase>{*std::move(cased)};
  }
  std::string literal(name);
  std::replace_if(literal.begin(), literal.end(), [](char c) { return c == '*' || c == '?'; }, ' ');
  const auto forms = PhraseForms(literal, what, mend);
  if (!forms) return std::nullopt;
  std::vector<Phrase> phrases;
  const Gap gap_max = GapOf(name, false);
  for (const Form& form : *forms) phrases.push_back({.tokens = form, .gap_max = gap_max});
  return phrases;
}

// Without the white space around it. The text is UTF-8.
std::string_view Trim(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto is_space = [](UChar32 c) {
    return CharTable::Get().Lookup(static_cast<char32_t>(c)).kind == CharKind::kSpace;
  };
  size_t begin = 0;
  size_t end = text.size();
  UChar32 c = 0;
  for (size_t at = 0; at < end; begin = at) {
    U8_NEXT_UNSAFE(bytes, at, c);
    if (!is_space(c)) break;
  }
  for (size_t at = end; at > begin; end = at) {
    U8_PREV_UNSAFE(bytes, at, c);
    if (!is_space(c)) break;
  }
  return text.substr(begin, end - begin);
}

// Empty for a line that holds none.
std::string_view NameIn(std::string_view line) {
  const std::string_view name = Trim(line);
  return name.starts_with('#') ? name.substr(0, 0) : name;
}

}  // namespace

void ReadPhrasesFile(
    const std::string& path, Diagnostics* diagnostics,
    absl::FunctionRef<bool(const TextFile& file, const ListedPhrase& name)> visit) {
  const std::optional<TextFile> file = ReadTextFile(path, diagnostics, LineEnds::kLfOrCr);
  if (!file) return;
  bool is_empty = true;
  for (size_t i = 0; i < file->lines.size(); ++i) {
    std::string_view line = file->lines[i];
    // Spreadsheets write one, and a comment may stand behind it.
    if (i == 0 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    const std::string_view name = NameIn(line);
    if (name.empty()) continue;
    is_empty = false;
    ListedPhrase listed{.line = static_cast<int>(i) + 1,
                        .column = static_cast<int>(name.begin() - file->lines[i].data()) + 1,
                        .text = name};
    std::string what;
    std::string mend;
    std::optional<std::vector<Phrase>> forms = PhrasesOf(name, &what, &mend);
    if (!forms) {
      Diagnostic error = AtPlace(*file, listed.line, listed.column);
      error.what = std::move(what);
      error.mend = std::move(mend);
      diagnostics->Add(std::move(error));
      continue;
    }
    listed.forms = *std::move(forms);
    if (!visit(*file, listed)) return;
  }
  if (is_empty) {
    diagnostics->Add({.file = path, .what = "no names", .mend = "write at least one, one a line"});
  }
}

}  // namespace tocsin::rules
