// What a provider says of an article's use, and of a text's type.
//
//   ReadStatus("stat:canceled")   // canceled
//   ReadTextType("text/html; charset=utf-8")   // TextType::kHtml
//
// Shape     ninjs's words (usable, canceled, withheld), also as NewsML-G2 writes them (stat:...),
//           and what others call them. Letter case is free.
// Errors    empty, kUnknown: a word that is not known; nothing is guessed.
#ifndef TOCSIN_PIPELINE_DECODE_VALUES_STATUS_H_
#define TOCSIN_PIPELINE_DECODE_VALUES_STATUS_H_

#include <string_view>

#include "pipeline/decode/mapping.h"

namespace tocsin {

// Of static lifetime.
std::string_view ReadStatus(std::string_view text);

TextType ReadTextType(std::string_view text);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_VALUES_STATUS_H_
