// JSON text appended to a string.
//
//   AppendJsonString("He said \"truce\"", &out);   // "He said \"truce\"", quotes included
//
// Shape     text: valid UTF-8, written as it is but for ", \ and the control characters.
// Cost      text that needs no escape: one scan and one copy; no allocation once out has capacity.
#ifndef TOCSIN_PIPELINE_PUBLISH_JSON_WRITER_H_
#define TOCSIN_PIPELINE_PUBLISH_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

void AppendJsonString(std::string_view text, std::string* out);
void AppendJsonNumber(uint64_t number, std::string* out);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_PUBLISH_JSON_WRITER_H_
