// For any article and any spans: what is published parses, carries the article byte for byte, and
// every quote is the slice that its code points name.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/decode/decoder.h"
#include "pipeline/decode/html_text.h"
#include "pipeline/publish/encoder.h"
#include "tests/pipeline/publish/publish_fixture.h"

namespace tocsin {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

std::string Utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t c : text) {
    const auto put = [&bytes](char32_t byte) { bytes.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F));
      put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
    }
  }
  return bytes;
}

// Now as it is, now escaped: half of the code points, picked by the code point itself.
std::string Json(std::u32string_view text) {
  std::string json = "\"";
  for (const char32_t c : text) {
    const auto escape = [&json](uint32_t unit) {
      char buffer[7];
      std::snprintf(buffer, sizeof(buffer), "\\u%04x", unit & 0xFFFFU);
      json += buffer;
    };
    if (c >= 0x20 && c != '"' && c != '\\' && c % 2 == 0) {
      json += Utf8({&c, 1});
    } else if (c < 0x10000) {
      escape(c);
    } else {
      escape(0xD800 + ((c - 0x10000) >> 10));
      escape(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return json + "\"";
}

rc::Gen<std::u32string> AnyText() {
  const auto code_point =
      rc::gen::oneOf(rc::gen::inRange<char32_t>(0, 0x80), rc::gen::inRange<char32_t>(0x80, 0xD800),
                     rc::gen::inRange<char32_t>(0xE000, 0x110000));
  return rc::gen::container<std::u32string>(code_point);
}

struct WantedQuote {
  std::u32string_view text;
  size_t start;
  size_t end;
};

void CheckQuote(const element& evidence, const WantedQuote& want) {
  RC_ASSERT(evidence["start"].get_uint64().value() == want.start);
  RC_ASSERT(evidence["end"].get_uint64().value() == want.end);
  const size_t prefix_start = want.start - std::min<size_t>(want.start, 32);
  const auto slice = [&want](size_t start, size_t end) {
    return Utf8(want.text.substr(start, end - start));
  };
  RC_ASSERT(evidence["exact"].get_string().value() == slice(want.start, want.end));
  RC_ASSERT(evidence["prefix"].get_string().value() == slice(prefix_start, want.start));
  RC_ASSERT(evidence["suffix"].get_string().value() ==
            slice(want.end, std::min(want.text.size(), want.end + 32)));
}

std::vector<WantedQuote> AnyQuotes(std::u32string_view text) {
  std::vector<WantedQuote> quotes;
  const auto count = *rc::gen::inRange<size_t>(1, 8);
  for (size_t i = 0; i < count; ++i) {
    const auto a = *rc::gen::inRange<size_t>(0, text.size() + 1);
    const auto b = *rc::gen::inRange<size_t>(0, text.size() + 1);
    quotes.push_back({text, std::min(a, b), std::max(a, b)});
  }
  std::sort(quotes.begin(), quotes.end(),
            [](const WantedQuote& a, const WantedQuote& b) { return a.start < b.start; });
  return quotes;
}

RC_GTEST_PROP(EncoderProperty, PublishedRecordsQuoteAndCarryTheArticleExactly, ()) {
  static const std::shared_ptr<const rules::RuleSet> kRuleSet = PublishTestRules();
  const std::u32string title = *AnyText();
  const std::u32string body = U"x" + *AnyText();
  // White space is no text, and what reads as HTML is published as its rendering.
  RC_PRE(title.empty() || title.find_first_not_of(U" \t\n\v\f\r") != std::u32string::npos);
  RC_PRE(!LooksLikeHtml(Utf8(title)) && !LooksLikeHtml(Utf8(body)));
  const std::string json =
      " {\"body\":" + Json(body) + ", \"n\":[1.50,null],\"title\":" + Json(title) + "}\n";
  Decoder decoder{{}};
  const auto article = decoder.Decode(json);
  RC_ASSERT(article.ok());
  RC_ASSERT((*article)->document.title == Utf8(title));
  RC_ASSERT((*article)->document.body == Utf8(body));

  std::vector<WantedQuote> wanted = AnyQuotes(title);
  for (const WantedQuote& quote : AnyQuotes(body)) wanted.push_back(quote);
  std::vector<rules::Span> spans;
  for (const WantedQuote& quote : wanted) {
    const auto byte_at = [&quote](size_t code_point) {
      return static_cast<uint32_t>(Utf8(quote.text.substr(0, code_point)).size());
    };
    const bool in_title = quote.text.data() == title.data();
    spans.push_back({in_title ? rules::Field::kTitle : rules::Field::kBody, byte_at(quote.start),
                     byte_at(quote.end)});
  }
  rules::Matches matches;
  AddMatch(*kRuleSet, "sanctions.lifted", spans, &matches);
  AddMatch(*kRuleSet, "sanctions.mention", spans, &matches);

  std::vector<OutputRecord> out;
  Encoder(kRuleSet, {}).Encode({}, **article, matches, &out);
  RC_ASSERT(out.size() == 1U);
  const std::string tail = R"(,"article":)" + json.substr(1, json.size() - 2) + "}";
  RC_ASSERT(out[0].value->ends_with(tail));
  simdjson::dom::parser parser;
  element root;
  RC_ASSERT(parser.parse(*out[0].value).get(root) == simdjson::SUCCESS);
  size_t rules_seen = 0;
  for (const element rule : root["tocsin"]["rules"].get_array()) {
    const array evidence = rule["evidence"].get_array();
    RC_ASSERT(evidence.size() == wanted.size());
    size_t at = 0;
    for (const element piece : evidence) CheckQuote(piece, wanted[at++]);
    ++rules_seen;
  }
  RC_ASSERT(rules_seen == 2U);
}

}  // namespace
}  // namespace tocsin
