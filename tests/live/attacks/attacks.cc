// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/attacks/attacks.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

namespace saker::attacks {

namespace {

using Clock = std::chrono::steady_clock;

class Until {
public:
  explicit Until(double seconds) : end_(Clock::now() + std::chrono::duration<double>(seconds)) {}
  [[nodiscard]] bool is_open() const { return Clock::now() < end_; }

private:
  std::chrono::time_point<Clock, std::chrono::duration<double>> end_;
};

void run_true(const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment) {
  std::vector<const char*> argv;
  for (const std::string& text : arguments) {
    argv.push_back(text.c_str());
  }
  argv.push_back(nullptr);
  std::vector<const char*> env;
  for (const std::string& text : environment) {
    env.push_back(text.c_str());
  }
  env.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execve("/bin/true", const_cast<char**>(argv.data()), const_cast<char**>(env.data()));  // NOLINT
    _exit(126);
  }
  waitpid(child, nullptr, 0);
}

std::string_view rename_threads(double seconds) {
  const Until until(seconds);
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < 4; ++number) {
    threads.emplace_back([&until, number] {
      for (unsigned i = 0; until.is_open(); ++i) {
        const std::string name = "n" + std::to_string(number) + "-" + std::to_string(i);
        prctl(PR_SET_NAME, name.c_str());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return {};
}

std::string_view flood_fds(double seconds) {
  const Until until(seconds);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  constexpr int kMany = 200'000;
  while (until.is_open()) {
    const int first = open("/dev/null", O_RDONLY);
    int last = first;
    for (int i = 0; i < kMany && last >= 0 && until.is_open(); ++i) {
      last = dup(first);
    }
    close_range(static_cast<unsigned>(first), UINT_MAX, 0);
  }
  return {};
}

std::string_view flood_threads(double seconds) {
  const Until until(seconds);
  while (until.is_open()) {
    std::vector<std::thread> threads;
    std::atomic<bool> is_over{false};
    try {
      for (int i = 0; i < 2000; ++i) {
        threads.emplace_back([&is_over] {
          while (!is_over) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
          }
        });
      }
    } catch (const std::system_error&) {  // the limit of processes: enough
    }
    is_over = true;
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  return {};
}

std::string cgroup_root() {
  for (const char* path : {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"}) {
    if (access((std::string(path) + "/cgroup.procs").c_str(), W_OK) == 0) {
      return path;
    }
  }
  return {};
}

std::string_view churn_groups(double seconds) {
  const std::string root = cgroup_root();
  if (root.empty()) {
    return "no control groups (v2) to write to";
  }
  const Until until(seconds);
  constexpr std::array<const char*, 4> kNames = {"a=b:c,d (x)", "\"quoted\\", "%s%n", "docker-"};
  for (unsigned i = 0; until.is_open(); ++i) {
    std::string name = kNames[i % kNames.size()];
    if (name == "docker-") {
      std::array<char, 72> id{};
      std::snprintf(id.data(), id.size(), "%064x.scope", i);
      name += id.data();
    } else {
      name += std::to_string(getpid()) + std::string(100, 'x');
    }
    const std::string folder = root + "/" + name;
    if (mkdir(folder.c_str(), 0755) != 0) {
      return "a control group cannot be made";
    }
    const pid_t child = fork();
    if (child == 0) {
      std::ofstream(folder + "/cgroup.procs") << getpid() << std::endl;
      execl("/bin/true", "true", nullptr);
      _exit(126);
    }
    waitpid(child, nullptr, 0);
    for (int tries = 0; rmdir(folder.c_str()) != 0 && tries < 100; ++tries) {
      usleep(1000);
    }
  }
  return {};
}

std::string_view fill_vectors(double seconds) {
  constexpr std::size_t kLongest = 131'071;  // MAX_ARG_STRLEN of the kernel, less the NUL
  const Until until(seconds);
  const std::vector<std::string> few(7, std::string(kLongest, 'a'));
  const std::vector<std::string> empty(100'000, "");
  const std::string path = "/" + std::string(PATH_MAX - 2, 'p');
  const std::string folders = [] {
    std::string text;
    while (text.size() < PATH_MAX - 2) {
      text += "/.";
    }
    return text.substr(0, PATH_MAX - 1);
  }();
  while (until.is_open()) {
    run_true(few, few);
    run_true(empty, {});
    run_true({}, few);
    static_cast<void>(!open(path.c_str(), O_RDONLY | O_CLOEXEC));
    static_cast<void>(!rename(path.c_str(), folders.c_str()));
    close(open(folders.c_str(), O_RDONLY | O_CLOEXEC));
  }
  return {};
}

std::string_view play_with_names(double seconds) {
  const Until until(seconds);
  std::array<char, 32> place = {"/tmp/saker-attack-XXXXXX"};
  if (mkdtemp(place.data()) == nullptr || chdir(place.data()) != 0) {
    return "no folder to work in";
  }
  const std::string deep(200, 'd');
  while (until.is_open()) {
    for (int i = 0; i < 60; ++i) {  // 12,000 bytes, more than any path can have
      mkdir(deep.c_str(), 0700);
      static_cast<void>(!chdir(deep.c_str()));
    }
    close(open("new\nline", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    static_cast<void>(!symlink("loop", "loop"));
    close(open("loop/../loop", O_RDONLY | O_CLOEXEC));
    close(open("..//../\"; rm -rf %s\x1b[2J", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    run_true({"\x1b[31m", "%s%n", "{{.}}", "\"\\"}, {"A=\n\r", "=", ""});
    unlink("new\nline");
    unlink("loop");
    unlink("..//../\"; rm -rf %s\x1b[2J");
    for (int i = 0; i < 60; ++i) {
      static_cast<void>(!chdir(".."));
      rmdir(deep.c_str());
    }
  }
  static_cast<void>(!chdir("/"));
  std::error_code ignored;
  std::filesystem::remove_all(place.data(), ignored);
  return {};
}

std::string_view storm(double seconds) {
  const Until until(seconds);
  for (unsigned i = 0; until.is_open(); ++i) {
    run_true({"x" + std::to_string(i)}, {"N=" + std::to_string(i)});
    const pid_t child = fork();
    if (child == 0) {
      if (fork() == 0) {
        _exit(0);
      }
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  return {};
}

}  // namespace

const std::vector<Attack>& all_attacks() {
  static const std::vector<Attack> kAll = {
      {"rename", "four threads rename themselves without pause", rename_threads},
      {"fds", "descriptors up to the kernel's limit, again and again", flood_fds},
      {"threads", "2,000 threads at a time", flood_threads},
      {"groups", "control groups with odd names and names of containers", churn_groups},
      {"vectors", "arguments, environment and paths at the kernel's limits", fill_vectors},
      {"names", "folders deeper than any path, names that are not text", play_with_names},
      {"storm", "forks and programs that end at once", storm},
  };
  return kAll;
}

std::string_view look_confusing() {
  static constexpr std::string_view kName = ") R 1 (init\n";
  std::array<char, 32> place = {"/tmp/saker-attack-XXXXXX"};
  if (mkdtemp(place.data()) != nullptr && chdir(place.data()) == 0) {
    const std::string folder = "x (deleted)\nName:\troot";
    mkdir(folder.c_str(), 0700);
    static_cast<void>(!chdir(folder.c_str()));
    rmdir(("../" + folder).c_str());  // a working folder without a name
    rmdir(place.data());
  }
  prctl(PR_SET_NAME, kName.data());
  return kName;
}

}  // namespace saker::attacks
