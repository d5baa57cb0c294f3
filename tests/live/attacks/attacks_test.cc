// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The product under attacks on its memory and its patience: it goes on, its memory is bounded, and
// its final account sums, whether events were lost or not. The same for a sensor that is stopped
// for a while, and for one that is started again and again under load.
#include "tests/live/attacks/attacks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/sensor_process.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using attacks::Attack;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{30};
constexpr double kAttackSeconds = 4;
// What the sensor may need more than before the attack.
constexpr long kMaxGrowthKb = 96L * 1024;
constexpr const char* kRules = R"(
- rule: Marked call
  desc: Says that the sensor watches.
  condition: evt.type = chmod and evt.arg.filename contains saker-attack
  output: seen %evt.arg.filename by %proc.name in %proc.cwd
  priority: NOTICE
)";

// The two lines at the end of a live run.
struct Account {
  unsigned long long seen = 0, submitted = 0, filtered = 0, lost = 0;
  unsigned long long told = 0, processed = 0, malformed = 0, unread = 0;
  bool is_there = false;
};

Account account_of(const std::string& log) {
  Account account;
  const std::size_t first = log.find("Kernel events: seen");
  const std::size_t second = log.find("Submitted events:");
  if (first == std::string::npos || second == std::string::npos) {
    return account;
  }
  account.is_there =
      std::sscanf(log.c_str() + first,  // NOLINT: a fixed text of ours
                  "Kernel events: seen %llu = submitted %llu + filtered %llu + lost %llu",
                  &account.seen, &account.submitted, &account.filtered, &account.lost) == 4 &&
      std::sscanf(log.c_str() + second,  // NOLINT
                  "Submitted events: %llu = processed %llu + malformed %llu + unread %llu",
                  &account.told, &account.processed, &account.malformed, &account.unread) == 4;
  return account;
}

class Attacked : public ::testing::TestWithParam<Attack> {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    rules_ = folder_.file("rules.yaml");
    std::ofstream(rules_) << kRules;
  }

  void start(std::vector<std::string> options = {}) {
    options.emplace_back("base_syscalls.all=true");
    auto sensor = SensorProcess::start(
        std::getenv("SAKER_BIN"),
        {rules_, std::string(std::getenv("SAKER_SOURCE_DIR")) + "/rules/default/saker_rules.yaml"},
        options, folder_.path());
    ASSERT_TRUE(sensor) << sensor.error().message;
    sensor_.emplace(std::move(*sensor));
    last_.clear();
    ASSERT_TRUE(works()) << sensor_->errors();
  }

  // Makes marked calls until one is seen.
  bool works() {
    static int number = 0;
    const std::string name = "/nowhere/saker-attack-" + std::to_string(++number);
    const Clock::time_point deadline = Clock::now() + saker::testing::patient(kDeadline);
    while (Clock::now() < deadline) {
      static_cast<void>(::chmod(name.c_str(), 0600));
      if (read_until(name, std::chrono::milliseconds(200))) {
        return true;
      }
    }
    return false;
  }

  // Reads alerts; true when one has come that names `what`.
  bool read_until(const std::string& what, std::chrono::milliseconds wait) {
    const Clock::time_point deadline = Clock::now() + wait;
    while (Clock::now() < deadline) {
      const auto lines = sensor_->read_lines(std::chrono::milliseconds(50));
      if (!lines) {
        ADD_FAILURE() << lines.error().message;
        return false;
      }
      for (const std::string& line : *lines) {
        const auto alert = nlohmann::json::parse(line, nullptr, false);
        EXPECT_FALSE(alert.is_discarded()) << "not JSON: " << line;
        if (alert.is_object() && alert["rule"] == "Marked call" &&
            alert["output"].get<std::string>().find(what) != std::string::npos) {
          last_ = alert["output"];
          return true;
        }
      }
    }
    return false;
  }

  long memory_kb() const {
    std::ifstream status("/proc/" + std::to_string(sensor_->pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("RssAnon:")) {
        return std::strtol(line.c_str() + 8, nullptr, 10);
      }
    }
    return -1;
  }

  // Runs `action` in a child while alerts are read; returns its exit status.
  int with_child(const std::function<int()>& action, const std::function<void()>& meanwhile = {}) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(action());
    }
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
      peak_kb_ = std::max(peak_kb_, memory_kb());
      if (meanwhile) {
        meanwhile();
      } else {
        read_until("no such text", std::chrono::milliseconds(50));
      }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Account stop() {
    EXPECT_EQ(*sensor_->stop(), 0) << sensor_->errors();
    const Account account = account_of(sensor_->errors());
    EXPECT_TRUE(account.is_there) << sensor_->errors();
    EXPECT_EQ(account.seen, account.submitted + account.filtered + account.lost);
    EXPECT_EQ(account.told, account.submitted);
    EXPECT_EQ(account.told, account.processed + account.malformed + account.unread);
    EXPECT_EQ(account.malformed, 0U);
    return account;
  }

  saker::testing::TempDir folder_;
  std::string rules_;
  std::optional<SensorProcess> sensor_;
  std::string last_;
  long peak_kb_ = 0;
};

TEST_P(Attacked, GoesOnInBoundedMemoryAndAccountsForEverything) {
  start();
  const long before = memory_kb();
  peak_kb_ = before;
  int outcome[2] = {-1, -1};
  ASSERT_EQ(pipe(outcome), 0);
  const int status = with_child([&] {
    const std::string_view problem = GetParam().run(kAttackSeconds);
    static_cast<void>(!write(outcome[1], problem.data(), problem.size()));
    return problem.empty() ? 0 : 77;
  });
  if (status == 77) {
    char text[200] = {};
    static_cast<void>(!read(outcome[0], text, sizeof(text) - 1));
    GTEST_SKIP() << text;
  }
  close(outcome[0]);
  close(outcome[1]);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(works()) << "blind after the attack: " << sensor_->errors();
  const long after = memory_kb();
  EXPECT_LT(std::max(peak_kb_, after) - before, kMaxGrowthKb);
  const Account account = stop();
  std::printf(
      "%s: hits %llu, submitted %llu, lost %llu, memory %ld kB before, %ld at most, %ld after\n",
      std::string(GetParam().name).c_str(), account.seen, account.submitted, account.lost, before,
      peak_kb_, after);
}

INSTANTIATE_TEST_SUITE_P(Live, Attacked, ::testing::ValuesIn(attacks::all_attacks()),
                         [](const ::testing::TestParamInfo<Attack>& parameter) {
                           return std::string(parameter.param.name);
                         });

class Sensor : public Attacked {};

// A process that was there before, with a name and a folder made to break readers of /proc.
TEST_P(Sensor, ReadsConfusingProcessesRightly) {
  int go[2] = {-1, -1};
  ASSERT_EQ(pipe(go), 0);
  const pid_t child = fork();
  if (child == 0) {
    attacks::look_confusing();
    char byte = 0;
    static_cast<void>(!read(go[0], &byte, 1));
    for (int i = 0; i < 100; ++i) {
      static_cast<void>(::chmod("/nowhere/saker-attack-confusing", 0600));
      usleep(50'000);
    }
    _exit(0);
  }
  usleep(200'000);
  start();
  static_cast<void>(!write(go[1], "x", 1));
  EXPECT_TRUE(read_until("saker-attack-confusing", kDeadline));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NE(last_.find("by ) R 1 (init\n in /"), std::string::npos) << last_;
  stop();
}

// Nobody reads the rings for a while: what does not fit is counted as lost.
TEST_P(Sensor, AccountsForOverflow) {
  start({"engine.modern_ebpf.buf_size_preset=1"});
  const Clock::time_point begin = Clock::now();
  bool is_stopped = false;
  const auto hold = [&] {
    if (!is_stopped && Clock::now() - begin < std::chrono::seconds(1)) {
      kill(sensor_->pid(), SIGSTOP);
      is_stopped = true;
    }
    usleep(10'000);
  };
  const int status = with_child(
      [] {
        for (int i = 0; i < 400'000; ++i) {
          close(open("/dev/null", O_RDONLY | O_CLOEXEC));
        }
        return 0;
      },
      hold);
  EXPECT_EQ(status, 0);
  kill(sensor_->pid(), SIGCONT);
  EXPECT_TRUE(works());
  const Account account = stop();
  EXPECT_GT(account.lost, 0U);
  std::printf("overflow: hits %llu, submitted %llu, lost %llu\n", account.seen, account.submitted,
              account.lost);
}

// Stopped and started again while a load goes on: each run's account sums.
TEST_P(Sensor, AccountsForEveryRunUnderLoad) {
  const pid_t load = fork();
  if (load == 0) {
    static_cast<void>(attacks::all_attacks().back().run(300));
    _exit(0);
  }
  for (int run = 0; run < 3; ++run) {
    start();
    for (int i = 0; i < 5; ++i) {
      read_until("no such text", std::chrono::milliseconds(200));
    }
    const Account account = stop();
    EXPECT_GT(account.processed, 0U);
    std::printf("run %d: hits %llu, submitted %llu, lost %llu, unread at the end %llu\n", run,
                account.seen, account.submitted, account.lost, account.unread);
    if (HasFailure()) {
      break;
    }
  }
  kill(load, SIGKILL);
  waitpid(load, nullptr, 0);
}

INSTANTIATE_TEST_SUITE_P(Live, Sensor, ::testing::Values(attacks::all_attacks().front()),
                         [](const ::testing::TestParamInfo<Attack>&) {
                           return std::string("run");
                         });

}  // namespace
}  // namespace saker::test
