// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Signals and other things that are looked after now and then, away from the event thread.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace saker::app {

struct ControlActions {
  std::function<void()> reopen;  // SIGUSR1
  std::function<void()> reload;  // SIGHUP
  std::function<void()> tick;    // about ten times a second
  std::function<void()> insist;  // SIGINT or SIGTERM although `stop` is already set
};

// Blocks the signals that ControlThread handles in the calling thread and, by inheritance, in those
// that it starts from now on; ignores SIGPIPE. Called first thing in main().
void block_signals();
// Undoes it, for commands that a signal shall simply end, and for the programs that they start.
void unblock_signals();

class ControlThread {
public:
  // Sets `stop` on SIGINT and SIGTERM. `stop` outlives the thread.
  ControlThread(std::atomic<bool>& stop, ControlActions actions);
  ~ControlThread();
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

private:
  void run();

  std::atomic<bool>& stop_;
  ControlActions actions_;
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

}  // namespace saker::app
