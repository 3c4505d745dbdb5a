#include "rules/compile/text_file.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace tocsin::rules {
namespace {

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// nullopt if it cannot be read or is too large; never much more than allowed is read.
std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string content;
  std::array<char, size_t{64} << 10> chunk{};
  while (stream && content.size() <= kFileBytesMax) {
    stream.read(chunk.data(), chunk.size());
    content.append(chunk.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad() || !stream.eof() || content.size() > kFileBytesMax) return std::nullopt;
  return content;
}

// Where the first bytes stand that are no UTF-8.
std::optional<size_t> FindInvalidUtf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, text.size(), c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
    if (c < 0) return begin;
  }
  return std::nullopt;
}

std::vector<std::string> LinesOf(std::string_view content, LineEnds ends) {
  std::vector<std::string> lines;
  while (!content.empty()) {
    const size_t end = content.find_first_of(ends == LineEnds::kLf ? "\n" : "\n\r");
    lines.emplace_back(content.substr(0, end));
    content.remove_prefix(std::min(end, content.size()));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    content.remove_prefix(std::min(content.size(), content.starts_with("\r\n") ? size_t{2} : 1));
  }
  return lines;
}

Diagnostic AtInvalidUtf8(const std::string& path, std::string_view before, LineEnds ends) {
  // Behind a line's end the last line would be none.
  const std::vector<std::string> lines = LinesOf(std::string(before) + '?', ends);
  return {.file = path,
          .line = static_cast<int>(lines.size()),
          .column = static_cast<int>(CountCodePoints(lines.back())),
          .what = "not UTF-8",
          .mend = "save the file in UTF-8"};
}

}  // namespace

std::optional<TextFile> ReadTextFile(const std::string& path, Diagnostics* diagnostics,
                                     LineEnds ends) {
  std::optional<std::string> content = ReadFile(path);
  if (!content) {
    diagnostics->Add({.file = path,
                      .what = "cannot be read, or is larger than 8 MiB",
                      .mend = "check the path, or split the file"});
    return std::nullopt;
  }
  if (const auto invalid = FindInvalidUtf8(*content)) {
    diagnostics->Add(AtInvalidUtf8(path, std::string_view(*content).substr(0, *invalid), ends));
    return std::nullopt;
  }
  TextFile file{.path = path, .lines = LinesOf(*content, ends)};
  file.content = *std::move(content);
  return file;
}

Diagnostic AtPlace(const TextFile& file, int line, int column) {
  if (line < 1 || static_cast<size_t>(line) > file.lines.size())
    return {.file = file.path, .line = line};
  const std::string& text = file.lines[static_cast<size_t>(line) - 1];
  const std::string_view before = std::string_view(text).substr(0, static_cast<size_t>(column) - 1);
  return {.file = file.path,
          .line = line,
          .column = static_cast<int>(CountCodePoints(before)) + 1,
          .excerpt = text};
}

}  // namespace tocsin::rules
