// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/load/generator.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <new>

namespace saker::load {

namespace {

constexpr const char* kCgroupRoots[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
constexpr double kNsPerSecond = 1e9;

// Everything below runs in the generator: system calls are made directly, so that their number is
// what the table says.
long call(long number, auto... arguments) {
  return ::syscall(number, arguments...);
}

void open_read_close() {
  char buffer[16];
  const long fd = call(SYS_openat, AT_FDCWD, "/proc/self/comm", O_RDONLY);
  call(SYS_read, fd, buffer, sizeof(buffer));
  call(SYS_close, fd);
  call(SYS_getpid);
}

void fork_and_wait() {
  const long child = call(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
  if (child == 0) {
    call(SYS_exit_group, 0);
  }
  call(SYS_wait4, child, nullptr, 0, nullptr);
}

// SAKER_LOAD_TINY: a static program of one system call, exit_group.
char* const kTinyArguments[] = {const_cast<char*>("tiny"), nullptr};  // NOLINT: execve's interface
char* const kTinyEnvironment[] = {nullptr};

void exec_and_wait() {
  const long child = call(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
  if (child == 0) {
    call(SYS_execve, SAKER_LOAD_TINY, kTinyArguments, kTinyEnvironment);
    call(SYS_exit_group, 127);
  }
  call(SYS_wait4, child, nullptr, 0, nullptr);
}

// Made before the process waits for its first order.
int listening_socket = -1;        // NOLINT: of the generator's process, which has one thread
sockaddr_in listening_address{};  // NOLINT

void listen_on_loopback() {
  listening_socket = static_cast<int>(call(SYS_socket, AF_INET, SOCK_STREAM, 0));
  listening_address.sin_family = AF_INET;
  listening_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(listening_address);
  auto* address = reinterpret_cast<sockaddr*>(&listening_address);  // NOLINT
  ::bind(listening_socket, address, length);
  ::getsockname(listening_socket, address, &length);
  ::listen(listening_socket, 16);
}

void connect_and_accept() {
  // Closing with a reset leaves no port in TIME_WAIT.
  const linger reset{.l_onoff = 1, .l_linger = 0};
  const long client = call(SYS_socket, AF_INET, SOCK_STREAM, 0);
  call(SYS_setsockopt, client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  call(SYS_connect, client, &listening_address, sizeof(listening_address));
  const long server = call(SYS_accept4, listening_socket, nullptr, nullptr, 0);
  call(SYS_close, client);
  call(SYS_close, server);
}

constexpr Workload kWorkloads[] = {
    {"files", 5, open_read_close},       // openat enter; openat, read, close, getpid
    {"fork", 4, fork_and_wait},          // clone twice, procexit, wait4
    {"exec", 6, exec_and_wait},          // clone twice, exec twice, procexit, wait4
    {"connect", 6, connect_and_accept},  // socket, setsockopt, connect, accept4, close twice
};

std::uint64_t ticks() {
  return __builtin_ia32_rdtsc();
}

double ticks_per_second() {
  static const double value = [] {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const std::uint64_t first = ticks();
    const timespec pause{.tv_sec = 0, .tv_nsec = 100'000'000};
    nanosleep(&pause, nullptr);
    const std::uint64_t last = ticks();
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds = static_cast<double>(end.tv_sec - begin.tv_sec) +
                           static_cast<double>(end.tv_nsec - begin.tv_nsec) / kNsPerSecond;
    return static_cast<double>(last - first) / seconds;
  }();
  return value;
}

double cpu_seconds_of(pid_t pid) {
  // utime, stime, cutime and cstime, in ticks of 1/100 s.
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t after_name = text.rfind(')');
  if (after_name == std::string::npos) {
    return 0;
  }
  const char* at = text.c_str() + after_name + 1;
  constexpr int kUtimeField = 12;  // counted from the state
  double sum = 0;
  for (int field = 0; field < kUtimeField + 4; ++field) {
    while (*at == ' ') {
      ++at;
    }
    char* end = nullptr;
    const double value = std::strtod(at, &end);
    if (end == at) {
      ++at;  // the state's letter
    } else {
      at = end;
    }
    sum += field >= kUtimeField - 1 && field < kUtimeField + 3 ? value : 0;
  }
  return sum / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

std::span<const Workload> workloads() {
  return kWorkloads;
}

Result<std::unique_ptr<ControlGroup>> ControlGroup::make(const std::string& name) {
  for (const char* root : kCgroupRoots) {
    if (::access((std::string(root) + "/cgroup.controllers").c_str(), R_OK) != 0) {
      continue;
    }
    const std::string path = std::string(root) + "/" + name;
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
      return fail_errno("cannot make " + path, errno);
    }
    std::unique_ptr<ControlGroup> group(new ControlGroup(path));
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
      return fail_errno("cannot look at " + path, errno);
    }
    group->id_ = facts.st_ino;  // on 64-bit machines the id is the inode
    return group;
  }
  return fail(ErrorCode::kUnsupported, "no control groups (v2) here");
}

ControlGroup::~ControlGroup() {
  // Busy for a moment after its last process has ended.
  for (int i = 0; i < 100 && ::rmdir(path_.c_str()) != 0 && errno == EBUSY; ++i) {
    ::usleep(10'000);
  }
}

Status ControlGroup::add(pid_t pid) const {
  std::ofstream file(path_ + "/cgroup.procs");
  file << pid << std::flush;
  return file ? Status{} : fail(ErrorCode::kIo, "cannot put a process into " + path_);
}

struct Generator::Shared {
  std::atomic<int> order{0};  // how many times it has been told to run
  std::atomic<int> done{0};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> max_iterations{0};
  std::atomic<std::uint64_t> ticks_per_iteration{0};  // 0: as fast as it goes
  std::atomic<std::uint64_t> iterations{0};
};

Result<std::unique_ptr<Generator>> Generator::start(const Workload& workload,
                                                    const ControlGroup* group) {
  static_cast<void>(ticks_per_second());
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return fail_errno("cannot share memory", errno);
  }
  std::unique_ptr<Generator> generator(new Generator);
  generator->shared_ = new (memory) Shared;
  Shared& shared = *generator->shared_;
  generator->pid_ = ::fork();
  if (generator->pid_ < 0) {
    return fail_errno("cannot fork", errno);
  }
  if (generator->pid_ == 0) {
    listen_on_loopback();
    for (int round = 1;; ++round) {
      shared.done = round;
      while (shared.order.load(std::memory_order_acquire) < round) {
        __builtin_ia32_pause();
      }
      const std::uint64_t step = shared.ticks_per_iteration;
      const std::uint64_t limit = shared.max_iterations;
      std::uint64_t next = ticks();
      std::uint64_t count = 0;
      while (!shared.stop.load(std::memory_order_relaxed) && count < limit) {
        if (step != 0) {
          if (ticks() < next) {
            __builtin_ia32_pause();
            continue;
          }
          next += step;
        }
        workload.iterate();
        ++count;
      }
      shared.iterations = count;
    }
  }
  if (group != nullptr) {
    SAKER_RETURN_IF_ERROR(group->add(generator->pid_));
  }
  while (shared.done.load() < 1) {
    ::usleep(1000);
  }
  return generator;
}

Generator::~Generator() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (shared_ != nullptr) {
    ::munmap(shared_, sizeof(Shared));
  }
}

LoadResult Generator::run(double seconds, std::uint64_t max_iterations, double per_second) {
  Shared& shared = *shared_;
  shared.stop = false;
  shared.max_iterations = max_iterations == 0 ? ~std::uint64_t{0} : max_iterations;
  shared.ticks_per_iteration =
      per_second == 0 ? 0 : static_cast<std::uint64_t>(ticks_per_second() / per_second);
  const double cpu_before = cpu_seconds_of(pid_);
  timespec begin{};
  clock_gettime(CLOCK_MONOTONIC, &begin);
  const int round = ++shared.order;
  double elapsed = 0;
  while (shared.done.load() <= round) {
    ::usleep(1000);
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    elapsed = static_cast<double>(now.tv_sec - begin.tv_sec) +
              static_cast<double>(now.tv_nsec - begin.tv_nsec) / kNsPerSecond;
    if (elapsed >= seconds) {
      shared.stop = true;
    }
  }
  return {.iterations = shared.iterations,
          .seconds = elapsed,
          .cpu_seconds = cpu_seconds_of(pid_) - cpu_before};
}

}  // namespace saker::load
