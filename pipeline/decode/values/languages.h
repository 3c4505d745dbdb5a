// Names and codes of languages as BCP 47 tags.
//
//   LanguageText language;
//   if (!ReadLanguage("english", &language)) ++unread;
//   language.view();   // en
//
// Shape     a tag (en, en-gb, en_GB, zh-hans-cn): its case made canonical, its language in the
//           shortest code; a code of ISO 639 in two or three letters (eng, ger, deu); the English
//           name (english, Norwegian Bokmål). Letter case is free.
// Cost      no allocation; the table of ICU's languages is made once.
// Errors    false: not known. Nothing is guessed: not from a country, not from a part of a list.
// Threads   any.
#ifndef TOCSIN_PIPELINE_DECODE_VALUES_LANGUAGES_H_
#define TOCSIN_PIPELINE_DECODE_VALUES_LANGUAGES_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace tocsin {

struct LanguageText {
  std::array<char, 64> bytes{};
  size_t size = 0;

  std::string_view view() const { return {bytes.data(), size}; }
};

bool ReadLanguage(std::string_view text, LanguageText* language);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_VALUES_LANGUAGES_H_
