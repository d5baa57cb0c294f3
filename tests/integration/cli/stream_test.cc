// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A capture that comes through a pipe, slowly, while rules are exchanged two hundred times: the
// same alerts come out as from the file, none twice and none missing.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/eventually.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kInForce = "The new rules are in force";
constexpr const char* kRefused = "The rules were not exchanged";

std::string rules_of(int version) {
  return "# " + std::to_string(version) +
         "\n- rule: Every event\n  desc: x\n  condition: evt.num > 0\n"
         "  output: '%evt.num %evt.type %proc.name %fd.name'\n  priority: INFO\n";
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

class Stream : public ::testing::Test {
protected:
  void SetUp() override {
    if (shared_dir().empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
    capture_ = shared_dir() / "data/net.scap";
    std::ifstream file(capture_, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    pipe_ = binary_.path("pipe");
    ASSERT_EQ(::mkfifo(pipe_.c_str(), 0600), 0);
    rules_ = binary_.write("r.yaml", rules_of(0));
  }
  void TearDown() override {
    if (write_end_ >= 0) {
      ::close(write_end_);
    }
  }

  std::vector<std::string> arguments(const std::string& capture, const std::string& more) {
    const std::string config = binary_.write("falco.yaml", quiet_config(more));
    return {"-c", config,
            "-r", rules_,
            "-o", "engine.kind=replay",
            "-o", "engine.replay.capture_file=" + capture};
  }

  void start(const std::string& more) {
    binary_.start(arguments(pipe_, more));
    ASSERT_TRUE(binary_.wait_for("Replaying the capture file")) << binary_.read("stderr");
  }

  // The part of the capture that belongs to step `i` of `steps`.
  void feed(int i, int steps) {
    if (write_end_ < 0) {
      write_end_ = ::open(pipe_.c_str(), O_WRONLY | O_CLOEXEC);
      ASSERT_GE(write_end_, 0);
    }
    const auto part = [&](int n) {
      return bytes_.size() * static_cast<std::size_t>(n) / static_cast<std::size_t>(steps);
    };
    for (std::size_t at = part(i); at < part(i + 1);) {
      const ssize_t written = ::write(write_end_, bytes_.data() + at, part(i + 1) - at);
      ASSERT_GT(written, 0);
      at += static_cast<std::size_t>(written);
    }
  }
  void end() {
    ::close(write_end_);
    write_end_ = -1;
  }

  // Waits until the log holds `count` times `text`.
  void wait_for_count(const char* text, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (count_of(binary_.read("stderr"), text) < count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << text << " " << count << "\n"
                                                            << binary_.read("stderr");
      std::this_thread::sleep_for(2ms);
    }
  }

  // The alerts and the summary, without what refusals say in between.
  static std::string alerts_of(const std::string& out) {
    std::string alerts;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      if (line.find(": Informational ") != std::string::npos) {
        alerts += line + "\n";
      }
    }
    return alerts + out.substr(std::min(out.find("Events detected: "), out.size()));
  }

  void expect_everything_once(const RunResult& result, std::size_t refused) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(count_of(result.out, "Falco internal: hot restart failure"), refused);
    const std::string expected = alerts_of(binary_.run(arguments(capture_, "")).out);
    const std::string alerts = alerts_of(result.out);
    EXPECT_GT(count_of(expected, "\n"), 13'000U);
    EXPECT_TRUE(alerts == expected) << "of " << expected.size() << " bytes " << alerts.size();
  }

  Binary binary_;
  std::string capture_;
  std::string bytes_;
  std::string pipe_;
  std::string rules_;
  int write_end_ = -1;
};

// Every fifth rule file is broken.
TEST_F(Stream, TwoHundredReloadsLoseNothing) {
  constexpr int kReloads = 200;
  constexpr int kBrokenEvery = 5;
  start("watch_config_files: false\n");
  std::size_t in_force = 0;
  std::size_t refused = 0;
  for (int i = 0; i < kReloads; ++i) {
    feed(i, kReloads);
    const bool is_broken = i % kBrokenEvery == kBrokenEvery - 1;
    binary_.write("r.yaml", is_broken ? "- rule: x\n  condition: a and\n" : rules_of(i));
    binary_.send_signal(SIGHUP);
    if (is_broken) {
      wait_for_count(kRefused, ++refused);
    } else {
      wait_for_count(kInForce, ++in_force);
    }
  }
  end();
  const RunResult result = binary_.wait();
  binary_.write("r.yaml", rules_of(0));
  expect_everything_once(result, refused);
  EXPECT_EQ(count_of(result.err, kInForce), 160U);
  EXPECT_EQ(count_of(result.err, kRefused), 40U);
}

// Changes are noticed one by one: each file is written after the one before was read.
TEST_F(Stream, ChangedFilesAreNoticedWhileEventsFlow) {
  constexpr int kReloads = 30;
  start("watch_config_files: true\n");
  feed(0, kReloads);
  // The watch may begin a little later than the line in the log.
  ASSERT_TRUE(eventually([this] {
    binary_.write("r.yaml", rules_of(0));
    std::this_thread::sleep_for(300ms);
    return count_of(binary_.read("stderr"), kInForce) != 0;
  })) << binary_.read("stderr");
  std::this_thread::sleep_for(500ms);
  std::size_t in_force = count_of(binary_.read("stderr"), kInForce);
  std::size_t refused = 0;
  for (int i = 1; i < kReloads; ++i) {
    feed(i, kReloads);
    if (i % 5 == 4) {
      ASSERT_EQ(::unlink(rules_.c_str()), 0);
      wait_for_count(kRefused, ++refused);
      binary_.write("new.yaml", rules_of(i));
      ASSERT_EQ(::rename(binary_.path("new.yaml").c_str(), rules_.c_str()), 0);
    } else {
      binary_.write("r.yaml", rules_of(i));
    }
    wait_for_count(kInForce, ++in_force);
  }
  end();
  expect_everything_once(binary_.wait(), refused);
}

TEST_F(Stream, SignalsEndItBeforeTheFirstByte) {
  start("");
  std::this_thread::sleep_for(200ms);
  binary_.send_signal(SIGTERM);
  const RunResult result = binary_.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("Events detected: 0\n")) << result.out;
}

TEST_F(Stream, SignalsEndItInTheMiddle) {
  start("");
  feed(0, 2);
  ASSERT_TRUE(binary_.wait_for("\n"));
  std::this_thread::sleep_for(500ms);
  binary_.send_signal(SIGINT);
  const RunResult result = binary_.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find("Events detected: 0\n"), std::string::npos);
}

TEST_F(Stream, APipeThatIsNoCaptureIsAnError) {
  start("");
  bytes_ = "This is no capture at all, is it? It has more than sixteen bytes.";
  feed(0, 1);
  end();
  const RunResult result = binary_.wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("Error: "), std::string::npos) << result.err;
}

TEST_F(Stream, ACutStreamReportsWhatCameBefore) {
  start("");
  feed(0, 2);
  end();
  const RunResult result = binary_.wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out.find("Events detected: 0\n"), std::string::npos);
}

// The wall clock is set a day forward, two days back and right again while alerts flow, some of
// them into the spool of a server that does not listen.
TEST_F(Stream, SettingTheClockLosesNothing) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a sanitizer's library must come first";
#endif
  const std::string offset = binary_.write("offset", "0");
  binary_.env["CLOCK_OFFSET_FILE"] = offset;
  binary_.env["LD_PRELOAD"] = CLOCK_PRELOAD;
  start(
      "watch_config_files: false\nlog_level: debug\n"
      "metrics: {enabled: true, interval: 100ms, output_file: '" +
      binary_.path("metrics.jsonl") +
      "'}\nhttp_output:\n  enabled: true\n  url: http://127.0.0.1:9/\n  spool:\n    path: '" +
      binary_.path("spool.db") + "'\n    max_age_s: 3600\n    sync: normal\n");
  constexpr int kSteps = 40;
  const long kDay = 86'400;
  for (int i = 0; i < kSteps; ++i) {
    feed(i, kSteps);
    const long seconds = i < 10 ? 0 : i < 20 ? kDay : i < 30 ? -kDay : 0;
    binary_.write("new", std::to_string(seconds));
    std::filesystem::rename(binary_.path("new"), offset);
    std::this_thread::sleep_for(100ms);
  }
  end();
  const RunResult result = binary_.wait();
  binary_.env.clear();
  expect_everything_once(result, 0);
  EXPECT_EQ(result.err.find("older than the spool"), std::string::npos) << result.err;
  // About one snapshot in 100 ms, and no duration or rate that the clock made.
  std::istringstream samples(binary_.read("metrics.jsonl"));
  int count = 0;
  bool was_set_forward = false;
  std::int64_t first_s = 0;
  for (std::string line; std::getline(samples, line); ++count) {
    const auto fields = nlohmann::json::parse(line)["output_fields"];
    const std::int64_t now_s = fields["evt.time"].get<std::int64_t>() / 1'000'000'000;
    first_s = count == 0 ? now_s : first_s;
    was_set_forward = was_set_forward || now_s - first_s > kDay / 2;
    EXPECT_LT(fields["falco.duration_sec"].get<std::uint64_t>(), 200U) << line;
    if (count > 0) {
      EXPECT_TRUE(fields.contains("falco.evts_rate_sec")) << line;
      EXPECT_LT(fields.value("falco.evts_rate_sec", 0.0), 1e7) << line;
    }
  }
  EXPECT_TRUE(was_set_forward) << "the clock was not moved";
  EXPECT_GE(count, 20);
  EXPECT_LE(count, 400);
}

}  // namespace
}  // namespace saker::testing
