// Properties of the rendering over random mixtures of what HTML is made of.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/html_text.h"
#include "pipeline/decode/json_text.h"

namespace tocsin {
namespace {

constexpr std::string_view kWords[] = {"cease",  "fire", "é", "停", " ", "\n", "\t", "\u00A0",
                                       "\u00AD", ".",    ">", "\"", "'", "=",  "/",  "-"};
constexpr std::string_view kInline[] = {"<b>",          "</b>", "<i class=x>", "</i>",
                                        "<a href='#'>", "</a>", "<span>",      "</span>",
                                        "<x>",          "</x>", "<!---->"};
constexpr std::string_view kMarkup[] = {
    "<p>",     "</p>",      "<div>",     "</div>",    "<br>",       "<ul>",        "<li>",
    "</ul>",   "<table>",   "<tr>",      "<td>",      "</table>",   "<pre>",       "</pre>",
    "<script", "<svg>",     "</svg>",    "<select>",  "</select>",  "<template>",  "</template>",
    "<body>",  "</body>",   "<head>",    "<form>",    "<button>",   "<sup>1",      "</sup>",
    "<h1>",    "</h1>",     "<math>",    "<mi>",      "<title>",    "</title>",    "&amp;",
    "&#x41",   "&#xD800;",  "&nosuch;",  "&",         "<",          "</",          "<!--",
    "-->",     "<![CDATA[", "]]>",       "<!doctype", "<textarea>", "</textarea>", "<nobr>",
    "<b",      "<a x=\"",   "<frameset>"};

template <size_t kCount>
std::string_view AnyOf(const std::string_view (&pieces)[kCount]) {
  return pieces[*rc::gen::inRange<size_t>(0, kCount)];
}

std::string RandomText() {
  std::string text;
  for (int left = *rc::gen::inRange(0, 20); left > 0; --left) text += AnyOf(kWords);
  return text;
}

std::string RandomHtml() {
  std::string html;
  for (int left = *rc::gen::inRange(0, 30); left > 0; --left) {
    const int kind = *rc::gen::inRange(0, 3);
    html += kind == 0 ? AnyOf(kWords) : kind == 1 ? AnyOf(kInline) : AnyOf(kMarkup);
  }
  return html;
}

std::string Render(std::string_view html) {
  static HtmlText renderer(HtmlLimits{});
  const auto text = renderer.Render(html);
  RC_ASSERT(text.ok());
  return std::string(*text);
}

std::string Collapsed(std::string_view text) {
  std::string collapsed;
  bool space = false;
  for (const char c : text) {
    if (std::string_view(" \t\n\f\r").find(c) != std::string_view::npos) {
      space = true;
      continue;
    }
    if (space && !collapsed.empty()) collapsed += ' ';
    space = false;
    collapsed += c;
  }
  return collapsed;
}

TEST(HtmlProperty, TextRendersAsItselfButForWhiteSpace) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = RandomText();
    RC_ASSERT(Render(text) == Collapsed(text));
    RC_ASSERT(Render(text + "<!-- -->") == Collapsed(text));
    RC_ASSERT(Render("<p>" + text + "</p>") == Collapsed(text));
  }));
}

TEST(HtmlProperty, InlineTagsChangeNothing) {
  EXPECT_TRUE(rc::check([] {
    std::string text;
    std::string html;
    for (int left = *rc::gen::inRange(0, 20); left > 0; --left) {
      const std::string_view word = AnyOf(kWords);
      text += word;
      html += word;
      html += AnyOf(kInline);
    }
    RC_ASSERT(Render(html) == Collapsed(text));
  }));
}

TEST(HtmlProperty, BlocksRenderIndependently) {
  EXPECT_TRUE(rc::check([] {
    std::string html;
    std::string want;
    for (int left = *rc::gen::inRange(1, 6); left > 0; --left) {
      const std::string text = RandomText();
      html += "<div>" + text + "</div>";
      if (Collapsed(text).empty()) continue;
      if (!want.empty()) want += "\n\n";
      want += Collapsed(text);
    }
    RC_ASSERT(Render(html) == want);
  }));
}

TEST(HtmlProperty, WhatScriptAndStyleHoldIsNeverSeen) {
  EXPECT_TRUE(rc::check([] {
    const std::string before = RandomText();
    const std::string after = RandomText();
    const std::string_view name = *rc::gen::elementOf(
        std::vector<std::string_view>{"script", "style", "noscript", "template", "iframe"});
    std::string html = *rc::gen::arbitrary<bool>() ? "<p>" : "";
    html += before + "<";
    html.append(name).append(">").append(RandomText()).append("secret</").append(name);
    html += ">" + after + "</p>";
    RC_ASSERT(Render(html) == Collapsed(before + after));
  }));
}

TEST(HtmlProperty, AnyHtmlRendersAsTidyValidUtf8) {
  EXPECT_TRUE(rc::check([] {
    const std::string html = RandomHtml();
    const std::string text = Render(html);
    RC_ASSERT(!FindInvalidUtf8(text));
    RC_ASSERT(text.find('\0') == std::string::npos);
    if (text.empty()) return;
    const std::string_view space = " \t\n\f\r";
    RC_ASSERT(space.find(text.back()) == std::string_view::npos);
    if (html.find("<pre>") != std::string::npos) return;
    RC_ASSERT(space.find(text.front()) == std::string_view::npos);
    for (const std::string_view untidy : {"  ", " \n", "\n ", "\n\n\n", "\t", "\r"}) {
      RC_ASSERT(text.find(untidy) == std::string::npos);
    }
  }));
}

}  // namespace
}  // namespace tocsin
