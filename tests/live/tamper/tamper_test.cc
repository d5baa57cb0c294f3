// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What somebody with root does to a running sensor is noticed within seconds: in the log, by an
// alert, and in /healthz.
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/sensor_process.h"
#include "tests/live/tamper/tracee.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartDeadline{30};
// From the change until it must have been told everywhere.
constexpr std::chrono::seconds kNoticeDeadline{5};
constexpr const char* kInterference = "Saker internal: sensor interfered with";
constexpr const char* kRules = R"(
- rule: Marked call
  desc: Says that the sensor watches.
  condition: evt.type = chmod and evt.arg.filename contains saker-tamper
  output: seen %evt.arg.filename
  priority: NOTICE
)";

long bpf(int command, bpf_attr& attributes) {
  return syscall(SYS_bpf, command, &attributes, sizeof(attributes));
}

int open_by_id(int command, unsigned id) {
  bpf_attr attributes = {};
  attributes.map_id = id;  // the same place for links
  return static_cast<int>(bpf(command, attributes));
}

std::string map_name(int fd, bpf_map_info& info) {
  bpf_attr attributes = {};
  attributes.info.bpf_fd = static_cast<unsigned>(fd);
  attributes.info.info_len = sizeof(info);
  attributes.info.info = reinterpret_cast<std::uintptr_t>(&info);  // NOLINT: the call's interface
  return bpf(BPF_OBJ_GET_INFO_BY_FD, attributes) == 0 ? info.name : "";
}

struct OpenObject {
  int fd = -1;      // in the sensor
  unsigned id = 0;  // in the kernel
};

// Descriptors of the process whose fdinfo has a line `key` (map_id, link_id).
std::vector<OpenObject> objects_of(pid_t pid, const std::string& key) {
  std::vector<OpenObject> found;
  const std::filesystem::path folder = "/proc/" + std::to_string(pid) + "/fdinfo";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(key + ":")) {
        found.push_back({std::stoi(entry.path().filename()),
                         static_cast<unsigned>(std::stoul(line.substr(key.size() + 1)))});
      }
    }
  }
  return found;
}

std::string answer_of(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  const std::string request = "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n";
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&  // NOLINT
      write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(fd, buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  close(fd);
  return text;
}

class Tamper : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    const std::string rules = folder_.file("rules.yaml");
    std::ofstream(rules) << kRules;
    auto sensor = SensorProcess::start(
        std::getenv("SAKER_BIN"), {rules},
        {"webserver.enabled=true", "webserver.listen_port=0", "webserver.listen_address=127.0.0.1"},
        folder_.path());
    ASSERT_TRUE(sensor) << sensor.error().message;
    sensor_.emplace(std::move(*sensor));
    ASSERT_TRUE(wait_until([&] { return is_call_seen("start"); }, kStartDeadline))
        << sensor_->errors();
    const std::string log = sensor_->errors();
    const std::size_t at = log.find("listening on 127.0.0.1:");
    ASSERT_NE(at, std::string::npos) << log;
    port_ = std::stoi(log.substr(at + std::strlen("listening on 127.0.0.1:")));
    EXPECT_NE(answer_of(port_).find("\"ok\""), std::string::npos) << answer_of(port_);
  }

  bool wait_until(const std::function<bool()>& is_done, std::chrono::seconds patience) {
    const Clock::time_point deadline = Clock::now() + saker::testing::patient(patience);
    while (Clock::now() < deadline && !HasFailure()) {
      if (is_done()) {
        return true;
      }
    }
    return false;
  }

  // Makes a call that the rule names and reads what has come.
  bool is_call_seen(const std::string& name) {
    static_cast<void>(::chmod(("/nowhere/saker-tamper-" + name).c_str(), 0600));
    read_alerts();
    return calls_.contains("/nowhere/saker-tamper-" + name);
  }

  void read_alerts() {
    const auto lines = sensor_->read_lines(std::chrono::milliseconds(50));
    ASSERT_TRUE(lines) << lines.error().message;
    for (const std::string& line : *lines) {
      const auto alert = nlohmann::json::parse(line, nullptr, false);
      if (!alert.is_object()) {
        continue;
      }
      if (alert["rule"] == kInterference) {
        alert_ += alert["output"].get<std::string>() + "\n";
        EXPECT_EQ(alert["priority"], "Critical");
      } else if (alert["output_fields"].contains("evt.arg.filename")) {
        calls_[alert["output_fields"]["evt.arg.filename"].get<std::string>()] = true;
      }
    }
  }

  // Waits for alert, log and /healthz, all of which must say `what`.
  void expect_noticed(const std::string& what) {
    const Clock::time_point begin = Clock::now();
    const auto is_everywhere = [&] {
      read_alerts();
      return alert_.find(what) != std::string::npos &&
             sensor_->errors().find(what) != std::string::npos &&
             answer_of(port_).find(what) != std::string::npos;
    };
    EXPECT_TRUE(wait_until(is_everywhere, kNoticeDeadline))
        << "alert: " << alert_ << "\nhealth: " << answer_of(port_)
        << "\nlog: " << sensor_->errors();
    EXPECT_NE(answer_of(port_).find(" 503 "), std::string::npos) << answer_of(port_);
    std::printf("noticed everywhere after %.1f s\n",
                std::chrono::duration<double>(Clock::now() - begin).count());
  }

  saker::testing::TempDir folder_;
  std::optional<SensorProcess> sensor_;
  int port_ = 0;
  std::map<std::string, bool> calls_;
  std::string alert_;
};

// A debugger that closes the links takes the programs off their tracepoints.
TEST_F(Tamper, LinksClosedFromOutsideAreNoticed) {
#ifndef __x86_64__
  GTEST_SKIP() << "written for x86_64";
#endif
  const std::vector<OpenObject> links = objects_of(sensor_->pid(), "link_id");
  ASSERT_FALSE(links.empty());
  for (const OpenObject& link : links) {
    ASSERT_EQ(close_in(sensor_->pid(), link.fd), 0);
  }
  EXPECT_TRUE(objects_of(sensor_->pid(), "link_id").empty());
  expect_noticed("program d_exit was taken off its tracepoint");
  expect_noticed("the kernel side does not see system calls any more");
}

// The kernel does not let others detach these links; should one do, it is noticed.
TEST_F(Tamper, LinksDetachedByTheirIdAreRefusedOrNoticed) {
  const std::vector<OpenObject> links = objects_of(sensor_->pid(), "link_id");
  ASSERT_FALSE(links.empty());
  bool is_detached = false;
  for (const OpenObject& link : links) {
    const int fd = open_by_id(BPF_LINK_GET_FD_BY_ID, link.id);
    ASSERT_GE(fd, 0);
    bpf_attr attributes = {};
    attributes.link_detach.link_fd = static_cast<unsigned>(fd);
    is_detached |= bpf(BPF_LINK_DETACH, attributes) == 0;
    close(fd);
  }
  if (is_detached) {
    expect_noticed("was taken off its tracepoint");
  } else {
    EXPECT_TRUE(wait_until([&] { return is_call_seen("after"); }, kNoticeDeadline));
  }
}

// The programs' data are a map: whoever writes his own process id there is not watched any more.
TEST_F(Tamper, AChangedChoiceIsNoticedAndUndone) {
  bool is_found = false;
  for (const OpenObject& object : objects_of(sensor_->pid(), "map_id")) {
    const int fd = open_by_id(BPF_MAP_GET_FD_BY_ID, object.id);
    bpf_map_info info{};
    if (map_name(fd, info).ends_with(".bss")) {
      std::vector<char> value(info.value_size);
      unsigned key = 0;
      bpf_attr attributes = {};
      attributes.map_fd = static_cast<unsigned>(fd);
      attributes.key = reinterpret_cast<std::uintptr_t>(&key);            // NOLINT
      attributes.value = reinterpret_cast<std::uintptr_t>(value.data());  // NOLINT
      ASSERT_EQ(bpf(BPF_MAP_LOOKUP_ELEM, attributes), 0);
      for (std::size_t at = 0; at + sizeof(pid_t) <= value.size(); at += sizeof(pid_t)) {
        pid_t id = 0;
        std::memcpy(&id, &value[at], sizeof(id));
        if (id == sensor_->pid()) {
          const pid_t own = getpid();
          std::memcpy(&value[at], &own, sizeof(own));
          is_found = true;
        }
      }
      ASSERT_EQ(bpf(BPF_MAP_UPDATE_ELEM, attributes), 0) << std::strerror(errno);
    }
    close(fd);
  }
  if (!is_found) {
    GTEST_SKIP() << "the sensor's process id is another one for the kernel (pid namespace)";
  }
  expect_noticed("another process told the kernel side to leave out process");
  EXPECT_TRUE(wait_until([&] { return is_call_seen("after"); }, kNoticeDeadline));
}

// The tables of programs are closed for everybody once they are filled.
TEST_F(Tamper, TablesOfProgramsCannotBeChanged) {
  int tables = 0;
  for (const OpenObject& object : objects_of(sensor_->pid(), "map_id")) {
    const int fd = open_by_id(BPF_MAP_GET_FD_BY_ID, object.id);
    bpf_map_info info{};
    map_name(fd, info);
    if (info.type == BPF_MAP_TYPE_PROG_ARRAY || info.type == BPF_MAP_TYPE_ARRAY_OF_MAPS) {
      unsigned key = SYS_chmod;
      bpf_attr attributes = {};
      attributes.map_fd = static_cast<unsigned>(fd);
      attributes.key = reinterpret_cast<std::uintptr_t>(&key);  // NOLINT
      EXPECT_EQ(bpf(BPF_MAP_DELETE_ELEM, attributes), -1);
      EXPECT_EQ(errno, EPERM) << info.name;
      ++tables;
    }
    close(fd);
  }
  EXPECT_EQ(tables, 3);
  EXPECT_TRUE(wait_until([&] { return is_call_seen("after"); }, kNoticeDeadline));
}

}  // namespace
}  // namespace saker::test
