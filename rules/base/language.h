// Languages of articles and rules, however their tags are written.
//
//   PrimarySubtag("en_GB") == "en"      PrimarySubtag("EN") == "en"
//   IsFor(rule.languages, article.language)
#ifndef TOCSIN_RULES_BASE_LANGUAGE_H_
#define TOCSIN_RULES_BASE_LANGUAGE_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

// Of a BCP 47 tag, or of a POSIX locale, in lower case; empty for an empty tag.
inline std::string PrimarySubtag(std::string_view tag) {
  std::string primary(tag.substr(0, tag.find_first_of("-_.@")));
  for (char& c : primary) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return primary;
}

// Whether a rule with these primary subtags is for an article: without either it is for any.
inline bool IsFor(const std::vector<std::string>& languages, std::string_view tag) {
  return languages.empty() || tag.empty() ||
         std::find(languages.begin(), languages.end(), PrimarySubtag(tag)) != languages.end();
}

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_BASE_LANGUAGE_H_
