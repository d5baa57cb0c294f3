// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// SIGHUP on the live system: new rules change what the kernel delivers, and what the old and the
// new rules both want goes on without a gap. The same for base_syscalls.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/sensor_process.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

std::string rule(const std::string& call, const std::string& argument) {
  return "- rule: " + call + "\n  desc: x\n  condition: evt.type = " + call + " and evt.arg." +
         argument + " contains saker-reload and proc.pid = " + std::to_string(getpid()) +
         "\n  output: x %evt.arg." + argument + "\n  priority: INFO\n";
}

// A sensor whose rules and configuration are files that a test rewrites.
class Reload : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    rules_ = folder_.file("rules.yaml");
  }

  void write_rules(const std::string& text) const { std::ofstream(rules_) << text; }

  void start(const std::vector<std::string>& options = {}) {
    auto sensor = SensorProcess::start(std::getenv("SAKER_BIN"), {rules_}, options, folder_.path());
    ASSERT_TRUE(sensor) << sensor.error().message;
    sensor_.emplace(std::move(*sensor));
  }

  // Makes chmod calls with growing numbers, and whatever `also` does, until `is_enough`; what comes
  // back is in alerts_.
  void work_until(const std::function<bool()>& is_enough, const std::function<void()>& also = {}) {
    const Clock::time_point deadline =
        Clock::now() + saker::testing::patient(std::chrono::seconds(60));
    while (!is_enough()) {
      ASSERT_LT(Clock::now(), deadline) << sensor_->errors();
      for (int i = 0; i < 20; ++i) {
        ::chmod(("/nowhere/saker-reload-" + std::to_string(++last_)).c_str(), 0600);
      }
      if (also) {
        also();
      }
      collect(std::chrono::milliseconds(20));
    }
  }

  void collect(std::chrono::milliseconds wait) {
    const auto lines = sensor_->read_lines(wait);
    ASSERT_TRUE(lines) << lines.error().message;
    for (const std::string& line : *lines) {
      const Json alert = Json::parse(line, nullptr, false);
      if (alert.is_object() && alert["source"] == "syscall") {
        const std::string name = alert["rule"];
        for (const auto& [key, value] : alert["output_fields"].items()) {
          if (key.starts_with("evt.arg")) {
            alerts_[name].insert(value.get<std::string>());
          }
        }
      }
    }
  }

  bool has_log(const std::string& text) const {
    return sensor_->errors().find(text) != std::string::npos;
  }

  saker::testing::TempDir folder_;
  std::string rules_;
  std::optional<SensorProcess> sensor_;
  std::map<std::string, std::set<std::string>> alerts_;
  int last_ = 0;
};

void make_folder() {
  static_cast<void>(::mkdir("/nowhere/saker-reload", 0700));  // refused: the path does not exist
}

TEST_F(Reload, NewRulesAddAndDropCallsWithoutAGap) {
  write_rules(rule("chmod", "filename"));
  start();
  work_until([&] { return !alerts_["chmod"].empty(); }, make_folder);
  EXPECT_TRUE(alerts_["mkdir"].empty());

  write_rules(rule("chmod", "filename") + rule("mkdir", "path"));
  kill(sensor_->pid(), SIGHUP);
  work_until([&] { return !alerts_["mkdir"].empty(); }, make_folder);

  write_rules(rule("chmod", "filename"));
  kill(sensor_->pid(), SIGHUP);
  const auto reloads = [&] {
    const std::string log = sensor_->errors();
    std::size_t count = 0;
    for (std::size_t at = log.find("in force"); at != std::string::npos;
         at = log.find("in force", at + 1)) {
      ++count;
    }
    return count;
  };
  work_until([&] { return reloads() == 2; });
  const int end = last_ + 200;
  work_until([&] {
    return last_ >= end &&
           alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(end));
  });
  ASSERT_EQ(*sensor_->stop(), 0) << sensor_->errors();
  // From the first one that was seen, every single call is there, through both reloads.
  int first = 1;
  while (!alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(first))) {
    ++first;
  }
  for (int i = first; i <= end; ++i) {
    EXPECT_TRUE(alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(i))) << i;
  }
}

TEST_F(Reload, BrokenRulesChangeNothing) {
  write_rules(rule("chmod", "filename"));
  start();
  work_until([&] { return !alerts_["chmod"].empty(); });
  write_rules("- rule: [");
  kill(sensor_->pid(), SIGHUP);
  work_until([&] { return has_log("The rules were not exchanged"); });
  const int end = last_ + 100;
  work_until(
      [&] { return alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(end)); });
  EXPECT_EQ(*sensor_->stop(), 0);
}

// A call that is excluded by base_syscalls is not collected; without the exclusion it is.
TEST_F(Reload, BaseSyscallsAreReadAgain) {
  write_rules(rule("chmod", "filename") + rule("mkdir", "path"));
  start();
  const std::filesystem::path config = folder_.path() / "saker.yaml";
  std::ostringstream text;
  text << std::ifstream(config).rdbuf();
  work_until([&] { return !alerts_["chmod"].empty() && !alerts_["mkdir"].empty(); }, make_folder);

  std::ofstream(config) << text.str() << "base_syscalls: {custom_set: [\"!mkdir\"]}\n";
  kill(sensor_->pid(), SIGHUP);
  work_until([&] { return has_log("in force"); });
  // Until events from before the change have passed.
  const int passed = last_ + 100;
  work_until(
      [&] { return alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(passed)); });
  alerts_["mkdir"].clear();
  const int end = last_ + 100;
  work_until(
      [&] { return alerts_["chmod"].contains("/nowhere/saker-reload-" + std::to_string(end)); },
      make_folder);
  EXPECT_TRUE(alerts_["mkdir"].empty()) << "mkdir is excluded";
  EXPECT_EQ(*sensor_->stop(), 0);
}

}  // namespace
}  // namespace saker::test
