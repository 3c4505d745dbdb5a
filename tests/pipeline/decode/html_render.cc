// Renders the HTML documents of its standard input to its output, each ended by a NUL, for
// html_oracle_test.py; one that is refused as the reason behind a byte 0x01.
#include <iostream>
#include <string>

#include "pipeline/decode/html_text.h"

int main() {
  tocsin::HtmlText html(tocsin::HtmlLimits{});
  for (std::string document; std::getline(std::cin, document, '\0');) {
    const auto text = html.Render(document);
    if (text.ok()) {
      std::cout << *text << '\0';
    } else {
      std::cout << '\x01' << text.status() << '\0';
    }
  }
}
