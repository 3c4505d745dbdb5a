// Any bytes as a query: parsed or refused with a place inside it and a mend, never worse.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/query/parser.h"
#include "tests/fuzz/valid_utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string query = tocsin::ValidUtf8({reinterpret_cast<const char*>(data), size});
  tocsin::rules::QueryError error;
  if (tocsin::rules::ParseQuery(query, &error)) return 0;
  if (error.at > query.size() || error.what.empty() || error.mend.empty()) std::abort();
  return 0;
}
