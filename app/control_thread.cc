// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/control_thread.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <initializer_list>
#include <utility>

namespace saker::app {

namespace {

constexpr long kTickNs = 100'000'000;
// `timeout` signals its child and then the whole group, the child again.
constexpr std::chrono::seconds kRepetition{1};

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  return set;
}

sigset_t handled_signals() {
  return set_of({SIGINT, SIGTERM, SIGUSR1, SIGHUP});
}

void set_sigpipe(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace

void hold_signals() {
  const sigset_t set = set_of({SIGUSR1, SIGHUP});
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  set_sigpipe(SIG_IGN);  // NOLINT: the system's macro
}

void block_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  set_sigpipe(SIG_IGN);  // NOLINT: the system's macro
}

void unblock_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  set_sigpipe(SIG_DFL);  // NOLINT: the system's macro
}

ControlThread::ControlThread(std::atomic<bool>& stop) : stop_(stop) {
  block_signals();
  thread_ = std::thread([this] { run(); });
}

ControlThread::~ControlThread() {
  is_over_ = true;
  thread_.join();
}

void ControlThread::begin(ControlActions actions) {
  const std::lock_guard lock(mutex_);
  actions_ = std::move(actions);
  phase_ = Phase::kRunning;
}

void ControlThread::begin_end() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::kEnding;
}

void ControlThread::run() {
  const sigset_t all = handled_signals();
  const sigset_t ends = set_of({SIGINT, SIGTERM});
  const timespec tick{.tv_sec = 0, .tv_nsec = kTickNs};
  bool is_starting = true;
  while (!is_over_.load(std::memory_order_relaxed)) {
    // The others wait until the start is over.
    const int signal = sigtimedwait(is_starting ? &ends : &all, nullptr, &tick);
    const std::lock_guard lock(mutex_);
    is_starting = phase_ == Phase::kStarting;
    act(signal);
  }
}

void ControlThread::act(int signal) {
  if (signal == SIGINT || signal == SIGTERM) {
    look_at_end_signal(signal);
  }
  switch (phase_) {
    case Phase::kStarting:
      end_start_by_signal();
      return;
    case Phase::kEnding:
      actions_.tick_at_end();
      return;
    case Phase::kRunning:
      break;
  }
  // Whoever waits for the end shall not wait for a reload too.
  if (signal == SIGHUP && !stop_) {
    actions_.reload();
  } else if (signal == SIGUSR1) {
    actions_.reopen();
  }
  actions_.tick();
}

void ControlThread::look_at_end_signal(int signal) {
  const Time now = std::chrono::steady_clock::now();
  if (!stop_.exchange(true)) {
    first_signal_ = signal;
    first_signal_time_ = now;
  } else if (phase_ != Phase::kStarting &&
             (first_signal_ == 0 || now - first_signal_time_ >= kRepetition)) {
    actions_.insist();
  }
}

void ControlThread::end_start_by_signal() {
  if (first_signal_ == 0 || std::chrono::steady_clock::now() - first_signal_time_ < kRepetition) {
    return;
  }
  unblock_signals();
  ::kill(::getpid(), first_signal_);
}

}  // namespace saker::app
