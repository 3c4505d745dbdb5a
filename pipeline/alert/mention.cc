#include "pipeline/alert/mention.h"

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::string_view kCut = "…";
constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";

bool IsFirstByte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// The text's size, if it has no more code points.
size_t ByteOf(std::string_view text, uint64_t code_point) {
  size_t byte = 0;
  for (; byte < text.size(); ++byte) {
    if (IsFirstByte(text[byte]) && code_point-- == 0) break;
  }
  return byte;
}

size_t CountCodePoints(std::string_view text) {
  return std::count_if(text.begin(), text.end(), &IsFirstByte);
}

// The byte so many code points further on, or back.
size_t Ahead(std::string_view text, size_t byte, size_t code_points) {
  return byte + ByteOf(text.substr(byte), code_points);
}

size_t Back(std::string_view text, size_t byte, size_t code_points) {
  while (byte > 0 && code_points > 0) {
    --byte;
    if (IsFirstByte(text[byte])) --code_points;
  }
  return byte;
}

std::string OnOneLine(std::string_view text) {
  std::string line;
  bool is_space = true;  // what leads is dropped
  for (const char c : text) {
    const bool was_space = is_space;
    is_space = kWhiteSpace.find(c) != std::string_view::npos;
    if (!is_space) {
      line.push_back(c);
    } else if (!was_space) {
      line.push_back(' ');
    }
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

// begin and end: of the mention in the sentence.
std::string Shorten(std::string_view sentence, size_t begin, size_t end) {
  if (CountCodePoints(sentence) <= MentionFinder::kCodePointsMax) return OnOneLine(sentence);
  const size_t limit = MentionFinder::kCodePointsMax - 2;
  end = std::min(end, Ahead(sentence, begin, limit));
  const size_t spare = limit - CountCodePoints(sentence.substr(begin, end - begin));
  const size_t from = Back(sentence, begin, spare / 2);
  const size_t to =
      Ahead(sentence, end, spare - CountCodePoints(sentence.substr(from, begin - from)));
  std::string text(from > 0 ? kCut : "");
  text += OnOneLine(sentence.substr(from, to - from));
  if (to < sentence.size()) text += kCut;
  return text;
}

const PublishedEvidence* FirstOf(const std::vector<PublishedRule>& rules) {
  for (const PublishedRule& rule : rules) {
    const auto outside = std::find_if(
        rule.evidence.begin(), rule.evidence.end(),
        [](const PublishedEvidence& each) { return each.field != rules::Field::kTitle; });
    if (outside != rule.evidence.end()) return &*outside;
    if (!rule.evidence.empty()) return &rule.evidence.front();
  }
  return nullptr;
}

}  // namespace

std::string MentionFinder::SentenceOf(const std::vector<PublishedRule>& rules,
                                      const rules::Document& document) {
  const PublishedEvidence* const evidence = FirstOf(rules);
  if (evidence == nullptr) return "";
  const std::string_view text = document.Text(evidence->field);
  const size_t begin = ByteOf(text, evidence->start);
  const size_t end = std::max(begin, ByteOf(text, evidence->end));
  if (text.substr(begin, end - begin) != evidence->exact) return OnOneLine(evidence->exact);
  ends_.clear();
  // Without ICU's data there are no sentences: the text around the mention will do.
  if (!breaker_.Find(text, document.language, &ends_).ok()) ends_.clear();
  const auto next = std::upper_bound(ends_.begin(), ends_.end(), begin);
  const size_t sentence_begin = next == ends_.begin() ? 0 : *(next - 1);
  const auto last = std::lower_bound(ends_.begin(), ends_.end(), end);
  const size_t sentence_end = last == ends_.end() ? text.size() : *last;
  return Shorten(text.substr(sentence_begin, sentence_end - sentence_begin), begin - sentence_begin,
                 end - sentence_begin);
}

}  // namespace tocsin
