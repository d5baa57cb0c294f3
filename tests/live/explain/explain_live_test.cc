// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker explain --live`: events that this test makes, explained as they happen.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/live/rules/sensor_process.h"

namespace saker::testing {
namespace {

using nlohmann::json;

// Makes calls that the rule looks at until it goes out of scope; each second one matches.
class Caller {
public:
  Caller() : thread_([this] { run(); }) {}
  ~Caller() {
    is_ending_ = true;
    thread_.join();
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

private:
  void run() {
    constexpr std::chrono::milliseconds kPause{10};
    while (!is_ending_) {
      static_cast<void>(::chmod("/nowhere/saker-explain-good", 0600));
      static_cast<void>(::chmod("/nowhere/saker-explain-bad", 0600));
      std::this_thread::sleep_for(kPause);
    }
  }

  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

class ExplainLive : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = test::why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    rules_ = binary_.write(
        "rules.yaml", "- macro: mine\n  condition: (proc.pid = " + std::to_string(getpid()) +
                          ")\n- rule: Chmod\n  desc: d\n  condition: evt.type = chmod and mine "
                          "and evt.arg.filename endswith explain-good\n  output: o\n"
                          "  priority: INFO\n");
  }

  RunResult explain(std::vector<std::string> more) {
    std::vector<std::string> words = {"explain", "--rules", rules_, "--live", "Chmod"};
    words.insert(words.end(), more.begin(), more.end());
    return binary_.run(words);
  }

  Binary binary_;
  std::string rules_;
};

TEST_F(ExplainLive, ExplainsTheFirstMatch) {
  const Caller caller;
  const RunResult result = explain({"--duration", "30s", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json explanation = json::parse(result.out);
  EXPECT_EQ(explanation["rule"], "Chmod");
  EXPECT_TRUE(explanation["is_match"]);
  EXPECT_NE(result.out.find("/nowhere/saker-explain-good"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("macro mine"), std::string::npos) << result.out;
}

TEST_F(ExplainLive, ExplainsWhatReachesTheRule) {
  const Caller caller;
  const RunResult result =
      explain({"--duration", "30s", "--reached", "--count", "3", "--format", "json", "--filter",
               "mine and evt.arg.filename endswith 'explain-bad'"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const json explanation = json::parse(line);
    EXPECT_FALSE(explanation["is_match"]);
    EXPECT_NE(line.find("/nowhere/saker-explain-bad"), std::string::npos) << line;
  }
  EXPECT_EQ(count, 3);
}

TEST_F(ExplainLive, EndsWhenTheTimeIsOver) {
  const RunResult result = explain({"--duration", "300ms"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("no such event came"), std::string::npos) << result.err;
}

TEST_F(ExplainLive, RefusesAWrongFilter) {
  const RunResult result = explain({"--filter", "proc.nmae = x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("did you mean 'proc.name'"), std::string::npos) << result.err;
}

TEST_F(ExplainLive, AnInterruptEndsItWell) {
  const Caller caller;
  binary_.start(
      {"explain", "--rules", rules_, "--live", "Chmod", "--duration", "60s", "--count", "1000000"});
  ASSERT_TRUE(binary_.wait_for("it matches: all 3 parts of the 'and' are true"));
  binary_.send_signal(SIGINT);
  EXPECT_EQ(binary_.wait().exit_code, 0);
}

}  // namespace
}  // namespace saker::testing
