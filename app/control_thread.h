// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Signals and other things that are looked after now and then, away from the event thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace saker::app {

struct ControlActions {
  std::function<void()> reopen;       // SIGUSR1
  std::function<void()> reload;       // SIGHUP
  std::function<void()> tick;         // about ten times a second
  std::function<void()> tick_at_end;  // the same, once the end has begun
  std::function<void()> insist;       // SIGINT or SIGTERM, a while after `stop` was set
};

// First thing in main(): what ControlThread handles waits for it, except that SIGINT and SIGTERM
// end the process until there is one. Ignores SIGPIPE.
void hold_signals();
// Blocks the signals that ControlThread handles in the calling thread and, by inheritance, in those
// that it starts from now on; ignores SIGPIPE.
void block_signals();
// Undoes both, for commands that a signal shall simply end, and for the programs that they start.
void unblock_signals();

class ControlThread {
public:
  // Blocks the signals, then sets `stop` on SIGINT and SIGTERM. Until begin() nobody may be able to
  // look at `stop`, so that a start which does not end in a second is ended by the signal itself.
  // `stop` outlives the thread.
  explicit ControlThread(std::atomic<bool>& stop);
  ~ControlThread();
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

  // What `actions` refer to lives until begin_end(), that of the last two until the destructor.
  void begin(ControlActions actions);
  // Waits for the action that is running; from now on only the last two actions are called, so that
  // the caller has everything else for itself.
  void begin_end();

private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Phase : std::uint8_t { kStarting, kRunning, kEnding };

  void run();
  void act(int signal);
  void end_start_by_signal();
  void look_at_end_signal(int signal);

  std::atomic<bool>& stop_;
  std::mutex mutex_;  // held while an action runs
  Phase phase_ = Phase::kStarting;
  ControlActions actions_;
  int first_signal_ = 0;  // of those that end
  Time first_signal_time_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace saker::app
