// The bodies marked up as a content system marks them up, rendered as text again.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/measure.h"
#include "bench/stages.h"
#include "pipeline/decode/html_text.h"
#include "rules/base/status_macros.h"

namespace tocsin::bench {
namespace {

struct Page {
  std::string html;
  std::string text;
};

std::string Escaped(std::string_view word) {
  std::string escaped;
  for (const char c : word) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// A paragraph a line; every sixteenth word a link, every forty-eighth emphasized.
Page PageOf(std::string_view body) {
  constexpr std::string_view kSpace = " \t\n\f\r";
  constexpr size_t kWordsALink = 16;
  constexpr size_t kWordsAnEmphasis = 48;
  Page page;
  size_t words = 0;
  bool begins_paragraph = true;
  for (size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '\n') begins_paragraph = true;
    if (kSpace.find(body[at]) != std::string_view::npos || body[at] == '\0') continue;
    const size_t end = std::min(body.find_first_of(" \t\n\f\r", at), body.size());
    const std::string_view word = body.substr(at, end - at);
    if (begins_paragraph) {
      page.html += page.html.empty() ? "<p class=\"story\">" : "</p>\n<p class=\"story\">";
      page.text += page.text.empty() ? "" : "\n\n";
    } else {
      page.html += ' ';
      page.text += ' ';
    }
    page.text += word;
    begins_paragraph = false;
    ++words;
    if (words % kWordsAnEmphasis == 0) {
      page.html += "<em>" + Escaped(word) + "</em>";
    } else if (words % kWordsALink == 0) {
      page.html +=
          "<a href=\"https://news.example/story?id=1&amp;page=2\">" + Escaped(word) + "</a>";
    } else {
      page.html += Escaped(word);
    }
    at = end - 1;
  }
  if (!page.html.empty()) page.html += "</p>";
  return page;
}

}  // namespace

void RegisterHtml(const Workload& workload) {
  auto pages = std::make_shared<std::vector<Page>>();
  size_t bytes = 0;
  Tally answer;
  for (const Work& work : workload.works) {
    pages->push_back(PageOf(work.body));
    bytes += pages->back().html.size();
    answer += {.items = 1, .bytes = pages->back().text.size()};
  }
  Register("html", workload, {.bytes = bytes, .answer = answer}, [pages] {
    return Pass(
        [pages, html = std::make_shared<HtmlText>(HtmlLimits{})]() -> absl::StatusOr<Tally> {
          Tally tally;
          for (const Page& page : *pages) {
            ASSIGN_OR_RETURN(const std::string_view text, html->Render(page.html));
            tally += {.items = 1, .bytes = text.size()};
          }
          return tally;
        });
  });
}

}  // namespace tocsin::bench
