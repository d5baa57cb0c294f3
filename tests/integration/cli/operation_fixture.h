// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A running process with its webserver on a free port, and no source of events.
#pragma once

#include <signal.h>

#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"

namespace saker::testing {

inline constexpr const char* kRule =
    "- rule: One\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n";

class Operation : public ::testing::Test {
protected:
  // Starts with a webserver on a free port and waits for it.
  void start(const std::string& more_config, std::vector<std::string> more = {}) {
    const std::string config = binary_.write(
        "falco.yaml",
        quiet_config("engine: {kind: nodriver}\n"
                     "webserver: {enabled: true, listen_port: 0, listen_address: 127.0.0.1, "
                     "prometheus_metrics_enabled: true}\n" +
                     more_config));
    std::vector<std::string> words = {"-c", config, "-r", binary_.write("r.yaml", kRule)};
    words.insert(words.end(), more.begin(), more.end());
    binary_.start(words);
    ASSERT_TRUE(binary_.wait_for("Starting health webserver")) << binary_.read("stderr");
    std::smatch match;
    const std::string text = binary_.read("stderr");
    ASSERT_TRUE(std::regex_search(text, match, std::regex("127\\.0\\.0\\.1:(\\d+)"))) << text;
    port_ = static_cast<std::uint16_t>(std::stoi(match[1]));
    is_running_ = true;
  }
  RunResult stop() {
    is_running_ = false;
    binary_.send_signal(SIGTERM);
    return binary_.wait();
  }
  void TearDown() override {
    if (is_running_) {
      stop();
    }
  }

  Binary binary_;
  std::uint16_t port_ = 0;
  bool is_running_ = false;
};

}  // namespace saker::testing
