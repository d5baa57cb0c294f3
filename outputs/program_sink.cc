// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/program_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <utility>

#include "outputs/write_bytes.h"

namespace saker {

namespace {

constexpr int kWaitMs = 100;

}  // namespace

ProgramSink::ProgramSink(ProgramSinkOptions options, RenderOptions render, OutputLog log)
    : options_(std::move(options)), render_(std::move(render)), log_(std::move(log)) {}

ProgramSink::~ProgramSink() {
  if (pid_ > 0) {
    finish_program();
  }
}

Status ProgramSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  return {};
}

Status ProgramSink::start_program() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail_errno("cannot make a pipe", errno);
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, read_end.get(), STDIN_FILENO);
  // Whatever a library has opened without O_CLOEXEC is not for the program.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  // The program gets default signal handling, whatever this process ignores or blocks.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigset_t none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::string shell = "sh";
  std::string flag = "-c";
  char* const arguments[] = {shell.data(), flag.data(), options_.command.data(), nullptr};
  const int error = ::posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments, ::environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    pid_ = -1;
    return fail_errno("cannot start '" + options_.command + "'", error);
  }
  input_ = std::move(write_end);
  return {};
}

void ProgramSink::finish_program() {
  input_.reset();
  if (pid_ <= 0) {
    return;
  }
  int status = 0;
  const UniqueFd watch(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  while (watch.is_open()) {
    pollfd entry{.fd = watch.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&entry, 1, kWaitMs);
    if (ready > 0 || (ready < 0 && errno != EINTR && errno != EAGAIN)) {
      break;  // waitpid() below waits without a look at the stop signal
    }
    if (stop_->is_set()) {
      ::kill(pid_, SIGKILL);
      break;
    }
  }
  pid_t ended = 0;
  while ((ended = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  // The same end of each alert's program is told once.
  if (ended > 0 && status != std::exchange(last_status_, status) && status != 0) {
    const std::string how = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                : "status " + std::to_string(WEXITSTATUS(status));
    log_(Priority::kWarning, "program output: '" + options_.command + "' ended with " + how +
                                 "; what it had not read may be lost");
  }
}

Status ProgramSink::write_line(const OutputMessage& message) {
  if (pid_ <= 0) {
    SAKER_RETURN_IF_ERROR(start_program());
  }
  line_.clear();
  message.render(line_, render_);
  line_ += '\n';
  std::string_view rest = line_;
  const Status status = write_bytes(input_.get(), rest, *stop_, "'" + options_.command + "'");
  if (!status || !options_.keep_alive) {
    finish_program();
  }
  return status;
}

WriteResult ProgramSink::write(std::span<const OutputMessage> batch) {
  for (const OutputMessage& message : batch) {
    if (const Status status = write_line(message); status) {
      observer_->delivered(1);
    } else {
      observer_->failed(1, status.error());
    }
  }
  return WriteResult::all(batch.size());
}

Status ProgramSink::reopen() {
  finish_program();
  return {};
}

Status ProgramSink::drain(SteadyTime /*deadline*/) {
  finish_program();
  return {};
}

}  // namespace saker
