// Prints published values, one a line, for schema_test.py.
#include <iostream>
#include <vector>

#include "pipeline/publish/encoder.h"
#include "tests/pipeline/publish/publish_fixture.h"

int main() {
  using tocsin::AddMatch;
  using tocsin::SpanOf;
  using tocsin::rules::Field;
  const auto rule_set = tocsin::PublishTestRules();
  tocsin::Article article;
  article.document = {.title = "🕊 Ceasefire, \"at last\"",
                      .lead = "停火 and sanctions lifted",
                      .body = "Sanctions\tstay.\nMore sanctions, and sanctions lifted; a truce.",
                      .language = "en"};
  article.json = R"({"title":"🕊 Ceasefire, \"at last\"","n":1.50})";
  const tocsin::rules::Document& text = article.document;

  tocsin::rules::Matches matches;
  AddMatch(
      *rule_set, "ceasefire.mention",
      {SpanOf(Field::kTitle, text.title, "Ceasefire"), SpanOf(Field::kLead, text.lead, "停火")},
      &matches);
  AddMatch(*rule_set, "ceasefire.trial", {SpanOf(Field::kBody, text.body, "truce")}, &matches);
  AddMatch(*rule_set, "sanctions.lifted", {SpanOf(Field::kLead, text.lead, "sanctions lifted")},
           &matches);
  const tocsin::rules::Span mention = SpanOf(Field::kBody, text.body, "sanctions");
  AddMatch(*rule_set, "sanctions.mention", std::vector<tocsin::rules::Span>(32, mention), &matches,
           9);

  std::vector<tocsin::OutputRecord> out;
  tocsin::Encoder encoder(rule_set, {});
  encoder.Encode({}, article, matches, &out);
  encoder.Encode({.kafka_topic = "news.raw", .partition = 3, .offset = 17}, article, matches, &out,
                 tocsin::Encoder::Form::kTruncated);
  article.mapping = "ninjs";
  article.embargoed = "2026-11-22T18:00:00Z";
  article.status = "canceled";
  article.index = 1;
  article.is_whole_record = false;
  encoder.Encode({}, article, matches, &out);
  encoder.Encode({.kafka_topic = "news.raw", .partition = 3, .offset = 17}, article, matches, &out,
                 tocsin::Encoder::Form::kTruncated);
  for (const tocsin::OutputRecord& record : out) std::cout << *record.value << '\n';
}
