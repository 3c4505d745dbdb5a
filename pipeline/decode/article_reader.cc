#include "pipeline/decode/article_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/mapping_walks.h"
#include "pipeline/decode/type_name.h"
#include "pipeline/decode/values/status.h"
#include "rules/base/digest.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kUnused = static_cast<size_t>(-1);
// Of what is always there; selectors have the bits below.
constexpr uint64_t kConstantBit = uint64_t{1} << Walk::kSelectorsMax;
constexpr size_t kNumberBytesMax = 32;
constexpr size_t kTraceBytesMax = 200;

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); });
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

bool HasText(MappedField field, const dom::element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return !IsBlank(text);
  return IsUsable(field, value);
}

template <typename Number>
void AppendNumber(Number number, std::string* text) {
  std::array<char, kNumberBytesMax> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text->append(digits.data(), end.ptr);
}

void AppendNumber(const dom::element& value, std::string* text) {
  if (value.is_int64()) return AppendNumber(value.get_int64().value_unsafe(), text);
  if (value.is_uint64()) return AppendNumber(value.get_uint64().value_unsafe(), text);
  AppendNumber(value.get_double().value_unsafe(), text);
}

struct Collector {
  std::vector<dom::element>* found;
  uint64_t mask = 0;

  void operator()(uint32_t target, const dom::element& value) {
    const uint64_t bit = uint64_t{1} << target;
    if ((mask & bit) == 0) found[target].clear();
    mask |= bit;
    found[target].push_back(value);
  }
};

}  // namespace

void ArticleReader::Use(const Mapping* mapping) {
  if (mapping == mapping_) return;
  mapping_ = mapping;
  size_t target = 0;
  for (size_t field = 0; field < kMappedFieldCount; ++field) {
    FieldPlan& plan = plans_[field];
    plan = {};
    for (const Alternative& each : mapping->spec().fields[field]) {
      uint64_t mask = each.selectors.empty() ? kConstantBit : 0;
      plan.alternatives.push_back({.alternative = &each, .target = target, .mask = 0});
      for (size_t i = 0; i < each.selectors.size(); ++i) mask |= uint64_t{1} << target++;
      plan.alternatives.back().mask = mask;
      plan.mask |= mask;
    }
  }
  if (found_.size() < target) found_.resize(target);
  found_mask_ = 0;
}

absl::Status ArticleReader::Read(const dom::element& value, Article* article) {
  used_.fill(kUnused);
  GiveBackBuffers();
  Collector collector{found_.data()};
  mapping_->walks().fields.Run(value, collector);
  found_mask_ = collector.mask;

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

absl::Status ArticleReader::ReadText(MappedField field, std::string_view* text) {
  return ReadField(field, [text](std::string_view read) {
    *text = read;
    return true;
  });
}

template <typename Accept>
absl::Status ArticleReader::ReadField(MappedField field, Accept accept) {
  const FieldPlan& plan = plans_[static_cast<size_t>(field)];
  if ((plan.mask & (found_mask_ | kConstantBit)) == 0) return absl::OkStatus();
  bool has_text = false;
  for (size_t i = 0; i < plan.alternatives.size(); ++i) {
    const AlternativePlan& each = plan.alternatives[i];
    if ((each.mask & (found_mask_ | kConstantBit)) == 0) continue;
    std::string_view text;
    RETURN_IF_ERROR(ReadAlternative(field, *each.alternative, each.target, &text));
    if (text.empty()) continue;
    has_text = true;
    if (!accept(text)) continue;
    used_[static_cast<size_t>(field)] = i;
    return absl::OkStatus();
  }
  if (!has_text) return NoteUnusable(field);
  ++unread_[static_cast<size_t>(field)];
  return absl::OkStatus();
}

// Text is empty unless something other than white space was found.
absl::Status ArticleReader::ReadAlternative(MappedField field, const Alternative& alternative,
                                            size_t target, std::string_view* text) {
  if (alternative.selectors.empty()) {
    *text = alternative.constant;
    return absl::OkStatus();
  }
  const Element* first = nullptr;
  bool is_joined = false;
  std::string& buffer = buffers_[static_cast<size_t>(field)];
  for (size_t i = 0; i < alternative.selectors.size(); ++i) {
    if (!HasFound(target + i)) continue;
    for (const Element& each : found_[target + i]) {
      if (!HasText(field, each)) continue;
      if (first == nullptr) {
        first = &each;
      } else if (alternative.joins) {
        if (!is_joined) {
          buffer.clear();
          RETURN_IF_ERROR(AppendPiece(IsHtml(field, alternative, *first), *first, &buffer));
        }
        is_joined = true;
        if (!buffer.empty()) buffer += alternative.separator;
        RETURN_IF_ERROR(AppendPiece(IsHtml(field, alternative, each), each, &buffer));
      }
    }
  }
  if (first == nullptr) return absl::OkStatus();
  const bool is_html = IsHtml(field, alternative, *first);
  if (!is_joined && first->is_string() && !is_html) {
    *text = first->get_string().value_unsafe();
    return absl::OkStatus();
  }
  if (!is_joined) {
    buffer.clear();
    RETURN_IF_ERROR(AppendPiece(is_html, *first, &buffer));
  }
  if (!IsBlank(buffer)) *text = buffer;
  return absl::OkStatus();
}

absl::Status ArticleReader::AppendPiece(bool is_html, const Element& piece, std::string* text) {
  std::string_view string;
  if (piece.get(string) != simdjson::SUCCESS) {
    AppendNumber(piece, text);
    return absl::OkStatus();
  }
  if (is_html) {
    ASSIGN_OR_RETURN(string, html_.Render(string));
  }
  text->append(string);
  return absl::OkStatus();
}

bool ArticleReader::IsHtml(MappedField field, const Alternative& alternative,
                           const Element& piece) const {
  if (alternative.type != TextType::kUnknown) return alternative.type == TextType::kHtml;
  const bool may_be = field == MappedField::kBody || field == MappedField::kLead;
  if (!may_be || !piece.is_string()) return false;
  if (content_type_ != TextType::kUnknown) return content_type_ == TextType::kHtml;
  return LooksLikeHtml(piece.get_string().value_unsafe());
}

// Nothing was read: whether because nothing was there.
absl::Status ArticleReader::NoteUnusable(MappedField field) {
  size_t target = plans_[static_cast<size_t>(field)].alternatives.front().target;
  for (const Alternative& alternative : mapping_->spec().Of(field)) {
    for (const Selector& selector : alternative.selectors) {
      // What * and ** lead to may be anything.
      const bool is_exact = selector.steps.back().kind == Step::Kind::kKey;
      const size_t here = target++;
      if (!HasFound(here)) continue;
      for (const Element& value : found_[here]) {
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
    hash(hashed_);
  }
  article->id = {id_.data(), id_.size()};
}

void ArticleReader::GiveBackBuffers() {
  const auto give_back = [](std::string* buffer) {
    const bool is_spare = buffer->capacity() > kBytesKept && buffer->size() <= kBytesKept / 2;
    if (is_spare) std::string().swap(*buffer);
  };
  for (std::string& buffer : buffers_) give_back(&buffer);
  give_back(&hashed_);
}

std::vector<SelectorTrace> ArticleReader::Trace() const {
  static const std::vector<Element> kNothing;
  std::vector<SelectorTrace> trace;
  size_t target = 0;
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
        const size_t here = target++;
        const std::vector<Element>& found = HasFound(here) ? found_[here] : kNothing;
        SelectorTrace& each = trace.emplace_back(
            SelectorTrace{.field = static_cast<MappedField>(field),
                          .selector = selector.text.empty() ? "(the document)" : selector.text,
                          .found = found.size(),
                          .is_used = is_used});
        if (!found.empty()) each.first = simdjson::minify(found.front()).substr(0, kTraceBytesMax);
      }
    }
  }
  return trace;
}

}  // namespace tocsin
