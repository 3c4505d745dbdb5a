// The sentence with which an alert shows its mention.
//
//   MentionFinder finder;
//   const std::string sentence = finder.SentenceOf(published.rules, article.document);
//
// Shape     of the first rule, the first piece of evidence outside the title, as the headline is
//           shown anyway; without one, the first. White space is one space each. A sentence of more
//           than kCodePointsMax keeps the mention and what is around it, with … where it was cut.
//           Empty if no rule has evidence; the evidence's own words where it does not fit the text,
//           which then was read by another mapping.
// Units     code points.
// Cost      as SentenceBreaker: for alerts only.
// Threads   one MentionFinder a thread.
#ifndef TOCSIN_PIPELINE_ALERT_MENTION_H_
#define TOCSIN_PIPELINE_ALERT_MENTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/published.h"
#include "rules/document.h"
#include "rules/text/sentences.h"

namespace tocsin {

class MentionFinder {
 public:
  static constexpr size_t kCodePointsMax = 500;

  std::string SentenceOf(const std::vector<PublishedRule>& rules, const rules::Document& document);

 private:
  rules::SentenceBreaker breaker_;
  std::vector<uint32_t> ends_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_ALERT_MENTION_H_
