#include "rules/compile/hyperscan.h"

#include <fmt/format.h>

namespace tocsin::rules {
namespace {

absl::StatusOr<HsDatabase> Compile(const std::vector<std::string>& patterns, unsigned flags) {
  std::vector<const char*> expressions;
  std::vector<unsigned> all_flags(patterns.size(), flags);
  std::vector<unsigned> ids;
  for (const std::string& pattern : patterns) {
    ids.push_back(static_cast<unsigned>(expressions.size()));
    expressions.push_back(pattern.c_str());
  }
  hs_database_t* raw = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const hs_error_t code = hs_compile_multi(expressions.data(), all_flags.data(), ids.data(),
                                           static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK,
                                           nullptr, &raw, &raw_error);
  HsDatabase database(raw);
  const HsCompileError error(raw_error);
  if (code == HS_SUCCESS) return database;
  if (code == HS_COMPILER_ERROR && error) return absl::InvalidArgumentError(error->message);
  return absl::InternalError(fmt::format("hs_compile_multi: {}", code));
}

}  // namespace

absl::StatusOr<HsDatabase> CompileLiterals(const std::vector<std::string>& literals) {
  if (literals.empty()) return HsDatabase();
  std::vector<std::string> patterns;
  patterns.reserve(literals.size());
  for (const std::string& literal : literals) {
    std::string& pattern = patterns.emplace_back();
    for (const char c : literal) {
      fmt::format_to(std::back_inserter(pattern), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return Compile(patterns, 0);
}

absl::StatusOr<HsDatabase> CompilePrefilters(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return HsDatabase();
  // UTF8 alone compiles \b and never fires beyond ASCII; UCP without PREFILTER refuses it (DESIGN
  // §4.4).
  return Compile(patterns, HS_FLAG_UTF8 | HS_FLAG_UCP | HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH);
}

absl::Status Scan(const hs_database_t* database, std::string_view text, hs_scratch_t* scratch,
                  absl::FunctionRef<void(unsigned id, size_t end)> found) {
  using Found = absl::FunctionRef<void(unsigned, size_t)>;
  // Types left to hs.h; nothing may throw through it.
  const match_event_handler on_match = [](unsigned id, auto, auto end, unsigned, void* context) {
    [&]() noexcept { (*static_cast<Found*>(context))(id, static_cast<size_t>(end)); }();
    return 0;
  };
  const hs_error_t code = hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0,
                                  scratch, on_match, &found);
  return code == HS_SUCCESS ? absl::OkStatus()
                            : absl::InternalError(fmt::format("hs_scan: {}", code));
}

absl::Status GrowScratch(const hs_database_t* database, HsScratch* scratch) {
  if (database == nullptr) return absl::OkStatus();
  hs_scratch_t* raw = scratch->release();
  const hs_error_t code = hs_alloc_scratch(database, &raw);
  scratch->reset(raw);
  if (code == HS_SUCCESS) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format("hs_alloc_scratch: {}", code));
}

}  // namespace tocsin::rules
