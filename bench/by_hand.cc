#include "bench/by_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "pipeline/decode/bad_record.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

namespace dom = simdjson::dom;

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

bool IsNewsType(std::string_view type) {
  return type.ends_with("Article") || type.ends_with("Posting") || type == "Report";
}

bool IsNews(const simdjson::simdjson_result<dom::element>& type) {
  std::string_view name;
  if (type.get(name) == simdjson::SUCCESS) return IsNewsType(name);
  dom::array names;
  if (type.get(names) != simdjson::SUCCESS) return false;
  return std::any_of(names.begin(), names.end(), [&](const dom::element& each) {
    return each.get(name) == simdjson::SUCCESS && IsNewsType(name);
  });
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

// Of the texts in a list of ninjs, the first of this role, else the first of all.
bool HandDecoder::NinjsText(const Value& list, std::string_view role, std::string_view* text) {
  dom::array all;
  if (list.get(all) != simdjson::SUCCESS) return false;
  for (const Element each : all) {
    if (Is(each["role"], role) && Text(each["value"], text)) return true;
  }
  return std::any_of(all.begin(), all.end(),
                     [&](const Element& each) { return Text(each["value"], text); });
}

bool HandDecoder::NinjsPrefixed(const Element& root, std::string_view prefix,
                                std::string_view* text) {
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return false;
  return std::any_of(object.begin(), object.end(), [&](const dom::key_value_pair& member) {
    return member.key.starts_with(prefix) && Text(Element(member.value), text);
  });
}

bool HandDecoder::NinjsBody(const Element& root) {
  std::string_view* const body = &article_.document.body;
  dom::array all;
  if (root["bodies"].get(all) == simdjson::SUCCESS) {
    for (const Element each : all) {
      const bool is_plain =
          Is(each["contentType"], "text/plain") || Is(each["contenttype"], "text/plain");
      if (!is_plain || !Text(each["value"], body)) continue;
      content_type_ = TextType::kPlain;
      return true;
    }
  }
  if (NinjsText(root["bodies"], "main", body)) return true;
  content_type_ = TextType::kPlain;
  if (Text(root["body_text"], body)) return true;
  content_type_ = TextType::kHtml;
  if (Text(root["body_xhtml"], body)) return true;
  content_type_ = TextType::kUnknown;
  return NinjsPrefixed(root, "body_", body);
}

bool HandDecoder::NinjsSource(const Element& root) {
  std::string_view* const source = &article_.source;
  for (const std::string_view key : {"infoSources", "infosources", "infosource"}) {
    dom::array all;
    if (root[key].get(all) != simdjson::SUCCESS) continue;
    for (const Element each : all) {
      if (Text(each["name"], source)) return true;
    }
  }
  return Text(root["copyrightHolder"], source) || Text(root["copyrightholder"], source);
}

absl::Status HandDecoder::Ninjs(const Element& root, Seen seen) {
  RETURN_IF_ERROR(Begin(root, "ninjs"));
  rules::Document& document = article_.document;
  RETURN_IF_ERROR(Must("id", Text(root["uri"], &article_.id)));
  RETURN_IF_ERROR(Must("title", NinjsText(root["headlines"], "main", &document.title) ||
                                    Text(root["headline"], &document.title) ||
                                    NinjsPrefixed(root, "headline_", &document.title) ||
                                    Text(root["title"], &document.title)));
  const bool has_lead = NinjsText(root["descriptions"], "summary", &document.lead) ||
                        Text(root["description_text"], &document.lead) ||
                        NinjsPrefixed(root, "description_", &document.lead);
  RETURN_IF_ERROR(Body("lead", has_lead, &lead_, &document.lead));
  RETURN_IF_ERROR(Body("body", NinjsBody(root), &body_, &document.body));
  May(TextOrNumber(root["version"], &version_digits_, &article_.version));
  May(NinjsSource(root));
  May(Text(root["link"], &article_.url) || NinjsText(root["altIds"], "url", &article_.url) ||
      NinjsText(root["altids"], "url", &article_.url));
  May(Language(root["language"]));
  May(Published(root["versionCreated"]) || Published(root["versioncreated"]) ||
      Published(root["firstCreated"]) || Published(root["firstcreated"]));
  May(Embargoed(root["embargoed"]));
  May(Status(root["pubStatus"]) || Status(root["pubstatus"]));
  return End(seen);
}

absl::Status HandDecoder::Webz(const Element& root, Seen seen) {
  dom::array posts;
  if (root["posts"].get(posts) != simdjson::SUCCESS) return WebzPost(root, seen);
  for (const Element each : posts) RETURN_IF_ERROR(WebzPost(each, seen));
  return absl::OkStatus();
}

absl::Status HandDecoder::WebzPost(const Element& value, Seen seen) {
  RETURN_IF_ERROR(Begin(value, "webz"));
  rules::Document& document = article_.document;
  const Value thread = value["thread"];
  RETURN_IF_ERROR(
      Must("id", Text(value["uuid"], &article_.id) || Text(thread["uuid"], &article_.id)));
  RETURN_IF_ERROR(Must(
      "title", Text(value["title"], &document.title) || Text(thread["title"], &document.title)));
  RETURN_IF_ERROR(Body("body", Text(value["text"], &document.body), &body_, &document.body));
  May(Text(thread["site_full"], &article_.source) || Text(thread["site"], &article_.source));
  May(Text(value["url"], &article_.url) || Text(thread["url"], &article_.url));
  May(Language(value["language"]));
  May(Published(value["published"]) || Published(thread["published"]));
  return End(seen);
}

absl::Status HandDecoder::NewsPlease(const Element& root, Seen seen) {
  RETURN_IF_ERROR(Begin(root, "news-please"));
  rules::Document& document = article_.document;
  RETURN_IF_ERROR(Must("id", Text(root["filename"], &article_.id)));
  RETURN_IF_ERROR(Must("title", Text(root["title"], &document.title) ||
                                    Text(root["title_page"], &document.title) ||
                                    Text(root["title_rss"], &document.title)));
  RETURN_IF_ERROR(Body("lead", Text(root["description"], &document.lead), &lead_, &document.lead));
  const bool has_body =
      Text(root["maintext"], &document.body) || Text(root["text"], &document.body);
  RETURN_IF_ERROR(Body("body", has_body, &body_, &document.body));
  May(Text(root["source_domain"], &article_.source));
  May(Text(root["url"], &article_.url));
  May(Language(root["language"]));
  May(Published(root["date_publish"]) || Published(root["date_modify"]) ||
      Published(root["date_download"]));
  return End(seen);
}

absl::Status HandDecoder::Trafilatura(const Element& root, Seen seen) {
  RETURN_IF_ERROR(Begin(root, "trafilatura"));
  rules::Document& document = article_.document;
  RETURN_IF_ERROR(
      Must("id", Text(root["fingerprint"], &article_.id) || Text(root["id"], &article_.id)));
  RETURN_IF_ERROR(Must("title", Text(root["title"], &document.title)));
  const bool has_lead =
      Text(root["excerpt"], &document.lead) || Text(root["description"], &document.lead);
  RETURN_IF_ERROR(Body("lead", has_lead, &lead_, &document.lead));
  const bool has_body =
      Text(root["text"], &document.body) || Text(root["raw_text"], &document.body);
  RETURN_IF_ERROR(Body("body", has_body, &body_, &document.body));
  May(Text(root["source-hostname"], &article_.source) || Text(root["sitename"], &article_.source) ||
      Text(root["hostname"], &article_.source));
  May(Text(root["source"], &article_.url) || Text(root["url"], &article_.url));
  May(Language(root["language"]));
  May(Published(root["date"]));
  return End(seen);
}

absl::Status HandDecoder::NewsApi(const Element& root, Seen seen) {
  dom::array articles;
  if (root["articles"].get(articles) != simdjson::SUCCESS) {
    return Bad(BadRecord::kMissingField, "no article; looked for /articles/*");
  }
  if (articles.size() > kLimits.articles_max) return Bad(BadRecord::kTooLarge, "too many articles");
  for (const Element each : articles) RETURN_IF_ERROR(NewsApiArticle(each, seen));
  return absl::OkStatus();
}

absl::Status HandDecoder::NewsApiArticle(const Element& value, Seen seen) {
  RETURN_IF_ERROR(Begin(value, "newsapi"));
  rules::Document& document = article_.document;
  const Value source = value["source"];
  RETURN_IF_ERROR(Must("title", Text(value["title"], &document.title)));
  RETURN_IF_ERROR(Body("lead", Text(value["description"], &document.lead), &lead_, &document.lead));
  const bool has_body =
      Text(value["content"], &document.body) || Text(value["description"], &document.body);
  RETURN_IF_ERROR(Body("body", has_body, &body_, &document.body));
  May(Text(source["name"], &article_.source) || Text(source["id"], &article_.source));
  May(Text(value["url"], &article_.url));
  May(Published(value["publishedAt"]));
  return End(seen);
}

absl::Status HandDecoder::SchemaOrg(const Element& root, Seen seen) {
  dom::array graph;
  if (root["@graph"].get(graph) != simdjson::SUCCESS) return SchemaOrgArticle(root, seen);
  for (const Element each : graph) {
    if (IsNews(each["@type"])) RETURN_IF_ERROR(SchemaOrgArticle(each, seen));
  }
  return absl::OkStatus();
}

absl::Status HandDecoder::SchemaOrgArticle(const Element& value, Seen seen) {
  RETURN_IF_ERROR(Begin(value, "schema-org"));
  rules::Document& document = article_.document;
  RETURN_IF_ERROR(Must("id", Text(value["@id"], &article_.id) ||
                                 Text(value["identifier"], &article_.id) ||
                                 Text(value["identifier"]["value"], &article_.id)));
  RETURN_IF_ERROR(Must("title", Text(value["headline"], &document.title) ||
                                    Text(value["name"], &document.title) ||
                                    Text(value["alternativeHeadline"], &document.title)));
  const bool has_lead =
      Text(value["abstract"], &document.lead) || Text(value["description"], &document.lead);
  RETURN_IF_ERROR(Body("lead", has_lead, &lead_, &document.lead));
  const bool has_body =
      Text(value["articleBody"], &document.body) || Text(value["text"], &document.body);
  RETURN_IF_ERROR(Body("body", has_body, &body_, &document.body));
  May(TextOrNumber(value["version"], &version_digits_, &article_.version));
  May(Text(value["publisher"]["name"], &article_.source) ||
      Text(value["publisher"].at(0)["name"], &article_.source) ||
      Text(value["sourceOrganization"]["name"], &article_.source) ||
      Text(value["provider"]["name"], &article_.source) ||
      Text(value["publisher"], &article_.source));
  May(Text(value["url"], &article_.url) || Text(value["mainEntityOfPage"]["@id"], &article_.url) ||
      Text(value["mainEntityOfPage"]["url"], &article_.url) ||
      Text(value["mainEntityOfPage"], &article_.url));
  May(Language(value["inLanguage"]) || Language(value["inLanguage"].at(0)) ||
      Language(value["inLanguage"]["alternateName"]) || Language(value["inLanguage"]["name"]));
  May(Published(value["datePublished"]) || Published(value["dateCreated"]) ||
      Published(value["uploadDate"]) || Published(value["dateModified"]));
  return End(seen);
}

}  // namespace tocsin::bench
