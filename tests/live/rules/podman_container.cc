// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/rules/podman_container.h"

#include <unistd.h>

#include <fstream>
#include <utility>

#include "tests/live/rules/run_program.h"

namespace saker::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* kImage = "saker-live:test";

void fill_image(const fs::path& root) {
  for (const char* name : {"proc", "sys", "dev", "etc", "mnt", "opt", "tmp", "root", "host",
                           "var/log", "run", "usr", "work"}) {
    fs::create_directories(root / name);
  }
  for (const char* name : {"bin", "sbin", "lib", "lib64"}) {
    fs::create_directory_symlink(std::string("usr/") + name, root / name);
  }
  std::ofstream(root / "etc/passwd") << "root:x:0:0:root:/root:/bin/sh\n"
                                        "nobody:x:65534:65534:nobody:/:/bin/false\n";
  fs::copy_file("/bin/true", root / "opt/tool");
}

}  // namespace

PodmanContainer::PodmanContainer(fs::path folder, std::vector<std::string> environment)
    : folder_(std::move(folder)), environment_(std::move(environment)) {}

PodmanContainer::~PodmanContainer() {
  static_cast<void>(command({"rmi", "--force", kImage}));
  // Podman keeps its storage mounted.
  static_cast<void>(
      run_program({"/bin/umount", folder_ / "storage/overlay"}, folder_ / "umount.out"));
}

std::string PodmanContainer::prepare() {
  if (access("/usr/bin/podman", X_OK) != 0) {
    return "podman is not installed";
  }
  fill_image(folder_ / "rootfs");
  const std::string archive = folder_ / "rootfs.tar";
  if (run_program({"/bin/tar", "-C", folder_ / "rootfs", "-cf", archive, "."},
                  folder_ / "tar.out") != 0 ||
      command({"import", archive, kImage}) != 0) {
    return "podman cannot import an image: " + output();
  }
  return {};
}

int PodmanContainer::run(const std::string& program, const std::vector<std::string>& words,
                         const std::vector<std::string>& more) {
  std::vector<std::string> args = {"run",
                                   "--rm",
                                   "--network=none",
                                   "--ulimit",
                                   "nofile=1024:1024",
                                   "--ulimit",
                                   "nproc=1024:1024",
                                   "--cap-add=ALL",
                                   "--security-opt",
                                   "seccomp=unconfined",
                                   "--volume",
                                   "/usr:/usr:ro",
                                   "--volume",
                                   program + ":/work/harness:ro"};
  for (const std::vector<std::string>& entries : {environment_, more}) {
    for (const std::string& entry : entries) {
      args.insert(args.end(), {"--env", entry});
    }
  }
  args.insert(args.end(), {kImage, "/work/harness"});
  args.insert(args.end(), words.begin(), words.end());
  return command(args);
}

std::string PodmanContainer::output() const {
  return text_of(folder_ / "podman.out");
}

int PodmanContainer::command(const std::vector<std::string>& words) {
  std::vector<std::string> args = {
      "/usr/bin/podman", "--root", folder_ / "storage", "--runroot", folder_ / "podman-run",
      "--runtime",       "runc"};
  args.insert(args.end(), words.begin(), words.end());
  return run_program(args, folder_ / "podman.out", environment_);
}

}  // namespace saker::test
