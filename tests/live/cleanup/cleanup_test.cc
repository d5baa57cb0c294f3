// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Programs, maps and links of the sensor are gone from the kernel when it ends, however it ends.
// They are found by their ids in /proc/PID/fdinfo, so other sensors on the machine do not matter.
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/live/rules/sensor_process.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{30};
constexpr const char* kRules = R"(
- rule: Any program
  desc: Says that the sensor watches.
  condition: evt.type = execve and evt.rawres = 0
  output: started
  priority: NOTICE
)";

// A kind of object and its id.
using KernelObject = std::pair<bpf_cmd, unsigned>;

std::set<KernelObject> objects_of(pid_t pid) {
  std::set<KernelObject> found;
  std::error_code error;
  const std::filesystem::path folder = "/proc/" + std::to_string(pid) + "/fdinfo";
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    std::ifstream lines(file.path());
    std::string key;
    while (lines >> key) {
      const bpf_cmd command = key == "prog_id:"   ? BPF_PROG_GET_FD_BY_ID
                              : key == "map_id:"  ? BPF_MAP_GET_FD_BY_ID
                              : key == "link_id:" ? BPF_LINK_GET_FD_BY_ID
                                                  : BPF_MAP_CREATE;
      unsigned id = 0;
      if (command != BPF_MAP_CREATE && lines >> id) {
        found.emplace(command, id);
      }
    }
  }
  return found;
}

bool exists(const KernelObject& object) {
  bpf_attr attributes = {};
  attributes.prog_id = object.second;  // the same place for every kind
  const long fd = ::syscall(SYS_bpf, object.first, &attributes, sizeof(attributes));
  if (fd >= 0) {
    ::close(static_cast<int>(fd));
  }
  return fd >= 0 || errno != ENOENT;
}

std::size_t count_existing(const std::set<KernelObject>& objects) {
  std::size_t count = 0;
  for (const KernelObject& object : objects) {
    count += exists(object) ? 1U : 0U;
  }
  return count;
}

// What is still there: kind, id and, of programs and maps, name.
std::string describe_existing(const std::set<KernelObject>& objects) {
  std::string text;
  for (const auto& [command, id] : objects) {
    bpf_attr attributes = {};
    attributes.prog_id = id;
    const long fd = ::syscall(SYS_bpf, command, &attributes, sizeof(attributes));
    if (fd < 0) {
      continue;
    }
    bpf_prog_info program = {};
    bpf_map_info map = {};
    attributes = {};
    attributes.info.bpf_fd = static_cast<unsigned>(fd);
    attributes.info.info_len = command == BPF_MAP_GET_FD_BY_ID ? sizeof(map) : sizeof(program);
    attributes.info.info = command == BPF_MAP_GET_FD_BY_ID
                               ? reinterpret_cast<std::uintptr_t>(&map)       // NOLINT
                               : reinterpret_cast<std::uintptr_t>(&program);  // NOLINT
    if (command != BPF_LINK_GET_FD_BY_ID) {
      ::syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attributes, sizeof(attributes));
    }
    text +=
        std::to_string(command) + " " + std::to_string(id) + " " + program.name + map.name + "; ";
    ::close(static_cast<int>(fd));
  }
  return text;
}

class Cleanup : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    std::ofstream(folder_.file("rules.yaml")) << kRules;
    auto sensor = SensorProcess::start(std::getenv("SAKER_BIN"), {folder_.file("rules.yaml")}, {},
                                       folder_.path());
    ASSERT_TRUE(sensor);
    sensor_.emplace(std::move(*sensor));
    const Clock::time_point deadline = Clock::now() + saker::testing::patient(kDeadline);
    bool watches = false;
    while (!watches && Clock::now() < deadline) {
      ASSERT_EQ(std::system("true; /bin/true"), 0);  // NOLINT: a fixed command line
      const auto lines = sensor_->read_lines(std::chrono::milliseconds(200));
      ASSERT_TRUE(lines) << lines.error().message;
      watches = !lines->empty();
    }
    ASSERT_TRUE(watches) << sensor_->errors();
    objects_ = objects_of(sensor_->pid());
    ASSERT_GT(objects_.size(), 10U);
    ASSERT_EQ(count_existing(objects_), objects_.size());
  }

  void expect_nothing_left() {
    // The kernel frees them after a grace period.
    const Clock::time_point deadline = Clock::now() + saker::testing::patient(kDeadline);
    while (count_existing(objects_) != 0 && Clock::now() < deadline) {
      ::usleep(10'000);
    }
    EXPECT_EQ(count_existing(objects_), 0U)
        << "of " << objects_.size() << ": " << describe_existing(objects_);
  }

  saker::testing::TempDir folder_;
  std::optional<SensorProcess> sensor_;
  std::set<KernelObject> objects_;
};

TEST_F(Cleanup, NothingStaysAfterTheEnd) {
  ASSERT_TRUE(sensor_->stop());
  expect_nothing_left();
}

TEST_F(Cleanup, NothingStaysAfterKill) {
  ::kill(sensor_->pid(), SIGKILL);
  ASSERT_TRUE(sensor_->stop());
  expect_nothing_left();
}

}  // namespace
}  // namespace saker::test
