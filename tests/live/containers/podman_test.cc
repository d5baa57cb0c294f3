// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A podman container, from its first process to the alert: the id comes from the cgroups,
// everything else from podman's socket, also for the events that came before podman answered.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/sensor_process.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
using saker::testing::TempDir;

constexpr std::chrono::seconds kDeadline{60};

constexpr const char* kRules = R"(
- rule: Start in the test container
  desc: Depends on metadata in its condition, for the very first program of the container.
  condition: >
    evt.type = execve and evt.rawres = 0 and container.image.repository = localhost/saker-live-test
    and proc.name = busybox
  output: "%container.id %container.name %container.image.tag %container.type %container.label[color]"
  priority: NOTICE
- rule: Start in some other container
  desc: Must stay silent for it.
  condition: >
    evt.type = execve and evt.rawres = 0 and container.id != host and proc.name = busybox and
    not container.image.repository = localhost/saker-live-test
  output: "%container.name"
  priority: NOTICE
)";

int run(const std::string& command) {
  const int status = std::system(command.c_str());  // NOLINT: a fixed command line of the test
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// podman with storage of its own, and its service.
class Podman {
public:
  explicit Podman(const std::filesystem::path& folder)
      : command_("timeout 60 podman --root " + (folder / "root").string() + " --runroot " +
                 (folder / "run").string() +
                 " --storage-driver vfs --cgroup-manager cgroupfs --runtime runc "),
        log_(" >>" + (folder / "podman.log").string() + " 2>&1"),
        socket_(folder / "podman.sock") {}
  Podman(const Podman&) = delete;
  Podman& operator=(const Podman&) = delete;
  ~Podman() {
    if (service_ > 0) {
      ::kill(service_, SIGTERM);
      ::waitpid(service_, nullptr, 0);
    }
    run(command_ + "rm -fa" + log_);
    run(command_ + "rmi -fa" + log_);
  }

  [[nodiscard]] bool import_image(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "image/bin");
    std::filesystem::copy("/bin/busybox", folder / "image/bin/busybox");
    return run("tar -C " + (folder / "image").string() + " -c . | " + command_ +
               "import - localhost/saker-live-test:v7" + log_) == 0;
  }
  [[nodiscard]] bool run_container(const std::string& options, const std::string& words) {
    return run(command_ +
               "run --rm --network=none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 " +
               options + " localhost/saker-live-test:v7 /bin/busybox " + words + log_) == 0;
  }
  [[nodiscard]] bool start_service() {
    service_ = ::fork();
    if (service_ == 0) {
      const std::string line = "exec " + command_.substr(command_.find("podman")) +
                               "system service --time=0 unix://" + socket_.string() + log_;
      ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      ::_exit(127);
    }
    const Clock::time_point deadline = Clock::now() + kDeadline;
    while (!std::filesystem::exists(socket_) && Clock::now() < deadline) {
      ::usleep(10'000);
    }
    return std::filesystem::exists(socket_);
  }
  [[nodiscard]] std::string socket() const { return socket_.string(); }

private:
  std::string command_;
  std::string log_;
  std::filesystem::path socket_;
  pid_t service_ = -1;
};

class PodmanContainers : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    for (const char* tool : {"podman", "runc", "busybox"}) {
      if (run(std::string("command -v ") + tool + " >/dev/null") != 0) {
        GTEST_SKIP() << tool << " is not installed";
      }
    }
    if (!podman_.import_image(folder_.path()) || !podman_.run_container("", "true")) {
      GTEST_SKIP() << "podman cannot run a container here";
    }
    ASSERT_TRUE(podman_.start_service());
    std::ofstream(folder_.file("rules.yaml")) << kRules;
  }

  // Starts saker and waits until it watches: a first alert has come.
  void start(const std::string& socket) {
    const std::string plugin =
        R"(plugins[]={"name": "container", "init_config": {"engines": {"docker": {"enabled": false},
           "cri": {"enabled": false}, "containerd": {"enabled": false},
           "podman": {"enabled": true, "sockets": [")" +
        socket + R"("]}}}})";
    Result<SensorProcess> sensor =
        SensorProcess::start(std::getenv("SAKER_BIN"), {folder_.file("rules.yaml")},
                             {plugin, "container_metadata.wait_ms=20000"}, folder_.path());
    ASSERT_TRUE(sensor);
    sensor_.emplace(std::move(*sensor));
  }

  // Alerts until one satisfies `is_last`, or none when time is over.
  template <typename Predicate>
  std::vector<Json> alerts_until(Predicate is_last) {
    std::vector<Json> alerts;
    const Clock::time_point deadline = Clock::now() + kDeadline;
    while (Clock::now() < deadline) {
      const auto lines = sensor_->read_lines(std::chrono::milliseconds(200));
      if (!lines) {
        ADD_FAILURE() << lines.error().message;
        return {};
      }
      for (const std::string& line : *lines) {
        if (line.starts_with('{')) {
          alerts.push_back(Json::parse(line));
          if (is_last(alerts.back())) {
            return alerts;
          }
        }
      }
      if (lines->empty() && alerts.empty() && Clock::now() > next_try_) {
        // Until the sensor watches, nothing is seen.
        EXPECT_TRUE(podman_.run_container(
            "--label color=red --name early" + std::to_string(++tries_), "true"));
        next_try_ = Clock::now() + std::chrono::seconds(1);
      }
    }
    ADD_FAILURE() << "no such alert; standard error of saker:\n" << sensor_->errors();
    return alerts;
  }

  TempDir folder_;
  Podman podman_{folder_.path()};
  std::optional<SensorProcess> sensor_;
  Clock::time_point next_try_{};
  int tries_ = 0;
};

TEST_F(PodmanContainers, AreKnownFromTheirFirstProgramOn) {
  start(podman_.socket());
  alerts_until([](const Json&) { return true; });
  ASSERT_TRUE(podman_.run_container("--label color=blue --name late", "true"));
  const auto alerts = alerts_until(
      [](const Json& alert) { return alert["output_fields"]["container.name"] == "late"; });
  ASSERT_FALSE(alerts.empty());
  for (const Json& alert : alerts) {
    EXPECT_EQ(alert["rule"], "Start in the test container") << alert;
    EXPECT_FALSE(alert["output_fields"].contains("saker.container_pending")) << alert;
  }
  const Json& fields = alerts.back()["output_fields"];
  EXPECT_EQ(fields["container.image.tag"], "v7");
  EXPECT_EQ(fields["container.type"], "podman");
  EXPECT_EQ(fields["container.label[color]"], "blue");
  EXPECT_EQ(fields["container.id"].get<std::string>().size(), 12U);
  const auto status = sensor_->stop();
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 0) << sensor_->errors();
}

TEST_F(PodmanContainers, WithoutARuntimeOnlyTheIdIsKnown) {
  start(folder_.file("nobody.sock"));
  const auto alerts = alerts_until([](const Json&) { return true; });
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alerts.back()["rule"], "Start in some other container");
  EXPECT_TRUE(alerts.back()["output_fields"]["container.name"].is_null());
  EXPECT_FALSE(alerts.back()["output_fields"].contains("saker.container_pending"));
  ASSERT_TRUE(sensor_->stop());
  EXPECT_NE(sensor_->errors().find("no container runtime answers"), std::string::npos)
      << sensor_->errors();
}

}  // namespace
}  // namespace saker::test
