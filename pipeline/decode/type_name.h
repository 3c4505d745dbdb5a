// What messages call the type of a JSON value: "an array", "a number".
#ifndef TOCSIN_PIPELINE_DECODE_TYPE_NAME_H_
#define TOCSIN_PIPELINE_DECODE_TYPE_NAME_H_

#include <simdjson.h>

#include <string_view>

namespace tocsin {

inline std::string_view TypeName(const simdjson::dom::element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_TYPE_NAME_H_
