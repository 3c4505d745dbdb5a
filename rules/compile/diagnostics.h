// Every error of every rule file, as an analyst reads it.
//
//   diagnostics.Add({.file = file, .line = 7, .column = 12, .what = "...", .mend = "..."});
//   if (!diagnostics.empty()) return diagnostics.ToStatus();
//
// Shape     file:line:column: what; mend, then the line itself and a caret where its text is known.
// Units     line and column count from 1; the column counts code points.
#ifndef TOCSIN_RULES_COMPILE_DIAGNOSTICS_H_
#define TOCSIN_RULES_COMPILE_DIAGNOSTICS_H_

#include <absl/status/status.h>

#include <string>
#include <vector>

namespace tocsin::rules {

struct Diagnostic {
  std::string file;
  int line = 1;
  int column = 1;
  std::string what;
  std::string mend;
  std::string excerpt;  // the line of the file; may be empty
  bool is_warning = false;
};

// In the order of the files; of very many the first kDiagnosticsShown. unkept: how many there are
// besides.
inline constexpr size_t kDiagnosticsShown = 1000;
std::string ToText(std::vector<Diagnostic> diagnostics, size_t unkept = 0);

class Diagnostics {
 public:
  // Keeps the first 10,000: a file of nothing but errors must not fill the memory.
  void Add(Diagnostic diagnostic);
  bool empty() const { return all_.empty(); }
  absl::Status ToStatus() const;

 private:
  std::vector<Diagnostic> all_;
  size_t unkept_ = 0;
};

}  // namespace tocsin::rules

#endif  // TOCSIN_RULES_COMPILE_DIAGNOSTICS_H_
