// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/demo/sandbox.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "app/demo/actions.h"

namespace saker::demo {
namespace {

constexpr int kPreparationFailed = 3;

Status mount_private(const std::string& folder) {
  if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return failed("cannot make " + folder);
  }
  if (mount("tmpfs", folder.c_str(), "tmpfs", 0, "mode=0755,size=64m") != 0) {
    return failed("cannot mount a tmpfs on " + folder);
  }
  return {};
}

// Nothing here may be skipped on failure: what follows writes to these folders.
Status prepare(const Scenario& scenario, const std::string& own_path) {
  if (unshare(CLONE_NEWNS) != 0) {
    return failed("cannot make a mount namespace");
  }
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failed("cannot make the mounts private");
  }
  if (!scenario.disguise.empty()) {
    const std::string place(scenario.disguise);
    if (mount(own_path.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return failed("cannot take the place of " + place);
    }
  }
  SAKER_RETURN_IF_ERROR(mount_private(kWorkFolder));
  for (const std::string_view folder : scenario.private_folders) {
    SAKER_RETURN_IF_ERROR(mount_private(std::string(folder)));
  }
  for (const std::string_view file : scenario.prepared_files) {
    SAKER_RETURN_IF_ERROR(write_file(std::string(file), 0600));
  }
  return {};
}

[[noreturn]] void become_scenario(const Scenario& scenario, const std::string& own_path) {
  const Status prepared = prepare(scenario, own_path);
  if (!prepared) {
    std::fprintf(stderr, "saker_demo: %s\n", prepared.error().message.c_str());
    _exit(kPreparationFailed);
  }
  std::string program = scenario.disguise.empty() ? own_path : std::string(scenario.disguise);
  std::string flag = "--inside";
  std::string name(scenario.name);
  std::string marker = std::string(kMarkerVariable) + "=" + name;
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  const std::array<char*, 4> argv = {program.data(), flag.data(), name.data(), nullptr};
  // Tells concurrent runs of the same scenarios apart.
  const char* run = std::getenv(kRunVariable);
  std::string run_entry = std::string(kRunVariable) + "=" + (run == nullptr ? "" : run);
  const std::array<char*, 4> env = {marker.data(), path.data(), run_entry.data(), nullptr};
  execve(program.c_str(), argv.data(), env.data());
  std::fprintf(stderr, "saker_demo: cannot start %s\n", program.c_str());
  _exit(kPreparationFailed);
}

}  // namespace

std::string own_path() {
  std::array<char, PATH_MAX> path = {};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

std::string why_not_here(const std::string& own_path) {
  if (geteuid() != 0) {
    return "needs root (private mounts)";
  }
  for (const char* folder : {"/tmp/", "/var/tmp/", "/dev/shm/", "/mnt/"}) {
    if (own_path.starts_with(folder)) {
      return "the program stands in " + std::string(folder) +
             ", where the rules suspect every program";
    }
  }
  return {};
}

Status run_in_sandbox(const Scenario& scenario, const std::string& own_path) {
  if (!scenario.disguise.empty() && access(std::string(scenario.disguise).c_str(), X_OK) != 0) {
    return fail(ErrorCode::kUnsupported, std::string(scenario.disguise) + " is not installed");
  }
  const pid_t child = fork();
  if (child < 0) {
    return failed("cannot fork");
  }
  if (child == 0) {
    become_scenario(scenario, own_path);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return failed("cannot wait for the scenario");
    }
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::kIo, "scenario " + std::string(scenario.name) + " failed");
  }
  return {};
}

}  // namespace saker::demo
