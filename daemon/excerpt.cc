#include "daemon/excerpt.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "rules/text/quote.h"

namespace tocsin {

Marks MarksFor(std::FILE* out) {
  const int fd = fileno(out);  // of a stream in memory there is none
  return fd >= 0 && isatty(fd) != 0 ? Marks::ForTerminal() : Marks::Plain();
}

std::string_view FieldName(rules::Field field) {
  switch (field) {
    case rules::Field::kTitle:
      return "title";
    case rules::Field::kLead:
      return "lead";
    default:
      return "body";
  }
}

std::string OnOneLine(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return line;
}

std::string Excerpt(const rules::Document& document, const rules::Span& span, const Marks& marks) {
  rules::Quoter quoter;
  quoter.Reset(document.Text(span.field));
  const rules::Quote quote = quoter.Cut(span.begin, span.end);
  return fmt::format("{} {}-{}: {}{}{}{}{}", FieldName(span.field), quote.start, quote.end,
                     OnOneLine(quote.prefix), marks.begin, OnOneLine(quote.exact), marks.end,
                     OnOneLine(quote.suffix));
}

}  // namespace tocsin
