// A key where it may be read beyond its ends, as tokens of a stream may.
//
//   const Padded padded(key);
//   Load<uint32_t>(padded.text().data());
#ifndef TOCSIN_RULES_COMPILE_PADDED_H_
#define TOCSIN_RULES_COMPILE_PADDED_H_

#include <string>
#include <string_view>

#include "rules/text/fold.h"

namespace tocsin::rules {

class Padded {
 public:
  explicit Padded(std::string_view key)
      : bytes_(std::string(kTokenSlack, '\0').append(key).append(kTokenSlack, '\0')) {}

  std::string_view text() const {
    return std::string_view(bytes_).substr(kTokenSlack, bytes_.size() - 2 * kTokenSlack);
  }

 private:
  std::string bytes_;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_PADDED_H_
