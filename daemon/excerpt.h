// A span of an article with what stands around it, on one line.
//
//   out += Excerpt(document, span, marks);   // body 12-21: Both sides agreed a [ceasefire] in Gaza
//
// Units     positions shown: code points of the field, end exclusive.
#ifndef TOCSIN_DAEMON_EXCERPT_H_
#define TOCSIN_DAEMON_EXCERPT_H_

#include <cstdio>
#include <string>
#include <string_view>

#include "daemon/demo_view.h"
#include "rules/document.h"

namespace tocsin {

// Colours for a terminal, brackets else.
Marks MarksFor(std::FILE* out);

std::string_view FieldName(rules::Field field);

// Line breaks and tabs as spaces.
std::string OnOneLine(std::string_view text);

std::string Excerpt(const rules::Document& document, const rules::Span& span, const Marks& marks);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_EXCERPT_H_
