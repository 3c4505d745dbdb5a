// An explanation as analysts read it.
//
//   fmt::print("{}", ShowExplanation(why, document, marks));
//
// Shape     lines, each indented and ended by a line feed. Operands of an OR that do not occur are
//           counted, not listed.
#ifndef TOCSIN_DAEMON_EXPLANATION_VIEW_H_
#define TOCSIN_DAEMON_EXPLANATION_VIEW_H_

#include <string>

#include "daemon/demo_view.h"
#include "rules/document.h"
#include "rules/match/explain.h"

namespace tocsin {

// The whole tree: each part true or false, with where it occurs.
std::string ShowExplanation(const rules::Explanation& why, const rules::Document& document,
                            const Marks& marks);

// Of one that does not hold: the parts by which it fails.
std::string ShowFailing(const rules::Explanation& why, const rules::Document& document,
                        const Marks& marks);

// Of one that holds: the NOT and NOT NEAR parts that refused nothing.
std::string ShowSilentRefusals(const rules::Explanation& why);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_EXPLANATION_VIEW_H_
