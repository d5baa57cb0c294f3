// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A running process and its signals, without a source of events.
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"

namespace saker::testing {
namespace {

class Signals : public ::testing::TestWithParam<int> {};

TEST_P(Signals, EndTheRunWithItsSummary) {
  Binary binary;
  const std::string config = binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\n"));
  const std::string rules = binary.write(
      "r.yaml",
      "- rule: One\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n");
  const std::string pidfile = binary.path("pid");
  binary.start({"-c", config, "-r", rules, "-P", pidfile});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  EXPECT_GT(std::stoi(binary.read("pid")), 1);
  binary.send_signal(GetParam());
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n");
  EXPECT_TRUE(result.err.ends_with(
      "Syscall event drop monitoring:\n   - event drop detected: 0 occurrences\n"
      "   - num times actions taken: 0\n"))
      << result.err;
}

INSTANTIATE_TEST_SUITE_P(Both, Signals, ::testing::Values(SIGINT, SIGTERM));

TEST(SignalsOthers, DoNotEndIt) {
  Binary binary;
  const std::string config = binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\n"));
  const std::string rules = binary.write(
      "r.yaml",
      "- rule: One\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n");
  binary.start({"-c", config, "-r", rules});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  binary.send_signal(SIGUSR1);
  binary.send_signal(SIGHUP);
  binary.send_signal(SIGPIPE);
  ASSERT_TRUE(binary.wait_for("SIGHUP"));
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

std::string rule(const std::string& name) {
  return "- rule: " + name +
         "\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n";
}

TEST(Reload, ChangedFilesAreLoadedAgain) {
  Binary binary;
  const std::string config = binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\n"));
  const std::string rules = binary.write("r.yaml", rule("One"));
  binary.start({"-c", config, "-r", rules});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  // The watch may begin a little later than the line above: change the file until it is noticed.
  for (int i = 0; i < 100 && binary.read("stderr").find("The new rules") == std::string::npos;
       ++i) {
    binary.write("r.yaml", rule("Two"));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_TRUE(binary.wait_for("The new rules are in force"));
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

TEST(Reload, BrokenRulesKeepTheOldOnesAndAreAnnounced) {
  Binary binary;
  const std::string config = binary.write(
      "falco.yaml", quiet_config("engine: {kind: nodriver}\nwatch_config_files: false\n"));
  const std::string rules = binary.write("r.yaml", rule("One"));
  binary.start({"-c", config, "-r", rules});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  binary.write("r.yaml", "- rule: One\n  desc: x\n");
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(binary.wait_for("Critical Falco internal: hot restart failure: "));
  EXPECT_EQ(binary.read("stderr").find("The new rules are in force"), std::string::npos);
  binary.write("r.yaml", rule("One"));
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(binary.wait_for("The new rules are in force"));
  binary.send_signal(SIGTERM);
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.out.ends_with(
      "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n"))
      << result.out;
}

}  // namespace
}  // namespace saker::testing
