#include "rules/text/gaps.h"

#include <algorithm>

#include "rules/base/status_macros.h"
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

bool IsOneLetter(std::string_view folded) {
  size_t at = 0;
  const CharEntry entry = CharTable::Get().Lookup(NextCodePoint(folded, &at));
  const bool is_digit = folded[0] >= '0' && folded[0] <= '9';
  return at == folded.size() && entry.kind == CharKind::kWord && !is_digit;
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
}

Field Gaps::FieldOf(uint32_t token) const {
  for (int field = 0; field < kFieldCount; ++field) {
    if (token < field_tokens_[field].end) return static_cast<Field>(field);
  }
  return Field::kBody;
}

absl::StatusOr<Gap> Gaps::Behind(uint32_t index) {
  if (known_[index] == 0) {
    ASSIGN_OR_RETURN(const Gap gap, Classify(index));
    known_[index] = static_cast<uint8_t>(gap) + 1;
  }
  return static_cast<Gap>(known_[index] - 1);
}

absl::StatusOr<Gap> Gaps::Widest(uint32_t first, uint32_t last, Gap limit) {
  Gap widest = Gap::kJoiner;
  for (uint32_t index = first; index < last && widest <= limit; ++index) {
    ASSIGN_OR_RETURN(const Gap gap, Behind(index));
    widest = std::max(widest, gap);
  }
  return widest;
}

absl::StatusOr<uint32_t> Gaps::RunEnd(uint32_t token, Gap limit) {
  ASSIGN_OR_RETURN(const Run run, RunOf(token, limit));
  return run.last;
}

absl::StatusOr<uint32_t> Gaps::RunBegin(uint32_t token, Gap limit) {
  ASSIGN_OR_RETURN(const Run run, RunOf(token, limit));
  return run.first;
}

// Those who ask go through the text in order: the latest answer is mostly the next one too.
absl::StatusOr<Gaps::Run> Gaps::RunOf(uint32_t token, Gap limit) {
  if (limit >= Gap::kParagraph) {
    const TokenRange field = field_tokens_[static_cast<int>(FieldOf(token))];
    return Run{.first = field.begin, .last = field.end - 1};
  }
  Run& latest = latest_[limit == Gap::kSentence ? 1 : 0];
  if (latest.first <= token && token <= latest.last) return latest;
  Run run{.first = token, .last = token};
  for (;; --run.first) {
    if (run.first == 0) break;
    ASSIGN_OR_RETURN(const Gap gap, Behind(run.first - 1));
    if (gap > limit) break;
  }
  for (;; ++run.last) {
    ASSIGN_OR_RETURN(const Gap gap, Behind(run.last));
    if (gap > limit) break;
  }
  latest = run;
  return run;
}

std::string_view Gaps::Folded(uint32_t index) const {
  const Token& token = tokens_[index];
  return stream_.substr(token.folded_begin, token.folded_end - token.folded_begin);
}

absl::StatusOr<Gap> Gaps::Classify(uint32_t index) {
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
  ASSIGN_OR_RETURN(const bool ends, SentenceEnds(index, field));
  if (!ends) return gap.widest;
  // Feeds that never leave a line blank break paragraphs by single line breaks, always behind a
  // sentence.
  const bool breaks_paragraph = gap.has_line_break && !FieldHasBlankLine(field);
  return breaks_paragraph ? Gap::kParagraph : Gap::kSentence;
}

absl::StatusOr<bool> Gaps::SentenceEnds(uint32_t index, Field field) {
  const uint32_t begin = tokens_[index].source_end;
  const uint32_t end = tokens_[index + 1].source_begin;
  if (IsOneLetter(Folded(index))) return false;
  if (SentenceBreaker::HasRootRules(document_->language)) {
    return breaker_.BeginsIn(document_->Text(field), document_->language, begin, end);
  }
  FieldState& state = fields_[static_cast<int>(field)];
  if (!state.sentences_known) RETURN_IF_ERROR(FindSentences(field));
  const auto next =
      std::upper_bound(state.sentence_begins.begin(), state.sentence_begins.end(), begin);
  return next != state.sentence_begins.end() && *next <= end;
}

absl::Status Gaps::FindSentences(Field field) {
  FieldState& state = fields_[static_cast<int>(field)];
  const std::string_view text = document_->Text(field);
  RETURN_IF_ERROR(breaker_.Find(text, document_->language, &state.sentence_begins));
  state.sentences_known = true;
  return absl::OkStatus();
}

bool Gaps::FieldHasBlankLine(Field field) {
  FieldState& state = fields_[static_cast<int>(field)];
  if (!state.has_blank_line) state.has_blank_line = HasBlankLine(document_->Text(field));
  return *state.has_blank_line;
}

}  // namespace tocsin::rules
