// What systemd is told of the process: sd_notify's protocol.
//
//   notify::ExtendTimeout(std::chrono::minutes(5));  // rules are compiled now
//   notify::Ready();
//   notify::Status("1200 records/s, lag 40 s");
//   if (every_worker_went_on) notify::Watchdog();
//
// Shape     each call is one datagram to $NOTIFY_SOCKET; without it (no systemd) it does nothing.
//           Status: one line; line breaks in it become spaces.
// Units     ExtendTimeout: counted from the call; it holds while starting and stopping.
// Cost      a system call; no allocation of note.
// Errors    none: a supervisor that does not listen is no reason to stop working.
// Threads   any.
#ifndef TOCSIN_DAEMON_NOTIFY_H_
#define TOCSIN_DAEMON_NOTIFY_H_

#include <chrono>
#include <string>

namespace tocsin::notify {

void Ready();  // started, or done with a reload, whatever came of it
void Reloading();
void Stopping();
void Status(std::string text);
void Watchdog();
void ExtendTimeout(std::chrono::microseconds by);

}  // namespace tocsin::notify

#endif  // TOCSIN_DAEMON_NOTIFY_H_
