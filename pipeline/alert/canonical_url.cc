#include "pipeline/alert/canonical_url.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tocsin {
namespace {

bool TakePrefix(std::string_view prefix, std::string_view* text) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

bool TakeSuffix(std::string_view suffix, std::string_view* text) {
  if (!text->ends_with(suffix)) return false;
  text->remove_suffix(suffix.size());
  return true;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// "google.com/amp/s/example.com/a", "example-com.cdn.ampproject.org/c/s/example.com/a": example.com/a
void LeaveAmpCache(std::string* host, std::string_view* path) {
  std::string_view rest = *path;
  if (host->ends_with(".ampproject.org")) {
    if (!TakePrefix("/c/", &rest) && !TakePrefix("/v/", &rest)) return;
  } else if (!host->starts_with("google.") || !TakePrefix("/amp/", &rest)) {
    return;
  }
  TakePrefix("s/", &rest);
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return;
  *host = Lower(rest.substr(0, slash));
  *path = rest.substr(slash);
}

std::string Host(std::string_view authority) {
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  if (!TakeSuffix(":443", &authority)) TakeSuffix(":80", &authority);
  TakeSuffix(".", &authority);
  return Lower(authority);
}

std::string_view WithoutFacade(std::string_view host) {
  for (const std::string_view facade : {"www.", "amp.", "m.", "mobile."}) {
    if (host.starts_with(facade) &&
        host.substr(facade.size()).find('.') != std::string_view::npos) {
      host.remove_prefix(facade.size());
    }
  }
  return host;
}

void TrimPath(std::string_view* path) {
  if (path->starts_with("/amp/")) path->remove_prefix(4);
  size_t before;
  do {
    before = path->size();
    TakeSuffix("/", path);
    TakeSuffix("/amp", path);
    TakeSuffix(".amp", path);
    TakeSuffix("/index.html", path);
  } while (path->size() != before);
}

bool Tracks(std::string_view parameter) {
  static constexpr std::array<std::string_view, 4> kPrefixes = {"utm_", "mc_", "pk_", "at_"};
  static constexpr std::array<std::string_view, 22> kNames = {
      "fbclid", "gclid",      "dclid",    "msclkid",  "yclid",    "igshid",    "twclid", "ttclid",
      "ref",    "ref_src",    "referrer", "cmpid",    "cmp",      "ncid",      "ocid",   "smid",
      "amp",    "outputtype", "partner",  "feedtype", "feedname", "guccounter"};
  const std::string name = Lower(parameter.substr(0, parameter.find('=')));
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kPrefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

std::string Query(std::string_view query) {
  std::vector<std::string_view> kept;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (!parameter.empty() && !Tracks(parameter)) kept.push_back(parameter);
  }
  std::ranges::sort(kept);
  std::string query_kept;
  for (const std::string_view parameter : kept) {
    if (!query_kept.empty()) query_kept += '&';
    query_kept += parameter;
  }
  return query_kept;
}

}  // namespace

std::string CanonicalUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  TakePrefix("//", &url);
  url = url.substr(0, url.find('#'));
  const size_t question = url.find('?');
  const std::string query =
      question == std::string_view::npos ? "" : Query(url.substr(question + 1));
  url = url.substr(0, question);
  const size_t slash = std::min(url.find('/'), url.size());
  std::string host = Host(url.substr(0, slash));
  std::string_view path = url.substr(slash);
  host = WithoutFacade(host);
  LeaveAmpCache(&host, &path);
  TrimPath(&path);
  if (host.find('.') == std::string::npos || (path.empty() && query.empty())) return {};
  std::string canonical(WithoutFacade(host));
  canonical += path;
  if (!query.empty()) canonical += "?" + query;
  return canonical;
}

}  // namespace tocsin
