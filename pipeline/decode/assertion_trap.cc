#include "pipeline/decode/assertion_trap.h"

#include <cassert>
#include <cstdio>
#include <cstdlib>

namespace tocsin {
namespace {

thread_local std::jmp_buf* trap_escape = nullptr;
thread_local int trap_value = 0;

[[noreturn]] void Fail(const char* assertion, const char* file, unsigned line,
                       const char* function) {
  if (trap_escape != nullptr) std::longjmp(*trap_escape, trap_value);
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, assertion);
  std::abort();
}

}  // namespace

AssertionTrap::AssertionTrap(std::jmp_buf* escape, int value) {
  trap_escape = escape;
  trap_value = value;
}

AssertionTrap::~AssertionTrap() { trap_escape = nullptr; }

}  // namespace tocsin

// glibc's name, on purpose.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" void __assert_fail(const char* assertion, const char* file, unsigned line,
                              const char* function) noexcept {
  tocsin::Fail(assertion, file, line, function);
}
