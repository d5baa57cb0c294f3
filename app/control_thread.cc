// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/control_thread.h"

#include <signal.h>
#include <time.h>

namespace saker::app {

namespace {

constexpr long kTickNs = 100'000'000;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGHUP}) {
    sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;  // NOLINT: the system's macro
  sigaction(SIGPIPE, &ignore, nullptr);
}

void unblock_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;  // NOLINT: the system's macro
  sigaction(SIGPIPE, &usual, nullptr);
}

ControlThread::ControlThread(std::atomic<bool>& stop, ControlActions actions)
    : stop_(stop), actions_(std::move(actions)), thread_([this] { run(); }) {}

ControlThread::~ControlThread() {
  is_ending_ = true;
  thread_.join();
}

void ControlThread::run() {
  const sigset_t set = handled_signals();
  const timespec tick{.tv_sec = 0, .tv_nsec = kTickNs};
  while (!is_ending_.load(std::memory_order_relaxed)) {
    switch (sigtimedwait(&set, nullptr, &tick)) {
      case SIGINT:
      case SIGTERM:
        if (stop_.exchange(true)) {
          actions_.insist();
        }
        break;
      case SIGUSR1:
        actions_.reopen();
        break;
      case SIGHUP:
        actions_.reload();
        break;
      default:
        break;
    }
    actions_.tick();
  }
}

}  // namespace saker::app
