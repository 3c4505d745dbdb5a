#include <algorithm>

#include "bench/by_hand.h"
#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/limits.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

namespace dom = simdjson::dom;

constexpr DecodeLimits kLimits;

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

absl::Status HandDecoder::EventRegistry(const Element& root, Seen seen) {
  dom::array articles;
  const bool is_answer =
      root["articles"]["results"].get(articles) == simdjson::SUCCESS ||
      root["recentActivityArticles"]["activity"].get(articles) == simdjson::SUCCESS ||
      root["articles"].get(articles) == simdjson::SUCCESS;
  if (!is_answer) return EventRegistryArticle(root, seen);
  if (articles.size() > kLimits.articles_max) return Bad(BadRecord::kTooLarge, "too many articles");
  for (const Element each : articles) RETURN_IF_ERROR(EventRegistryArticle(each, seen));
  return absl::OkStatus();
}

absl::Status HandDecoder::EventRegistryArticle(const Element& value, Seen seen) {
  RETURN_IF_ERROR(Begin(value, "event-registry"));
  rules::Document& document = article_.document;
  RETURN_IF_ERROR(Must("id", TextOrNumber(value["uri"], &id_digits_, &article_.id)));
  RETURN_IF_ERROR(Must("title", Text(value["title"], &document.title)));
  RETURN_IF_ERROR(Body("body", Text(value["body"], &document.body), &body_, &document.body));
  const Value source = value["source"];
  May(Text(source["title"], &article_.source) || Text(source["uri"], &article_.source));
  May(Text(value["url"], &article_.url));
  May(Language(value["lang"]));
  May(Published(value["dateTimePub"]) || Published(value["dateTime"]) || Published(value["date"]));
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
