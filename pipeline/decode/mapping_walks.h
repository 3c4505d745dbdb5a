// A mapping's selectors, merged into walks: to the articles, and through an article.
//
//   mapping.walks().fields.Run(article, [&](uint32_t target, const auto& value) { ... });
//
// Shape     a target is the selector's number: within MappingSpec::articles, and within all fields'
//           selectors in their order.
#ifndef TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_
#define TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_

#include <cstdint>

#include "pipeline/decode/mapping.h"
#include "pipeline/decode/walk.h"

namespace tocsin {

struct MappingWalks {
  explicit MappingWalks(const MappingSpec& spec) {
    for (uint32_t i = 0; i < spec.articles.size(); ++i) {
      articles.Add(spec.articles[i], i);
      Selector list = spec.articles[i];
      const bool is_of_list = list.steps.back().kind == Step::Kind::kAny;
      list.steps.pop_back();
      if (is_of_list) lists.Add(list, i);
    }
    uint32_t target = 0;
    for (const auto& alternatives : spec.fields) {
      for (const Alternative& alternative : alternatives) {
        for (const Selector& selector : alternative.selectors) {
          fields.Add(selector, target++);
        }
      }
    }
  }

  Walk articles;
  Walk lists;  // that hold the articles
  Walk fields;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_MAPPING_WALKS_H_
