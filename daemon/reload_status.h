// How the last attempt to load rules went: for metrics and for STATUS.
//
//   status.Loaded(rule_set.version(), rule_set.rules().size());   // at the start
//   status.Started();                                             // of a reload; then
//   status.Reloaded(version, rules);                              // or
//   status.Failed("rules/x.yaml:3:5: ...");
//
// Shape     version: of the rules that are in use; a failure leaves it as it is.
// Threads   any.
#ifndef TOCSIN_DAEMON_RELOAD_STATUS_H_
#define TOCSIN_DAEMON_RELOAD_STATUS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace tocsin {

class ReloadStatus {
 public:
  struct Values {
    std::string version;
    size_t rules = 0;
    uint64_t started = 0;  // reloads
    uint64_t succeeded = 0;
    uint64_t failed = 0;
    std::string failure;  // of the last reload; empty if it succeeded, or there was none
    std::chrono::system_clock::time_point loaded;  // when the rules in use came into use

    uint64_t finished() const { return succeeded + failed; }
  };

  void Loaded(std::string version, size_t rules) {
    const std::lock_guard lock(mutex_);
    values_.version = std::move(version);
    values_.rules = rules;
    values_.failure.clear();
    values_.loaded = std::chrono::system_clock::now();
  }

  void Started() {
    const std::lock_guard lock(mutex_);
    ++values_.started;
  }

  void Reloaded(std::string version, size_t rules) {
    Loaded(std::move(version), rules);
    const std::lock_guard lock(mutex_);
    ++values_.succeeded;
  }

  void Failed(std::string reason) {
    const std::lock_guard lock(mutex_);
    ++values_.failed;
    values_.failure = std::move(reason);
  }

  Values Get() const {
    const std::lock_guard lock(mutex_);
    return values_;
  }

 private:
  mutable std::mutex mutex_;
  Values values_;
};

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_RELOAD_STATUS_H_
