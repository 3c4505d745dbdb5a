#include "daemon/demo_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "pipeline/decode/decoder.h"
#include "pipeline/decode/published.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

constexpr std::array<std::string_view, 3> kFullWidthEnds = {"。", "！", "？"};

// The last one counts: a record that died twice carries both.
std::optional<std::string> FindHeader(const OutputRecord& record, std::string_view name) {
  std::optional<std::string> value;
  for (const OutputHeader& header : record.headers) {
    if (header.name == name) value = header.value;
  }
  return value;
}

size_t ByteOf(std::string_view text, size_t code_point) {
  size_t byte = 0;
  for (; byte < text.size(); ++byte) {
    const bool is_first_byte = (static_cast<unsigned char>(text[byte]) & 0xC0) != 0x80;
    if (is_first_byte && code_point-- == 0) break;
  }
  return byte;
}

// The size of what ends a sentence at this byte, or 0.
size_t EndAt(std::string_view text, size_t byte) {
  const std::string_view rest = text.substr(byte);
  for (const std::string_view end : kFullWidthEnds) {
    if (rest.starts_with(end)) return end.size();
  }
  const bool is_stop = rest[0] == '.' || rest[0] == '!' || rest[0] == '?';
  const bool is_last = rest.size() == 1 || rest[1] == ' ' || rest[1] == '\n';
  if (is_stop && is_last) return 1;
  return rest.starts_with("\n\n") ? 2 : 0;
}

std::pair<size_t, size_t> SentenceAround(std::string_view text, size_t begin, size_t end) {
  size_t sentence_begin = 0;
  for (size_t byte = 0; byte < begin; ++byte) {
    const size_t size = EndAt(text, byte);
    if (size > 0 && byte + size <= begin) sentence_begin = byte + size;
  }
  while (sentence_begin < begin && (text[sentence_begin] == ' ' || text[sentence_begin] == '\n')) {
    ++sentence_begin;
  }
  for (size_t byte = end; byte < text.size(); ++byte) {
    const size_t size = EndAt(text, byte);
    if (size > 0) return {sentence_begin, byte + size};
  }
  return {sentence_begin, text.size()};
}

// Spans of one field, ascending, as the sentences that hold them.
std::vector<MarkedSentence> MarkSentences(std::string_view text,
                                          const std::vector<std::pair<size_t, size_t>>& spans) {
  std::vector<MarkedSentence> sentences;
  std::pair<size_t, size_t> current(0, 0);
  for (const auto& [begin, end] : spans) {
    if (begin >= current.second) {
      current = SentenceAround(text, begin, end);
      sentences.push_back(
          {std::string(text.substr(current.first, current.second - current.first)), {}});
    }
    auto& marks = sentences.back().marks;
    const size_t from = begin - current.first;
    const size_t to = std::min(end, current.second) - current.first;
    if (!marks.empty() && from < marks.back().second) {
      marks.back().second = std::max(marks.back().second, to);
    } else {
      marks.emplace_back(from, to);
    }
  }
  return sentences;
}

DemoRecord ToDeadLetter(const broker::StoredRecord& stored, const std::string& offset) {
  const OutputRecord& record = stored.record;
  return {
      .kafka_topic = record.kafka_topic,
      .id = "offset " + offset,
      .title = FindHeader(record, "__connect.errors.exception.message").value_or(""),
      .rules = {FindHeader(record, "__connect.errors.exception.class.name").value_or("")},
      .words = {},
      .sentences = {},
  };
}

absl::StatusOr<DemoRecord> ToAlert(const broker::StoredRecord& stored) {
  ASSIGN_OR_RETURN(PublishedAlert alert, DecodeAlert(stored.record.value.value_or("")));
  return DemoRecord{.kafka_topic = stored.record.kafka_topic,
                    .id = std::move(alert.article),
                    .title = std::move(alert.headline),
                    .rules = std::move(alert.rules),
                    .words = {},
                    .sentences = {{.text = std::move(alert.sentence), .marks = {}}}};
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\t') {
      escaped += "\\t";
    } else if (c == '\\') {
      escaped += "\\\\";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string OnOneLine(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

Marks Marks::ForTerminal() {
  return {.begin = "\033[1;30;43m",
          .end = "\033[0m",
          .dim = "\033[2m",
          .strong = "\033[1m",
          .reset = "\033[0m"};
}

Marks Marks::Plain() { return {.begin = "[", .end = "]", .dim = "", .strong = "", .reset = ""}; }

absl::StatusOr<DemoRecord> ToDemoRecord(const broker::StoredRecord& stored) {
  const std::optional<std::string> failed_offset =
      FindHeader(stored.record, "__connect.errors.offset");
  if (failed_offset) return ToDeadLetter(stored, *failed_offset);
  if (!stored.record.value) return absl::InvalidArgumentError("a published record has no value");
  if (FindHeader(stored.record, "ce_type") == "tocsin.mention.first") return ToAlert(stored);

  ASSIGN_OR_RETURN(const Published published, DecodePublished(*stored.record.value));
  Decoder decoder({});
  ASSIGN_OR_RETURN(const Article* const article, decoder.Decode(published.article));

  DemoRecord record{.kafka_topic = stored.record.kafka_topic,
                    .id = std::string(article->id),
                    .title = std::string(article->document.title),
                    .rules = {},
                    .words = {},
                    .sentences = {}};
  std::vector<PublishedEvidence> all;
  for (const PublishedRule& rule : published.rules) {
    record.rules.push_back(rule.id);
    all.insert(all.end(), rule.evidence.begin(), rule.evidence.end());
  }
  std::sort(all.begin(), all.end(), [](const PublishedEvidence& a, const PublishedEvidence& b) {
    return std::tie(a.field, a.start, a.end) < std::tie(b.field, b.start, b.end);
  });
  std::array<std::vector<std::pair<size_t, size_t>>, rules::kFieldCount> spans;
  for (const PublishedEvidence& each : all) {
    const std::string_view text = article->document.Text(each.field);
    spans[static_cast<size_t>(each.field)].emplace_back(ByteOf(text, each.start),
                                                        ByteOf(text, each.end));
    if (std::find(record.words.begin(), record.words.end(), each.exact) == record.words.end()) {
      record.words.push_back(each.exact);
    }
  }
  for (size_t field = 0; field < spans.size(); ++field) {
    const std::string_view text = article->document.Text(static_cast<rules::Field>(field));
    for (MarkedSentence& sentence : MarkSentences(text, spans[field])) {
      record.sentences.push_back(std::move(sentence));
    }
  }
  return record;
}

std::string Show(const DemoRecord& record, const Marks& marks) {
  std::string shown =
      fmt::format("  {}{}{}  {}{}: {}{}\n", marks.strong, OnOneLine(record.title), marks.reset,
                  marks.dim, record.id, fmt::join(record.rules, ", "), marks.reset);
  for (const MarkedSentence& sentence : record.sentences) {
    const std::string text = OnOneLine(sentence.text);
    const std::string_view view = text;
    shown += "    ";
    size_t done = 0;
    for (const auto& [begin, end] : sentence.marks) {
      shown += fmt::format("{}{}{}{}", view.substr(done, begin - done), marks.begin,
                           view.substr(begin, end - begin), marks.end);
      done = end;
    }
    shown += fmt::format("{}\n", view.substr(done));
  }
  return shown;
}

std::string ExpectedLine(const DemoRecord& record) {
  std::string line = fmt::format("{}\t{}\t{}", record.kafka_topic, Escape(record.id),
                                 fmt::join(record.rules, ","));
  if (record.words.empty()) return line;
  return line + '\t' + Escape(fmt::format("{}", fmt::join(record.words, " | ")));
}

}  // namespace tocsin
