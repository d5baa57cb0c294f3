// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A running process and its signals, without a source of events.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/eventually.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRule =
    "- rule: One\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n";

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

// With an output that takes `sleep` seconds for a message and has one, which holds the end up.
bool start_slow_output(Binary& binary, const std::string& output_timeout,
                       const std::string& sleep) {
  const std::string config = binary.write(
      "falco.yaml", quiet_config("engine: {kind: nodriver}\noutput_timeout: " + output_timeout +
                                 "\nmetrics: {enabled: true, output_rule: true, interval: 100ms}\n"
                                 "program_output: {enabled: true, keep_alive: false, "
                                 "program: \"cat >/dev/null; sleep " +
                                 sleep + "\"}\n"));
  binary.start({"-c", config, "-r", binary.write("r.yaml", kRule)});
  return binary.wait_for("metrics snapshot");
}

// GNU timeout signals its child and then its group, the child again.
TEST(SignalsOthers, SecondOneAtOnceIsTheSame) {
  Binary binary;
  // The output holds the end up, so that both signals are seen.
  ASSERT_TRUE(start_slow_output(binary, "20000", "1"));
  binary.send_signal(SIGTERM);
  std::this_thread::sleep_for(200ms);
  binary.send_signal(SIGTERM);
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("Events detected: 0"), std::string::npos) << result.out;
}

TEST(SignalsOthers, LaterSecondOneGivesUp) {
  Binary binary;
  ASSERT_TRUE(start_slow_output(binary, "60000", "30"));
  binary.send_signal(SIGTERM);
  std::this_thread::sleep_for(1500ms);
  ASSERT_TRUE(binary.is_running());
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 1);
  EXPECT_NE(binary.read("stderr").find("Second signal"), std::string::npos);
}

TEST(SignalsOthers, TheLongestTimeoutIsNoShortOne) {
  Binary binary;
  ASSERT_TRUE(start_slow_output(binary, "9223372036854775807", "0.3"));
  binary.send_signal(SIGTERM);
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err.find("not delivered before the end"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("output timeout"), std::string::npos) << result.err;
}

// Whoever started it reads no more of its standard output.
TEST(SignalsOthers, EndThoughTheSummaryIsNotRead) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_EQ(::fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  const std::string filling(4096, 'x');
  while (::write(ends[1], filling.data(), filling.size()) > 0) {
  }
  ASSERT_EQ(::fcntl(ends[1], F_SETFL, 0), 0);
  Binary binary;
  const std::string config =
      binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\noutput_timeout: 200\n"));
  binary.start({"-c", config, "-r", binary.write("r.yaml", kRule)}, ends[1]);
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  binary.send_signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return !binary.is_running(); }));
  ::kill(binary.pid(), SIGKILL);
  EXPECT_EQ(binary.wait().exit_code, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

// Nobody reads the pipe that shall take metrics, so opening it does not end.
TEST(SignalsOthers, EndAStartThatHangs) {
  Binary binary;
  const std::string pipe = binary.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string config =
      binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\n"
                                              "metrics: {enabled: true, output_file: '" +
                                              pipe + "'}\n"));
  binary.start({"-c", config, "-r", binary.write("r.yaml", kRule)});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  std::this_thread::sleep_for(100ms);
  binary.send_signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return !binary.is_running(); }));
  ::kill(binary.pid(), SIGKILL);
  EXPECT_EQ(binary.wait().exit_code, 128 + SIGTERM);
}

// While outputs are drained, a change of theirs arrives.
TEST(SignalsOthers, NoReloadOnceTheEndHasBegun) {
  Binary binary;
  const std::string text = quiet_config(
      "engine: {kind: nodriver}\nwatch_config_files: true\noutput_timeout: 3000\n"
      "metrics: {enabled: true, output_rule: true, interval: 100ms}\n"
      "program_output: {enabled: true, keep_alive: false, "
      "program: \"cat >/dev/null; sleep 1\"}\n");
  const std::string config = binary.write("falco.yaml", text);
  binary.start({"-c", config, "-r", binary.write("r.yaml", kRule)});
  ASSERT_TRUE(binary.wait_for("metrics snapshot"));
  std::this_thread::sleep_for(1s);
  binary.send_signal(SIGTERM);
  std::this_thread::sleep_for(300ms);
  binary.write("falco.yaml", text + "json_output: true\n");
  binary.send_signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return !binary.is_running(); }));
  ::kill(binary.pid(), SIGKILL);
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err.find("Loading configuration and rules again"), std::string::npos)
      << result.err;
  EXPECT_NE(result.out.find("Events detected: 0"), std::string::npos);
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
