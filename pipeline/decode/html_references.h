// Numeric character references beyond Unicode, which gumbo counts past the end of an int: it would
// write bytes that are no UTF-8, or end the text with a NUL.
//
//   if (MendReferences(html, &mended)) html = mended;      "&#99999999999;" is "&#xFFFD;"
//
// Shape     what is mended names U+FFFD, as HTML wants it; all else stays. Never longer.
// Cost      a search for "&#"; a copy only where there is something to mend.
#ifndef TOCSIN_PIPELINE_DECODE_HTML_REFERENCES_H_
#define TOCSIN_PIPELINE_DECODE_HTML_REFERENCES_H_

#include <string>
#include <string_view>

namespace tocsin {

bool MendReferences(std::string_view html, std::string* mended);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_HTML_REFERENCES_H_
