// Owned Hyperscan handles, and the two kinds of database Tocsin compiles.
//
//   ASSIGN_OR_RETURN(HsDatabase database, CompileLiterals(literals));
//   RETURN_IF_ERROR(GrowScratch(*database, &scratch));
//
// Shape     match ids are indices into what was given.
// Errors    InvalidArgument: Hyperscan refuses a pattern. ResourceExhausted: no memory for a scratch.
//           Internal: anything else.
// Threads   databases: share freely. Scratch: one per thread.
// Cites     https://intel.github.io/hyperscan/dev-reference/
#ifndef TOCSIN_RULES_COMPILE_HYPERSCAN_H_
#define TOCSIN_RULES_COMPILE_HYPERSCAN_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <hs.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules {

template <auto Free>
struct HsDeleter {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};
using HsDatabase = std::unique_ptr<hs_database_t, HsDeleter<&hs_free_database>>;
using HsScratch = std::unique_ptr<hs_scratch_t, HsDeleter<&hs_free_scratch>>;
using HsCompileError = std::unique_ptr<hs_compile_error_t, HsDeleter<&hs_free_compile_error>>;
static_assert(sizeof(HsDatabase) == sizeof(void*), "the deleter is stateless");

// Byte strings, each reported wherever it ends. Null for no literals.
absl::StatusOr<HsDatabase> CompileLiterals(const std::vector<std::string>& literals);

// Regexes as prefilters over UTF-8: each that may match is reported, at least once.
absl::StatusOr<HsDatabase> CompilePrefilters(const std::vector<std::string>& patterns);

// Calls found(id, end) for each match that ends at byte `end` of the text.
absl::Status Scan(const hs_database_t* database, std::string_view text, hs_scratch_t* scratch,
                  absl::FunctionRef<void(unsigned id, size_t end)> found);

// Makes *scratch fit for the database too.
absl::Status GrowScratch(const hs_database_t* database, HsScratch* scratch);

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_HYPERSCAN_H_
