// Writes the generated corpus to stdout as NDJSON, for the peers: the articles of tocsin_bench --corpus generated.
#include <iostream>
#include <string>

#include "bench/corpus.h"

int main() {
  for (const std::string& article : tocsin::bench::GenerateCorpus({}).articles) {
    std::cout << article << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}
