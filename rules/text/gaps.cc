#include "rules/text/gaps.h"

#include <absl/status/statusor.h>

#include <algorithm>

#include "rules/text/char_table.h"
#include "rules/text/sentence_rules.h"

namespace tocsin::rules {
namespace {

constexpr char32_t kParagraphSeparator = 0x2029;

bool IsLineBreak(char32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x85; }

// The next code point; a line feed behind a carriage return is one with it.
char32_t NextChar(std::string_view text, size_t* at) {
  const char32_t c = NextCodePoint(text, at);
  if (c == '\r' && *at < text.size() && text[*at] == '\n') ++*at;
  return c;
}

// Whether a text read a character at a time has come to a blank line: one of nothing but white
// space, of whatever kind, and of what nobody sees.
class BlankLineFinder {
 public:
  bool Ends(char32_t c, CharKind kind) {
    if (IsLineBreak(c)) return ++breaks_ > 1;
    if (kind != CharKind::kSpace && kind != CharKind::kIgnorable) breaks_ = 0;
    return c == kParagraphSeparator;
  }

 private:
  int breaks_ = 0;  // in a row, with nothing to be seen between them
};

struct GapText {
  Gap widest = Gap::kJoiner;
  bool has_line_break = false;
  bool paragraph_break = false;
  bool may_end_sentence = false;
  bool is_one_period = false;
};

GapText Read(std::string_view text) {
  GapText gap;
  BlankLineFinder blank_lines;
  gap.is_one_period = text == ".";
  const auto widen = [&gap](Gap to) { gap.widest = std::max(gap.widest, to); };
  for (size_t at = 0; at < text.size();) {
    const char32_t c = NextChar(text, &at);
    const CharEntry entry = CharTable::Get().Lookup(c);
    if (blank_lines.Ends(c, entry.kind)) gap.paragraph_break = true;
    if (IsLineBreak(c)) {
      gap.has_line_break = true;
      widen(Gap::kSpace);
    } else if (entry.kind == CharKind::kSpace) {
      widen(Gap::kSpace);
    } else if (entry.kind != CharKind::kIgnorable && !entry.joins()) {
      widen(Gap::kPunctuation);
      gap.may_end_sentence = gap.may_end_sentence || MayEndSentence(c);
    }
  }
  return gap;
}

bool HasBlankLine(std::string_view text) {
  if (text.find("\n\n") != std::string_view::npos) return true;  // as most are written
  const CharTable& table = CharTable::Get();
  BlankLineFinder blank_lines;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = NextChar(text, &at);
    if (blank_lines.Ends(c, table.Lookup(c).kind)) return true;
  }
  return false;
}

}  // namespace

void Gaps::Reset(const Document& document, std::string_view stream, std::span<const Token> tokens,
                 const FieldTokens& fields) {
  document_ = &document;
  stream_ = stream;
  tokens_ = tokens;
  field_tokens_ = fields;
  known_.assign(tokens.size(), 0);
  for (FieldState& field : fields_) {
    field.sentences_known = false;
    field.has_blank_line.reset();
  }
  latest_ = {};
  status_ = absl::OkStatus();
}

Field Gaps::FieldOf(uint32_t token) const {
  for (int field = 0; field < kFieldCount; ++field) {
    if (token < field_tokens_[field].end) return static_cast<Field>(field);
  }
  return Field::kBody;
}

Gap Gaps::Widest(uint32_t first, uint32_t last, Gap limit) {
  Gap widest = Gap::kJoiner;
  for (uint32_t index = first; index < last && widest <= limit; ++index) {
    widest = std::max(widest, Behind(index));
  }
  return widest;
}

TokenRun Gaps::RunOfField(uint32_t token) const {
  const TokenRange field = field_tokens_[static_cast<int>(FieldOf(token))];
  return {.first = field.begin, .last = field.end - 1};
}

TokenRun Gaps::FindRun(uint32_t token, Gap limit) {
  TokenRun run{.first = token, .last = token};
  while (run.first > 0 && Behind(run.first - 1) <= limit) --run.first;
  while (Behind(run.last) <= limit) ++run.last;
  return run;
}

std::string_view Gaps::Folded(uint32_t index) const {
  const Token& token = tokens_[index];
  return stream_.substr(token.folded_begin, token.folded_end - token.folded_begin);
}

Gap Gaps::Classify(uint32_t index) {
  const Field field = FieldOf(index);
  if (index + 1 >= field_tokens_[static_cast<int>(field)].end) return Gap::kField;
  const uint32_t begin = tokens_[index].source_end;
  const uint32_t end = tokens_[index + 1].source_begin;
  // Tokens of one ligature share their source.
  if (end <= begin) return Gap::kJoiner;
  // As three of four are.
  if (end == begin + 1 && document_->Text(field)[begin] == ' ') return Gap::kSpace;
  const GapText gap = Read(document_->Text(field).substr(begin, end - begin));
  if (gap.is_one_period && IsOneLetter(Folded(index)) && IsOneLetter(Folded(index + 1))) {
    return Gap::kJoiner;
  }
  if (gap.paragraph_break) return Gap::kParagraph;
  if (!gap.may_end_sentence) return gap.widest;
  if (!SentenceEnds(index, field)) return gap.widest;
  // Feeds that never leave a line blank break paragraphs by single line breaks, always behind a
  // sentence.
  const bool breaks_paragraph = gap.has_line_break && !FieldHasBlankLine(field);
  return breaks_paragraph ? Gap::kParagraph : Gap::kSentence;
}

bool Gaps::SentenceEnds(uint32_t index, Field field) {
  const uint32_t begin = tokens_[index].source_end;
  const uint32_t end = tokens_[index + 1].source_begin;
  if (IsOneLetter(Folded(index))) return false;
  if (SentenceBreaker::HasRootRules(document_->language)) {
    const absl::StatusOr<bool> ends =
        breaker_.BeginsIn(document_->Text(field), document_->language, begin, end);
    status_.Update(ends.status());
    return ends.ok() && *ends;
  }
  FieldState& state = fields_[static_cast<int>(field)];
  if (!state.sentences_known) FindSentences(field);
  const auto next =
      std::upper_bound(state.sentence_begins.begin(), state.sentence_begins.end(), begin);
  return next != state.sentence_begins.end() && *next <= end;
}

void Gaps::FindSentences(Field field) {
  FieldState& state = fields_[static_cast<int>(field)];
  const std::string_view text = document_->Text(field);
  status_.Update(breaker_.Find(text, document_->language, &state.sentence_begins));
  state.sentences_known = true;
}

bool Gaps::FieldHasBlankLine(Field field) {
  FieldState& state = fields_[static_cast<int>(field)];
  if (!state.has_blank_line) state.has_blank_line = HasBlankLine(document_->Text(field));
  return *state.has_blank_line;
}

}  // namespace tocsin::rules
