#include "daemon/config/substitute.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace tocsin {
namespace {

constexpr std::string_view kSecretParts[] = {"PASSWORD", "PASSWD",     "PASSPHRASE", "SECRET",
                                             "TOKEN",    "CREDENTIAL", "PRIVATE"};

bool IsName(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

}  // namespace

absl::StatusOr<Substituted> Substitute(std::string_view text) {
  Substituted result;
  while (!text.empty()) {
    const size_t dollar = std::min(text.find('$'), text.size());
    result.text += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.starts_with("$${")) {
      result.text += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const size_t end = text.find('}');
      const std::string name(text.substr(2, end == std::string_view::npos ? end : end - 2));
      if (end == std::string_view::npos || !IsName(name)) {
        return absl::InvalidArgumentError(
            "${ begins the name of an environment variable, which } ends; write $${ for a literal "
            "${");
      }
      const char* const value = std::getenv(name.c_str());
      if (value == nullptr) {
        return absl::InvalidArgumentError(fmt::format(
            "${{{}}}: the environment has no such variable; define it, or write $${{ for a literal "
            "${{",
            name));
      }
      result.text += value;
      result.variables.insert(name);
      text.remove_prefix(end + 1);
    } else if (!text.empty()) {
      result.text += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

std::string Escape(std::string_view text) {
  return absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"${", "$${"}});
}

bool IsSecretVariable(std::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(absl::string_view(name.data(), name.size()));
  return std::any_of(std::begin(kSecretParts), std::end(kSecretParts),
                     [&](std::string_view part) { return upper.find(part) != std::string::npos; });
}

}  // namespace tocsin
