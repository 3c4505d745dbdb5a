// How a mapping reads an article, as text: the article, and what each selector found.
//
//   fmt::print("{}", ShowReading(line, article, decoder));
#ifndef TOCSIN_DAEMON_READING_VIEW_H_
#define TOCSIN_DAEMON_READING_VIEW_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "pipeline/decode/decoder.h"

namespace tocsin {

// article: the one that the decoder read last, or why it could not.
std::string ShowReading(int64_t line, const absl::StatusOr<const Article*>& article,
                        const Decoder& decoder);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_READING_VIEW_H_
