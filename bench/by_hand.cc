#include "bench/by_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/decode/bad_record.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

constexpr DecodeLimits kLimits;
constexpr std::string_view kJsonSpace = " \t\r\n";

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); });
}

std::string_view Trim(std::string_view json) {
  const size_t begin = json.find_first_not_of(kJsonSpace);
  if (begin == std::string_view::npos) return {};
  return json.substr(begin, json.find_last_not_of(kJsonSpace) + 1 - begin);
}

}  // namespace

HandDecoder::HandDecoder()
    : payload_({.bytes_max = kLimits.bytes_max}),
      parser_(kLimits),
      html_({.bytes_max = kLimits.bytes_max, .depth_max = kLimits.html_depth_max}) {}

absl::Status HandDecoder::Decode(std::string_view value, Format format, Seen seen) {
  ASSIGN_OR_RETURN(const std::string_view json, payload_.Read(value, {}));
  const std::string_view text = Trim(json);
  if (text.empty()) return Bad(BadRecord::kEmpty, "nothing but white space");
  Element root;
  RETURN_IF_ERROR(parser_.Parse(text, static_cast<size_t>(text.data() - value.data()), &root));
  return (this->*format)(root, seen);
}

absl::Status HandDecoder::Begin(const Element& value, std::string_view preset) {
  if (!value.is_object()) return Bad(BadRecord::kWrongType, "an article must be an object");
  article_ = {};
  article_.mapping = preset;
  content_type_ = TextType::kUnknown;
  is_wrong_type_ = false;
  return absl::OkStatus();
}

absl::Status HandDecoder::End(Seen seen) {
  const rules::Document& document = article_.document;
  if (document.title.empty() && document.body.empty() && !IsWithdrawn(article_.status)) {
    return Bad(BadRecord::kMissingField, "no text in title or body");
  }
  seen(article_);
  return absl::OkStatus();
}

bool HandDecoder::Text(const Value& value, std::string_view* text) {
  std::string_view read;
  const simdjson::error_code error = value.get(read);
  if (error == simdjson::SUCCESS) {
    if (IsBlank(read)) return false;
    *text = read;
    return true;
  }
  is_wrong_type_ |= error == simdjson::INCORRECT_TYPE && !value.is_null();
  return false;
}

bool HandDecoder::TextOrNumber(const Value& value, std::string* digits, std::string_view* text) {
  int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return Text(value, text);
  *digits = fmt::format("{}", number);
  *text = *digits;
  return true;
}

bool HandDecoder::Is(const Value& value, std::string_view want) const {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS && text == want;
}

absl::Status HandDecoder::Must(std::string_view field, bool is_read) {
  if (std::exchange(is_wrong_type_, false) && !is_read) {
    return Bad(BadRecord::kWrongType, fmt::format("{} must be a string or null", field));
  }
  return absl::OkStatus();
}

void HandDecoder::May(bool is_read) {
  if (std::exchange(is_wrong_type_, false) && !is_read) ++unread_;
}

absl::Status HandDecoder::Body(std::string_view field, bool is_read, std::string* rendered,
                               std::string_view* text) {
  RETURN_IF_ERROR(Must(field, is_read));
  const bool is_html =
      is_read && (content_type_ == TextType::kUnknown ? LooksLikeHtml(*text)
                                                      : content_type_ == TextType::kHtml);
  if (!is_html) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string_view plain, html_.Render(*text));
  *rendered = plain;
  *text = IsBlank(*rendered) ? std::string_view() : *rendered;
  return absl::OkStatus();
}

bool HandDecoder::Published(const Value& value) {
  std::string_view text;
  if (!Text(value, &text)) return false;
  if (!ReadTime(text, &published_)) {
    is_wrong_type_ = true;
    return false;
  }
  article_.published_at = published_.view();
  return true;
}

bool HandDecoder::Embargoed(const Value& value) {
  std::string_view text;
  if (!Text(value, &text)) return false;
  if (!ReadTime(text, &embargoed_)) {
    is_wrong_type_ = true;
    return false;
  }
  article_.embargoed = embargoed_.view();
  return true;
}

bool HandDecoder::Language(const Value& value) {
  std::string_view text;
  if (!Text(value, &text)) return false;
  if (!ReadLanguage(text, &language_)) {
    is_wrong_type_ = true;
    return false;
  }
  article_.document.language = language_.view();
  return true;
}

bool HandDecoder::Status(const Value& value) {
  std::string_view text;
  if (!Text(value, &text)) return false;
  article_.status = ReadStatus(text);
  is_wrong_type_ |= article_.status.empty();
  return !article_.status.empty();
}

absl::Status HandDecoder::Flat(const Element& root, Seen seen) {
  RETURN_IF_ERROR(Begin(root, ""));
  rules::Document& document = article_.document;
  std::string_view type;
  if (Text(root["content_type"], &type)) {
    content_type_ = ReadTextType(type);
    unread_ += content_type_ == TextType::kUnknown ? 1 : 0;
  }
  RETURN_IF_ERROR(Must("id", TextOrNumber(root["id"], &id_digits_, &article_.id)));
  RETURN_IF_ERROR(Must("title", Text(root["title"], &document.title)));
  RETURN_IF_ERROR(Body("lead", Text(root["lead"], &document.lead), &lead_, &document.lead));
  RETURN_IF_ERROR(Body("body", Text(root["body"], &document.body), &body_, &document.body));
  May(TextOrNumber(root["version"], &version_digits_, &article_.version));
  May(Text(root["source"], &article_.source));
  May(Text(root["url"], &article_.url));
  May(Language(root["language"]));
  May(Published(root["published_at"]));
  May(Embargoed(root["embargoed"]));
  May(Status(root["status"]));
  return End(seen);
}

}  // namespace tocsin::bench
