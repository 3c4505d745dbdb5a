// Lets a call leave a C library whose own assertion would end the process: Debian's libgumbo has
// them, and `<table><svg><select><foreignobject><select><tr>` fails one.
//
//   const AssertionTrap trap(&escape, kByAssertion);
//   if (setjmp(escape) == kByAssertion) return nullptr;
//   gumbo_parse(html);
//
// Shape     stands in for glibc's __assert_fail, which an executable may bring itself. Without a trap
//           the process ends as ever.
// Threads   of the thread that sets it, one at a time.
// Lifetime  as long as the trap. What the library holds is not given back.
#ifndef TOCSIN_PIPELINE_DECODE_ASSERTION_TRAP_H_
#define TOCSIN_PIPELINE_DECODE_ASSERTION_TRAP_H_

#include <csetjmp>

namespace tocsin {

class AssertionTrap {
 public:
  // value: what setjmp gives then.
  AssertionTrap(std::jmp_buf* escape, int value);
  ~AssertionTrap();
  AssertionTrap(const AssertionTrap&) = delete;
  AssertionTrap& operator=(const AssertionTrap&) = delete;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_ASSERTION_TRAP_H_
