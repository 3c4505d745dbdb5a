#include "pipeline/decode/html_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pipeline/decode/bad_record.h"
#include "tests/pipeline/decode/peak_memory.h"

namespace tocsin {
namespace {

using testing::TestWithParam;
using testing::ValuesIn;

const auto kCaseName = [](const auto& test) { return test.param.name; };

struct RenderCase {
  std::string name;
  std::string html;
  std::string text;
};

class RenderTest : public TestWithParam<RenderCase> {};

TEST_P(RenderTest, RendersWhatAReaderSees) {
  HtmlText html(HtmlLimits{});
  const auto text = html.Render(GetParam().html);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Blocks, RenderTest,
    ValuesIn<RenderCase>({
        {"Nothing", "", ""},
        {"NoTags", "peace plan", "peace plan"},
        {"Paragraphs", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."},
        {"ParagraphsNeverClosed", "<p>One.<p>Two.", "One.\n\nTwo."},
        {"TextAroundBlocks", "a<div>b</div>c", "a\n\nb\n\nc"},
        {"NestedBlocksBreakOnce", "<div><div><p>a</p></div></div><p>b</p>", "a\n\nb"},
        {"EmptyBlocks", "<p>a</p><p> </p><p></p><p>b</p>", "a\n\nb"},
        {"LineBreak", "one<br>two<br/> three", "one\ntwo\nthree"},
        {"TwoLineBreaksAreAParagraph", "one<br><br>two<br> <br><br>three", "one\n\ntwo\n\nthree"},
        {"LineBreaksAtTheEdges", "<br>one<br><p>two<br></p><br>", "one\n\ntwo"},
        {"Headings", "<h2>Title</h2>Text", "Title\n\nText"},
        {"ListItems", "<ul><li>gas<li>oil</ul>", "gas\n\noil"},
        {"NestedList", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "a\n\nb\n\nc"},
        {"DefinitionList", "<dl><dt>a<dd>b</dl>", "a\n\nb"},
        {"CellsAndRows", "<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a\n\nb\n\n1\n\n2"},
        {"Rule", "a<hr>b", "a\n\nb"},
        {"Figure", "<figure><img alt=x src=y><figcaption>Caption</figcaption></figure>text",
         "Caption\n\ntext"},
        {"WholeDocument",
         "<!doctype html><html><head><title>T</title><meta charset=utf-8></head>"
         "<body><h1>H</h1><p>P</p></body></html>",
         "H\n\nP"},
        {"ParagraphBehindTheEnd", "<html><body>a</body></html><p>b</p>", "a\n\nb"},
        {"Preformatted", "<pre>\none\n  two\n\n\nthree </pre>four",
         "one\n  two\n\n\nthree\n\nfour"},
    }),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Inline, RenderTest,
    ValuesIn<RenderCase>({
        {"TagsJoin", "<b>cease</b>fire", "ceasefire"},
        {"LettersOfTheirOwn", "<p><span>T</span>he <i>war</i>.</p>", "The war."},
        {"LinksKeepTheirText", "a <a href=\"x>y\">b</a>, c", "a b, c"},
        {"BreakOpportunity", "cease<wbr>fire", "ceasefire"},
        {"UnknownElements", "<x-y>cease</x-y><blink>fire</blink>", "ceasefire"},
        {"CommentsJoin", "cease<!-- x -->fire", "ceasefire"},
        {"WhiteSpaceCollapses", " a \r\n\t b<i> c </i> d ", "a b c d"},
        {"SpaceAcrossTags", "a <b> b</b>", "a b"},
        {"NoSpaceAtBreaks", "a <br> b <p> c </p> d", "a\nb\n\nc\n\nd"},
        {"NoBreakSpaceIsKept", "a&nbsp; b\u00A0", "a\u00A0 b\u00A0"},
        {"SoftHyphenIsKept", "cease&shy;fire", "cease\u00ADfire"},
        {"Entities", "AT&amp;T &lt;b&gt; &quot;&#8217;&#x2019;&eacute;&hellip;", "AT&T <b> \"’’é…"},
        {"EntitiesAreDecodedOnce", "&amp;lt;b&amp;gt;", "&lt;b&gt;"},
        {"EntityWithoutSemicolon", "R&D &ampx &copy 2026", "R&D &x © 2026"},
        {"Windows1252Reference", "don&#146;t", "don’t"},
        {"ReferenceToNothing", "a&#0;b&#xD800;c&#x110000;d", "a\uFFFDb\uFFFDc\uFFFDd"},
        {"ReferenceFarBeyondUnicode",
         "a&#4294967296;b&#xFFFFFF00;c&#2222222222222222220;d&#99999999999",
         "a\uFFFDb\uFFFDc\uFFFDd\uFFFD"},
        {"OpenReferenceBeyondUnicodeBeforeHexDigits", "&#22222222D799 &#99999999 1;",
         "\uFFFDD799 \uFFFD 1;"},
        {"ReferenceOfManyZeros", "&#00000000000065;&#x000000000042;", "AB"},
        {"BareAmpersandAndLessThan", "a & b < c <3", "a & b < c <3"},
        {"NulIsLeftOut", std::string("cease\0fire", 10), "ceasefire"},
        {"NulIsLeftOutOfHtml", std::string("<b>cease\0</b>fire", 17), "ceasefire"},
        {"TitleOfWordPress", "Gaza&#8217;s &#8220;pause&#8221;", "Gaza’s “pause”"},
        {"NoteNumber", "ceasefire<sup>12</sup>", "ceasefire¹²"},
        {"OrdinalAndFormula", "1<sup>st</sup> CO<sub>2</sub>", "1st CO2"},
        {"RubyAnnotation", "<ruby>停<rp>(</rp><rt>てい</rt><rp>)</rp>火</ruby>", "停火"},
        {"MisnestedTags", "<b>a<i>b</b>c</i>d", "abcd"},
        {"TagCutOff", "a<b", "a"},
    }),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Dropped, RenderTest,
    ValuesIn<RenderCase>({
        {"Script", "a<script>if (1<2) document.write('<p>x</p>')</script>b", "ab"},
        {"Style", "<style>p{color:red}</style><p>a</p>", "a"},
        {"StyleWithinTheBody", "<p>a<style>p{}</style>b</p>", "ab"},
        {"Noscript", "a<noscript><img src=x>Enable JavaScript</noscript>b", "ab"},
        {"NoscriptBeforeAllElse", "<noscript><p>x</p></noscript><p>a</p>", "a"},
        {"NoscriptInTheHead", "<head><noscript><p>x</p></noscript></head><p>a</p>", "a"},
        {"Frameset", "<frameset><frame src=x></frameset><p>a</p>", "a"},
        {"Template", "a<template><p>x</p></template>b", "ab"},
        {"FrameAndVideo", "a<iframe>x</iframe><video>y<b>z</b></video>b", "ab"},
        {"Drawing", "a<svg><title>x</title><text>y</text><path/></svg>b", "ab"},
        {"FormFields", "a<select><option>x</select><textarea>y</textarea>b", "ab"},
        {"HiddenAttribute", "a<p hidden>x<b>y</b></p><br hidden>b", "ab"},
        {"DisplayNone", "a<p style='color:red; DISPLAY : none'>x</p>b", "ab"},
        {"OtherStyles", "<p style='display:block'>a</p>", "a"},
        {"CommentWithTags", "<!-- <p>x</p> --><p>a</p>", "a"},
        {"Declarations", "<?xml version='1.0'?><![CDATA[x]]><p>a</p>", "a"},
        {"ScriptNeverClosed", "a<script>b<p>c", "a"},
    }),
    kCaseName);

struct RefusedCase {
  std::string name;
  std::string html;
  BadRecord reason;
  std::string message;
  HtmlLimits limits = {};
};

class RefusedHtml : public TestWithParam<RefusedCase> {};

TEST_P(RefusedHtml, IsRefusedWithItsReasonAndTheRendererStaysUsable) {
  HtmlText html(GetParam().limits);
  const auto text = html.Render(GetParam().html);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonName(ReasonOf(text.status())), ReasonName(GetParam().reason));
  EXPECT_EQ(text.status().message(), GetParam().message);
  const auto next = html.Render("<b>cease</b>fire");
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(*next, "ceasefire");
}

TEST(HtmlText, WhatAnAssertionOfGumboFailsOverIsRefusedAndTheRendererStaysUsable) {
  HtmlText html{HtmlLimits()};
  const auto text = html.Render("<table><svg><select><foreignobject><select><tr>");
  if (text.ok()) GTEST_SKIP() << "this gumbo parses it: 0.13 does, 0.10.1 does not";
  EXPECT_EQ(ReasonOf(text.status()), BadRecord::kMalformedHtml);
  EXPECT_EQ(text.status().message(), "HTML that an assertion of gumbo fails over");
  const auto next = html.Render("<b>cease</b>fire");
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(*next, "ceasefire");
}

std::string Numbered(int count, const std::string& before, const std::string& behind) {
  std::string text;
  for (int i = 0; i < count; ++i) text.append(before).append(std::to_string(i)).append(behind);
  return text;
}

std::string Repeated(int times, const std::string& html) {
  std::string all;
  for (int i = 0; i < times; ++i) all += html;
  return all;
}

// Each of the bold elements is opened again in every paragraph.
std::string ReopenedFormatting(int count) {
  std::string html = "<p>";
  for (int i = 0; i < count; ++i) html += "<b id=" + std::to_string(i) + ">";
  return html + Repeated(count, "</p><p>x");
}

INSTANTIATE_TEST_SUITE_P(
    Bombs, RefusedHtml,
    ValuesIn<RefusedCase>({
        {"TooManyBytes",
         std::string(100, 'x') + "<p>",
         BadRecord::kTooLarge,
         "HTML over the limit of 100 bytes",
         {.bytes_max = 100}},
        {"AHundredMegabytes", std::string(size_t{100} << 20, '<'), BadRecord::kTooLarge,
         "HTML over the limit of 1048576 bytes"},
        {"AMillionDivs",
         Repeated(1'000'000, "<div>"),
         BadRecord::kTooDeep,
         "HTML elements nested deeper than 512 at byte 2560",
         {.bytes_max = size_t{1} << 30}},
        {"DepthThatAMegabyteHolds", Repeated(200'000, "<div>"), BadRecord::kTooDeep,
         "HTML elements nested deeper than 512 at byte 2560"},
        {"FontNeverClosed", Repeated(100'000, "<font>"), BadRecord::kTooDeep,
         "HTML elements nested deeper than 512 at byte 3072"},
        {"BoldNeverClosed", Repeated(100'000, "<b>"), BadRecord::kTooDeep,
         "HTML elements nested deeper than 512 at byte 1536"},
        {"UnknownElementsNeverClosed", Repeated(100'000, "<x-y>"), BadRecord::kTooDeep,
         "HTML elements nested deeper than 512 at byte 2560"},
        {"OneLevelTooDeep",
         "<div><p><div><b>",
         BadRecord::kTooDeep,
         "HTML elements nested deeper than 2 at byte 13",
         {.depth_max = 2}},
        {"FormattingOpenedAgainAndAgain",
         ReopenedFormatting(500),
         BadRecord::kTooLarge,
         "HTML whose tree needs more than 33554432 bytes",
         {.memory_bytes_max = size_t{32} << 20}},
        // A drawing's title holds elements, where a page's holds none.
        {"DepthWhereNoneIsLookedFor",
         "<svg><title>" + Repeated(200'000, "<div>"),
         BadRecord::kTooLarge,
         "HTML that takes more than 50 ms to parse",
         {.cpu_ms_max = 50}},
        {"ElementsThatATableKeepsOpen",
         Numbered(20'000, "<b a", "><table></b></table>"),
         BadRecord::kTooLarge,
         "HTML that takes more than 50 ms to parse",
         {.cpu_ms_max = 50}},
        {"AttributesOfOneTag",
         "<p " + Numbered(100'000, "a", " ") + ">",
         BadRecord::kTooLarge,
         "HTML that takes more than 50 ms to parse",
         {.cpu_ms_max = 50}},
        {"AttributesOfManyTagsOnOneElement",
         Numbered(50'000, "<html a", ">"),
         BadRecord::kTooLarge,
         "HTML that takes more than 50 ms to parse",
         {.cpu_ms_max = 50}},
        {"TooMuchTime",
         Repeated(10'000, "<p>x"),
         BadRecord::kTooLarge,
         "HTML that takes more than 0 ms to parse",
         {.cpu_ms_max = 0}},
    }),
    kCaseName);

TEST(HtmlText, ABombTakesNoMoreMemoryThanItsLimitAndGivesItBack) {
  const std::string html = ReopenedFormatting(2000);  // a tree of a gigabyte
  HtmlText renderer({.memory_bytes_max = size_t{32} << 20});
  EXPECT_LE(PeakKibOf([&] { EXPECT_FALSE(renderer.Render(html).ok()); }), 40 * 1024);
  ASSERT_TRUE(renderer.Render("<p>").ok());
  EXPECT_LE(PeakKibOf([&] { EXPECT_TRUE(renderer.Render("<p>x").ok()); }), 4 * 1024);
}

struct PatienceCase {
  std::string name;
  std::string html;
};

class PatientHtml : public TestWithParam<PatienceCase> {};

TEST_P(PatientHtml, IsNoBomb) {
  HtmlText html(HtmlLimits{});
  const auto text = html.Render(GetParam().html);
  EXPECT_TRUE(text.ok()) << text.status();
}

INSTANTIATE_TEST_SUITE_P(
    Long, PatientHtml,
    ValuesIn<PatienceCase>({
        {"ParagraphsNeverClosed", Repeated(100'000, "<p>x")},
        {"LineBreaks", Repeated(100'000, "x<br>")},
        {"LinksNeverClosed", Repeated(100'000, "<a>x")},
        {"ItemsNeverClosed", "<ul>" + Repeated(100'000, "<li>x")},
        {"CellsNeverClosed", "<table>" + Repeated(20'000, "<tr><td>1<td>2<td>3")},
        {"EndTagsOfNothing", Repeated(100'000, "</x></b>")},
        {"LessThanSigns", std::string(1'000'000, '<')},
        {"Ampersands", std::string(1'000'000, '&')},
        {"OpenQuotes", Repeated(100'000, "<a b=\"")},
        {"OpenComments", Repeated(100'000, "<!--x")},
        {"OpenScripts", Repeated(50'000, "<script></scrip")},
        {"PathsOfADrawing", "<svg>" + Repeated(10'000, "<path d='M0 0'/>") + "</svg>"},
        {"BoldPairs", Repeated(10'000, "<p><b>x</b></p>")},
    }),
    kCaseName);

struct SniffCase {
  std::string name;
  std::string text;
  bool is_html;
};

class SniffTest : public TestWithParam<SniffCase> {};

TEST_P(SniffTest, TellsHtmlFromText) {
  EXPECT_EQ(LooksLikeHtml(GetParam().text), GetParam().is_html);
}

INSTANTIATE_TEST_SUITE_P(Html, SniffTest,
                         ValuesIn<SniffCase>({
                             {"Doctype", "  <!DOCTYPE html><x>", true},
                             {"Document", "<html lang=en>", true},
                             {"OpensWithAParagraph", "\n<p class=\"a\">One<p>Two", true},
                             {"OpensWithADiv", "<DIV>x", true},
                             {"ElementWithin", "Talks <b>failed</b> today", true},
                             {"LinkWithin", "See <a href='https://x.example/?a=1&b=2'>there</a>",
                              true},
                             {"LineBreak", "one<br />two", true},
                             {"Image", "one <img src=x> two", true},
                             {"ParagraphFurtherOn", "Intro.\n\n<p>One</p>", true},
                         }),
                         kCaseName);

INSTANTIATE_TEST_SUITE_P(Text, SniffTest,
                         ValuesIn<SniffCase>({
                             {"Nothing", "", false},
                             {"Blank", " \n", false},
                             {"Words", "The ceasefire holds.", false},
                             {"LessThan", "if a < b > c", false},
                             {"LessThanWithoutSpaces", "a<b>c", false},
                             {"Heart", "I <3 peace", false},
                             {"Variables", "x<y and y>z", false},
                             {"ElementNamedInProse", "use <div> and <p> for that", false},
                             {"Address", "Write to <desk@news.example> or <https://news.example>",
                              false},
                             {"Placeholder", "Dear <name>, </name>", false},
                             {"EntitiesAlone", "AT&amp;T &#8217; &nbsp;", false},
                             {"EscapedHtml", "&lt;p&gt;One&lt;/p&gt;", false},
                             {"EndTagAlone", "over</p>", false},
                             {"EndBeforeTheBeginning", "a</b>c<b>", false},
                             {"TagCutOff", "x <p", false},
                             {"CommentAlone", "<!-- <p>x</p> -->", false},
                             {"Arrows", "<- back | next ->", false},
                         }),
                         kCaseName);

}  // namespace
}  // namespace tocsin
