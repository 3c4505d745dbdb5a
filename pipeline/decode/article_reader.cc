#include "pipeline/decode/article_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <span>
#include <utility>

#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/type_name.h"
#include "pipeline/decode/values/status.h"
#include "rules/base/digest.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kUnused = static_cast<size_t>(-1);
constexpr size_t kTraceBytesMax = 200;

bool IsSpace(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

bool IsBlank(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text.empty();
}

// Whose text the rules see, or who the article is: not to be guessed at.
bool IsStrict(MappedField field) {
  return field == MappedField::kId || field == MappedField::kTitle || field == MappedField::kLead ||
         field == MappedField::kBody;
}

bool MayBeNumber(MappedField field) {
  return field == MappedField::kId || field == MappedField::kVersion ||
         field == MappedField::kPublished || field == MappedField::kEmbargoed;
}

bool IsUsable(MappedField field, const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::STRING:
      return true;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return MayBeNumber(field);
    case dom::element_type::DOUBLE:
      return MayBeNumber(field) && field != MappedField::kId;
    default:
      return false;
  }
}

std::string_view WriteNumber(const dom::element& value, std::span<char> digits) {
  char* const begin = digits.data();
  char* const end = begin + digits.size();
  std::to_chars_result written{};
  if (value.is_int64()) {
    written = std::to_chars(begin, end, value.get_int64().value_unsafe());
  } else if (value.is_uint64()) {
    written = std::to_chars(begin, end, value.get_uint64().value_unsafe());
  } else {
    written = std::to_chars(begin, end, value.get_double().value_unsafe());
  }
  return {begin, written.ptr};
}

// Whether it shows text also when it is HTML, without rendering it.
[[gnu::noinline]] bool BeginsWithText(dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return !text.empty() && static_cast<unsigned char>(text.front()) > ' ' && text.front() != '<' &&
         text.front() != '&';
}

// Keeps what is found, and leaves out what comes after the text that counts.
class Collector {
 public:
  Collector(const uint64_t* settles, FoundValues* found) : settles_(settles), found_(found) {}

  uint64_t settled() const { return settled_; }

  void operator()(uint32_t target, dom::element value) {
    found_->Add(target, value);
    const uint64_t more = settles_[target];
    if (more != 0 && BeginsWithText(value)) settled_ |= more;
  }

 private:
  const uint64_t* settles_;
  FoundValues* found_;
  uint64_t settled_ = 0;
};

}  // namespace

inline bool ArticleReader::IsHtml(MappedField field, const Alternative& alternative,
                                  std::string_view text) const {
  if (alternative.type != TextType::kUnknown) return alternative.type == TextType::kHtml;
  if (field != MappedField::kBody && field != MappedField::kLead) return false;
  if (content_type_ != TextType::kUnknown) return content_type_ == TextType::kHtml;
  return LooksLikeHtml(text);
}

// What most fields are: one value, whose text stands in the document as it is read.
[[gnu::always_inline]] inline bool ArticleReader::ReadSlice(MappedField field,
                                                            const FieldPlan::Way& way,
                                                            std::string_view* text) const {
  const Element* const only = found_.Only(way.mask);
  std::string_view slice;
  if (only == nullptr || only->get(slice) != simdjson::SUCCESS || IsBlank(slice)) return false;
  if (IsHtml(field, *way.alternative, slice)) return false;
  *text = slice;
  return true;
}

template <typename Accepts>
[[gnu::always_inline]] inline absl::Status ArticleReader::ReadField(MappedField field,
                                                                    Accepts accept) {
  const FieldPlan& plan = mapping_->walks().plans[static_cast<size_t>(field)];
  const uint64_t there = plan.mask & (found_.mask() | kConstantBit);
  if (there == 0) return absl::OkStatus();
  const size_t first = plan.way_of[static_cast<size_t>(std::countr_zero(there))];
  std::string_view text;
  if (!ReadSlice(field, plan.ways[first], &text) || !accept(text)) {
    return ReadWays(field, there, accept);
  }
  used_[static_cast<size_t>(field)] = first;
  return absl::OkStatus();
}

// All the ways, of which some have found something; apart, for the few fields that need it.
absl::Status ArticleReader::ReadWays(MappedField field, uint64_t left, Accept accept) {
  const FieldPlan& plan = mapping_->walks().plans[static_cast<size_t>(field)];
  bool has_text = false;
  while (left != 0) {
    const size_t index = plan.way_of[static_cast<size_t>(std::countr_zero(left))];
    const FieldPlan::Way& way = plan.ways[index];
    left &= ~way.mask;
    std::string_view text;
    if (!ReadSlice(field, way, &text)) RETURN_IF_ERROR(ReadWay(field, way, &text));
    if (text.empty()) continue;
    has_text = true;
    if (!accept(text)) continue;
    used_[static_cast<size_t>(field)] = index;
    return absl::OkStatus();
  }
  if (!has_text) return NoteUnusable(field);
  ++unread_[static_cast<size_t>(field)];
  return absl::OkStatus();
}

[[gnu::always_inline]] inline absl::Status ArticleReader::ReadText(MappedField field,
                                                                   std::string_view* text) {
  return ReadField(field, [text](std::string_view read) {
    *text = read;
    return true;
  });
}

absl::Status ArticleReader::Read(const dom::element& value, Article* article) {
  used_.fill(kUnused);
  if (has_large_buffer_) GiveBackBuffers();
  value_ = value;
  found_.Clear();
  const MappingWalks& walks = mapping_->walks();
  Collector collector(walks.settles.data(), &found_);
  walks.fields.Run(value, collector);

  content_type_ = TextType::kUnknown;
  RETURN_IF_ERROR(ReadField(MappedField::kContentType, [this](std::string_view text) {
    content_type_ = ReadTextType(text);
    return content_type_ != TextType::kUnknown;
  }));
  RETURN_IF_ERROR(ReadText(MappedField::kId, &article->id));
  RETURN_IF_ERROR(ReadText(MappedField::kTitle, &article->document.title));
  RETURN_IF_ERROR(ReadText(MappedField::kLead, &article->document.lead));
  RETURN_IF_ERROR(ReadText(MappedField::kBody, &article->document.body));
  RETURN_IF_ERROR(ReadMetadata(article));
  const bool has_text = !article->document.title.empty() || !article->document.body.empty();
  if (!has_text && !IsWithdrawn(article->status)) {
    return Bad(BadRecord::kMissingField,
               fmt::format("no text in title or body; looked for {}; {}",
                           DescribeSelectors(mapping_->spec(), MappedField::kTitle),
                           DescribeSelectors(mapping_->spec(), MappedField::kBody)));
  }
  article->mapping = mapping_->published_name();
  return absl::OkStatus();
}

absl::Status ArticleReader::ReadMetadata(Article* article) {
  RETURN_IF_ERROR(ReadText(MappedField::kVersion, &article->version));
  RETURN_IF_ERROR(ReadText(MappedField::kSource, &article->source));
  RETURN_IF_ERROR(ReadText(MappedField::kUrl, &article->url));
  RETURN_IF_ERROR(ReadField(MappedField::kLanguage, [&](std::string_view text) {
    if (!ReadLanguage(text, &language_)) return false;
    article->document.language = language_.view();
    return true;
  }));
  RETURN_IF_ERROR(ReadField(MappedField::kPublished, [&](std::string_view text) {
    if (!ReadTime(text, &published_)) return false;
    article->published_at = published_.view();
    return true;
  }));
  RETURN_IF_ERROR(ReadField(MappedField::kEmbargoed, [&](std::string_view text) {
    if (!ReadTime(text, &embargoed_)) return false;
    article->embargoed = embargoed_.view();
    return true;
  }));
  return ReadField(MappedField::kStatus, [&](std::string_view text) {
    article->status = ReadStatus(text);
    return !article->status.empty();
  });
}

// Text is empty unless something other than white space was found.
absl::Status ArticleReader::ReadWay(MappedField field, const FieldPlan::Way& way,
                                    std::string_view* text) {
  const Alternative& alternative = *way.alternative;
  if (way.mask == kConstantBit) {
    *text = alternative.constant;
    return absl::OkStatus();
  }
  std::string& buffer = buffers_[static_cast<size_t>(field)];
  bool is_buffered = false;
  for (uint64_t left = way.mask & found_.mask(); left != 0; left &= left - 1) {
    for (auto at = found_.First(static_cast<uint32_t>(std::countr_zero(left))); at;
         found_.Next(&at)) {
      Piece piece;
      RETURN_IF_ERROR(ReadPiece(*at.element, field, alternative, &piece));
      if (piece.text.empty()) continue;
      if (piece.is_slice && text->empty()) {
        *text = piece.text;
      } else {
        if (!std::exchange(is_buffered, true)) buffer = *text;
        if (!buffer.empty()) buffer += alternative.separator;
        buffer += piece.text;
        *text = buffer;
        has_large_buffer_ |= buffer.capacity() > kBytesKept;
      }
      if (!alternative.joins) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status ArticleReader::ReadPiece(const Element& value, MappedField field,
                                      const Alternative& alternative, Piece* piece) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) {
    if (IsUsable(field, value)) piece->text = WriteNumber(value, digits_);
    return absl::OkStatus();
  }
  if (IsBlank(text)) return absl::OkStatus();
  piece->is_slice = !IsHtml(field, alternative, text);
  if (!piece->is_slice) {
    ASSIGN_OR_RETURN(text, html_.Render(text));
    if (IsBlank(text)) return absl::OkStatus();
  }
  piece->text = text;
  return absl::OkStatus();
}

// Nothing was read: whether because nothing was there.
absl::Status ArticleReader::NoteUnusable(MappedField field) {
  uint32_t target = mapping_->walks().plans[static_cast<size_t>(field)].first_target;
  for (const Alternative& alternative : mapping_->spec().Of(field)) {
    for (const Selector& selector : alternative.selectors) {
      // What * and ** lead to may be anything.
      const bool is_exact = selector.steps.back().kind == Step::Kind::kKey;
      for (auto at = found_.First(target++); at; found_.Next(&at)) {
        const Element& value = *at.element;
        if (!is_exact || IsUsable(field, value)) continue;
        if (!IsStrict(field)) {
          ++unread_[static_cast<size_t>(field)];
          return absl::OkStatus();
        }
        return Bad(BadRecord::kWrongType,
                   fmt::format("{} must be {}or null, not {} (at {})", NameOf(field),
                               field == MappedField::kId ? "a string, an integer " : "a string ",
                               TypeName(value), selector.text));
      }
    }
  }
  return absl::OkStatus();
}

void ArticleReader::MakeId(Article* article) {
  if (!article->id.empty()) return;
  const auto hash = [&](std::string_view bytes) { HexDigest(bytes, std::span(id_)); };
  if (!article->url.empty()) {
    hash(article->url);
  } else {
    hashed_.assign(article->document.title);
    hashed_.push_back('\0');
    hashed_.append(article->document.body);
    has_large_buffer_ |= hashed_.capacity() > kBytesKept;
    hash(hashed_);
  }
  article->id = {id_.data(), id_.size()};
}

void ArticleReader::GiveBackBuffers() {
  has_large_buffer_ = false;
  const auto give_back = [this](std::string* buffer) {
    if (buffer->capacity() <= kBytesKept) return;
    if (buffer->size() <= kBytesKept / 2) {
      std::string().swap(*buffer);
    } else {
      has_large_buffer_ = true;
    }
  };
  for (std::string& buffer : buffers_) give_back(&buffer);
  give_back(&hashed_);
}

std::vector<SelectorTrace> ArticleReader::Trace() const {
  FoundValues all;
  auto add = [&all](uint32_t at, const Element& value) { all.Add(at, value); };
  mapping_->walks().fields.Run(value_, add);
  std::vector<SelectorTrace> trace;
  uint32_t target = 0;
  for (size_t field = 0; field < kMappedFieldCount; ++field) {
    const std::vector<Alternative>& alternatives = mapping_->spec().fields[field];
    for (size_t i = 0; i < alternatives.size(); ++i) {
      const bool is_used = used_[field] == i;
      if (alternatives[i].selectors.empty()) {
        trace.push_back({.field = static_cast<MappedField>(field),
                         .selector = fmt::format("'{}'", alternatives[i].constant),
                         .is_constant = true,
                         .is_used = is_used});
      }
      for (const Selector& selector : alternatives[i].selectors) {
        SelectorTrace& each = trace.emplace_back(
            SelectorTrace{.field = static_cast<MappedField>(field),
                          .selector = selector.text.empty() ? "(the document)" : selector.text,
                          .is_used = is_used});
        auto at = all.First(target++);
        if (at) each.first = simdjson::minify(*at.element).substr(0, kTraceBytesMax);
        for (; at; all.Next(&at)) ++each.found;
      }
    }
  }
  return trace;
}

}  // namespace tocsin
