// ${NAME} in a value: what the environment has under that name.
//
//   ASSIGN_OR_RETURN(const Substituted text, Substitute("${HOST}:9092"));
//
// Shape     NAME: letters, digits and underscores, no digit first. $${ stands for a literal ${; any
//           other $ for itself. What is put in is not looked at again.
// Errors    InvalidArgument: a variable that is not defined, or no name between the braces.
// Threads   reads the environment: none may change it meanwhile.
#ifndef TOCSIN_DAEMON_CONFIG_SUBSTITUTE_H_
#define TOCSIN_DAEMON_CONFIG_SUBSTITUTE_H_

#include <absl/status/statusor.h>

#include <set>
#include <string>
#include <string_view>

namespace tocsin {

struct Substituted {
  std::string text;
  std::set<std::string> variables;
};

absl::StatusOr<Substituted> Substitute(std::string_view text);

// What Substitute makes this text of.
std::string Escape(std::string_view text);

// By the name alone: passwords, tokens and the like.
bool IsSecretVariable(std::string_view name);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_CONFIG_SUBSTITUTE_H_
