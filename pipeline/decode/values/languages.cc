#include "pipeline/decode/values/languages.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>
#include <unicode/locid.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <string>
#include <utility>

namespace tocsin {
namespace {

using Table = absl::flat_hash_map<std::string, std::string>;

constexpr size_t kSubtagBytesMax = 8;

char Lower(char byte) { return static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte); }
char Upper(char byte) {
  return static_cast<char>(byte >= 'a' && byte <= 'z' ? byte & ~0x20 : byte);
}
bool IsLetter(char byte) { return Lower(byte) >= 'a' && Lower(byte) <= 'z'; }
bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// What ICU does not list: the bibliographic codes of ISO 639-2, codes withdrawn, and other names.
constexpr std::pair<std::string_view, std::string_view> kMore[] = {
    {"alb", "sq"},       {"arm", "hy"},     {"baq", "eu"},
    {"bur", "my"},       {"chi", "zh"},     {"cze", "cs"},
    {"dut", "nl"},       {"fre", "fr"},     {"geo", "ka"},
    {"ger", "de"},       {"gre", "el"},     {"ice", "is"},
    {"mac", "mk"},       {"mao", "mi"},     {"may", "ms"},
    {"per", "fa"},       {"rum", "ro"},     {"slo", "sk"},
    {"tib", "bo"},       {"wel", "cy"},     {"iw", "he"},
    {"in", "id"},        {"ji", "yi"},      {"mo", "ro"},
    {"farsi", "fa"},     {"bengali", "bn"}, {"norwegian bokmal", "nb"},
    {"bokmål", "nb"},    {"nynorsk", "nn"}, {"mandarin", "zh"},
    {"castilian", "es"}, {"flemish", "nl"}, {"kurdish", "ku"},
    {"punjabi", "pa"},   {"kirghiz", "ky"}, {"moldovan", "ro"},
    {"sinhalese", "si"}, {"slovene", "sl"}, {"greek", "el"},
    {"uighur", "ug"},    {"odia", "or"},    {"oriya", "or"},
};

std::string LowerOf(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), &Lower);
  return lower;
}

// Codes and names, in lower case, and the shortest code for each.
Table MakeTable() {
  Table table;
  // ICU's own names for "no language" are none.
  const auto add = [&table](std::string_view name, std::string_view code) {
    if (name.empty() || code == "und" || code == "mul" || code == "zxx" || code == "mis") return;
    table.try_emplace(LowerOf(name), code);
  };
  // Codes before names: kom is Komi, not the language Kom.
  const char* const* const codes = uloc_getISOLanguages();
  for (const char* const* each = codes; *each != nullptr; ++each) add(*each, *each);
  for (const char* const* each = codes; *each != nullptr; ++each) {
    add(uloc_getISO3Language(*each), *each);
  }
  for (const char* const* each = codes; *each != nullptr; ++each) {
    icu::UnicodeString name;
    std::string utf8;
    icu::Locale(*each).getDisplayLanguage(icu::Locale::getEnglish(), name).toUTF8String(utf8);
    add(utf8, *each);
  }
  for (const auto& [name, code] : kMore) table.insert_or_assign(std::string(name), code);
  return table;
}

const Table& Languages() {
  static const Table kTable = MakeTable();
  return kTable;
}

// A script is four letters, a region two, as in zh-Hans-CN; all else is lower case.
bool AppendSubtag(std::string_view subtag, bool is_after_singleton, LanguageText* language) {
  const bool is_word = std::all_of(subtag.begin(), subtag.end(),
                                   [](char byte) { return IsLetter(byte) || IsDigit(byte); });
  if (subtag.empty() || subtag.size() > kSubtagBytesMax || !is_word) return false;
  if (language->size + subtag.size() + 1 > language->bytes.size()) return false;
  const bool is_letters = std::all_of(subtag.begin(), subtag.end(), &IsLetter);
  const bool is_region = subtag.size() == 2 && is_letters && !is_after_singleton;
  const bool is_script = subtag.size() == 4 && is_letters && !is_after_singleton;
  char* out = language->bytes.data() + language->size;
  *out++ = '-';
  for (const char byte : subtag) *out++ = is_region ? Upper(byte) : Lower(byte);
  if (is_script) {
    char& first = language->bytes[language->size + 1];
    first = Upper(first);
  }
  language->size += subtag.size() + 1;
  return true;
}

// What most tags begin with, without a hash: codes of two letters by both of them.
std::string_view CodeOfTwo(char first, char second) {
  constexpr size_t kLetters = 26;
  static const auto kCodes = [] {
    std::array<std::string_view, kLetters * kLetters> codes{};
    for (const auto& [name, code] : Languages()) {
      if (name.size() == 2) codes[(name[0] - 'a') * kLetters + (name[1] - 'a')] = code;
    }
    return codes;
  }();
  if (!IsLetter(first) || !IsLetter(second)) return {};
  return kCodes[(Lower(first) - 'a') * kLetters + (Lower(second) - 'a')];
}

std::string_view CodeOf(std::string_view name) {
  if (name.size() == 2) return CodeOfTwo(name[0], name[1]);
  std::array<char, 64> lower;
  if (name.size() > lower.size()) return {};
  std::transform(name.begin(), name.end(), lower.begin(), &Lower);
  const auto found = Languages().find(absl::string_view(lower.data(), name.size()));
  return found == Languages().end() ? std::string_view() : found->second;
}

bool SetCode(std::string_view name, LanguageText* language) {
  const std::string_view code = CodeOf(name);
  for (size_t i = 0; i < code.size(); ++i) language->bytes[i] = code[i];
  language->size = code.size();
  return !code.empty();
}

bool ReadTag(std::string_view text, LanguageText* language) {
  size_t end = std::min(text.find_first_of("-_"), text.size());
  const bool is_code = end == 2 || end == 3;
  if (!is_code || !SetCode(text.substr(0, end), language)) return false;
  bool is_after_singleton = false;
  while (end < text.size()) {
    text.remove_prefix(end + 1);
    end = std::min(text.find_first_of("-_"), text.size());
    const std::string_view subtag = text.substr(0, end);
    if (!AppendSubtag(subtag, is_after_singleton, language)) return false;
    is_after_singleton |= subtag.size() == 1;
  }
  return true;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace

bool ReadLanguage(std::string_view text, LanguageText* language) {
  if (text.size() == 2) return SetCode(text, language);
  text = Trim(text);
  const bool has_subtags = text.find_first_of("-_") != std::string_view::npos;
  return has_subtags ? ReadTag(text, language) : SetCode(text, language);
}

}  // namespace tocsin
