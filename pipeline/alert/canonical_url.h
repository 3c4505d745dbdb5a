// What stays of an article's URL when its copies, its AMP page and the marks of campaigns are one.
//
//   CanonicalUrl("https://www.Example.com/a/b/?utm_source=x&id=7#top") == "example.com/a/b?id=7"
//
// Shape     scheme, user, default port, fragment, "www.", "m." and "amp." of the host, a trailing
//           slash, marks of AMP and parameters that only track are dropped; the host is lower-case,
//           parameters are sorted. A page from Google's AMP viewer or cache is the publisher's.
//           Empty for what names no article: no host, or a host's front page.
// Threads   pure function.
#ifndef TOCSIN_PIPELINE_ALERT_CANONICAL_URL_H_
#define TOCSIN_PIPELINE_ALERT_CANONICAL_URL_H_

#include <string>
#include <string_view>

namespace tocsin {

std::string CanonicalUrl(std::string_view url);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_CANONICAL_URL_H_
