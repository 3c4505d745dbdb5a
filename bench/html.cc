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

// Not control characters: gumbo makes U+FFFD of them.
bool IsBetweenWords(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; }

bool HasControl(std::string_view word) {
  for (size_t at = word.find('\xC2'); at != std::string_view::npos;
       at = word.find('\xC2', at + 1)) {
    if (static_cast<unsigned char>(word[at + 1]) < 0xA0) return true;
  }
  return false;
}

// A paragraph a line; every sixteenth word a link, every forty-eighth emphasized.
Page PageOf(std::string_view body) {
  constexpr size_t kWordsALink = 16;
  constexpr size_t kWordsAnEmphasis = 48;
  Page page;
  size_t words = 0;
  bool begins_paragraph = true;
  for (size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '\n') begins_paragraph = true;
    if (IsBetweenWords(body[at])) continue;
    const auto end = std::find_if(body.begin() + at, body.end(), IsBetweenWords);
    const std::string_view word(body.begin() + at, end);
    at += word.size() - 1;
    if (HasControl(word)) continue;
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
