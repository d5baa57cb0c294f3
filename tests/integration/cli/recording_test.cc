// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Captures that the product writes: cut out of a recorded capture, and replayed, they give the same
// alerts.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

// Alert lines; numbers of events and values that count from the capture's first event are left out,
// because a cut capture counts anew.
std::multiset<std::string> alerts_of(const std::string& output) {
  std::multiset<std::string> alerts;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) {
      const Json alert = Json::parse(line);
      if (alert["source"] == "syscall") {
        alerts.insert(line);
      }
    }
  }
  return alerts;
}

class Recording : public ::testing::Test {
protected:
  void SetUp() override {
    shared_ = shared_dir();
    if (shared_.empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
    config_ = binary_.write("falco.yaml", quiet_config());
  }

  std::string capture(const char* name) const {
    return (shared_ / "data" / name).string() + ".scap";
  }

  // Replays with the official rules and further arguments.
  RunResult replay(const std::string& file, const Strings& more = {}) {
    Strings arguments = {"-c", config_,
                         "-o", "engine.kind=replay",
                         "-o", "json_output=true",
                         "-o", "rule_matching=all",
                         "-o", "engine.replay.capture_file=" + file};
    for (const char* rules :
         {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"}) {
      arguments.insert(arguments.end(), {"-r", (shared_ / "data/rules" / rules).string()});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return binary_.run(arguments);
  }

  RunResult record(const Strings& more) {
    Strings arguments = {"record", "-c", config_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return binary_.run(arguments);
  }

  Strings files_like(const std::string& prefix) const {
    Strings files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(prefix).parent_path())) {
      if (entry.path().string().starts_with(prefix + "_")) {
        files.push_back(entry.path());
      }
    }
    std::ranges::sort(files);
    return files;
  }

  std::filesystem::path shared_;
  Binary binary_;
  std::string config_;
};

TEST_F(Recording, AWholeCopyGivesTheSameAlerts) {
  for (const char* name : {"attack", "container", "net"}) {
    const std::string copy = binary_.path("copy.scap");
    const RunResult recorded = record({"-w", copy, "--from", capture(name)});
    ASSERT_EQ(recorded.exit_code, 0) << recorded.err;
    const auto expected = alerts_of(replay(capture(name)).out);
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(alerts_of(replay(copy).out), expected) << name;
  }
}

TEST_F(Recording, AnUncompressedCopyIsReadToo) {
  const std::string copy = binary_.path("plain.scap");
  ASSERT_EQ(record({"-w", copy, "--no-compression", "--from", capture("first")}).exit_code, 0);
  EXPECT_EQ(binary_.read("plain.scap").substr(0, 4), "\x0a\x0d\x0d\x0a");
  EXPECT_EQ(alerts_of(replay(copy).out), alerts_of(replay(capture("first")).out));
}

// Only the chosen events reach the rules, and they find the state that they need.
TEST_F(Recording, AFilteredCopyKeepsTheStateOfItsEvents) {
  const std::string copy = binary_.path("cut.scap");
  const std::string filter = "evt.type in (open, openat) and evt.is_open_read=true";
  const RunResult recorded = record({"-w", copy, "--from", capture("attack"), "--filter", filter});
  ASSERT_EQ(recorded.exit_code, 0) << recorded.err;
  const std::string rules = binary_.write("reads.yaml", R"(
- rule: Reads
  desc: x
  condition: evt.type in (open, openat) and evt.is_open_read=true
  output: '%evt.time %proc.cmdline %proc.pname %proc.exepath %fd.name %user.name %proc.aname[3]'
  priority: INFO
- rule: Anything else
  desc: x
  condition: evt.type != open and evt.type != openat
  output: '%evt.type'
  priority: INFO
)");
  const auto lines_of = [&](const std::string& file) {
    const RunResult result =
        binary_.run({"-c", config_, "-r", rules, "-o", "engine.kind=replay", "-o",
                     "json_output=true", "-o", "engine.replay.capture_file=" + file});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::multiset<std::string> lines;
    for (const std::string& line : alerts_of(result.out)) {
      if (Json::parse(line)["rule"] == "Reads" || file == copy) {
        lines.insert(line);
      }
    }
    return lines;
  };
  const auto expected = lines_of(capture("attack"));
  EXPECT_GT(expected.size(), 100U);
  EXPECT_EQ(lines_of(copy), expected);
  EXPECT_LT(std::filesystem::file_size(copy), std::filesystem::file_size(capture("attack")));
}

TEST_F(Recording, StopsAfterEventsAndSize) {
  const std::string file = binary_.path("short.scap");
  const RunResult counted =
      record({"-w", file, "--from", capture("attack"), "--max-events", "100"});
  EXPECT_EQ(counted.exit_code, 0);
  EXPECT_NE(counted.err.find(": 100 events"), std::string::npos) << counted.err;
  const RunResult sized =
      record({"-w", file, "--from", capture("attack"), "--max-size-mb", "1", "--no-compression"});
  EXPECT_EQ(sized.exit_code, 0);
  EXPECT_GE(std::filesystem::file_size(file), 1U << 20);
  EXPECT_LT(std::filesystem::file_size(file), (1U << 20) + (512U << 10));
  EXPECT_EQ(replay(file).exit_code, 0) << "a file that ends by size is a whole capture";
}

TEST_F(Recording, SaysWhatIsWrong) {
  struct Case {
    Strings arguments;
    const char* error;
  };
  const std::string file = binary_.path("x.scap");
  const Case cases[] = {
      {{}, "record needs -w FILE"},
      {{"-w"}, "record: -w needs a value"},
      {{"-w", file, "--duration", "soon"}, "not a duration: soon"},
      {{"-w", file, "--filter", "proc.name =", "--from", capture("first")}, "the filter is wrong"},
      {{"-w", file, "--filter", "proc.nope = a", "--from", capture("first")}, "proc.nope"},
      {{"-w", "/nowhere/x.scap", "--from", capture("first")}, "cannot create /nowhere/x.scap"},
      {{"-w", file, "--from", "/nowhere.scap"}, "/nowhere.scap"},
  };
  for (const Case& test : cases) {
    const RunResult result = record(test.arguments);
    EXPECT_EQ(result.exit_code, 1) << test.error;
    EXPECT_NE(result.err.find(test.error), std::string::npos) << result.err;
  }
}

TEST_F(Recording, AMatchBeginsACaptureThatGivesItsAlertAgain) {
  const std::string prefix = binary_.path("rule");
  const RunResult whole = replay(
      capture("attack"), {"-o", "capture.enabled=true", "-o", "capture.mode=all_rules", "-o",
                          "capture.path_prefix=" + prefix, "-o", "capture.default_duration=50"});
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const Strings files = files_like(prefix);
  ASSERT_GT(files.size(), 3U);
  // <prefix>_<20 digits of time>_<20 digits of evt.num>.scap
  EXPECT_EQ(files[0].size(), prefix.size() + 1 + 20 + 1 + 20 + 5);
  std::multiset<std::string> again;
  for (const std::string& file : files) {
    const auto alerts = alerts_of(replay(file).out);
    EXPECT_FALSE(alerts.empty()) << file;
    again.insert(alerts.begin(), alerts.end());
  }
  EXPECT_EQ(again, alerts_of(whole.out)) << "every alert lies in exactly one file";
}

TEST_F(Recording, OnlyRulesThatAskForItBeginACapture) {
  const std::string rules = binary_.write("two.yaml", R"(
- rule: Quiet
  desc: x
  condition: evt.type = execve and proc.name = chmod
  output: x
  priority: INFO
- rule: Recorded
  desc: x
  condition: evt.type = execve and proc.name = ln
  output: x
  priority: INFO
  capture: true
  capture_duration: 1
)");
  const std::string prefix = binary_.path("asked");
  const RunResult result = binary_.run(
      {"-c", config_, "-r", rules, "-o", "engine.kind=replay", "-o", "capture.enabled=true", "-o",
       "capture.path_prefix=" + prefix, "-o", "engine.replay.capture_file=" + capture("attack")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(files_like(prefix).empty());
  for (const std::string& file : files_like(prefix)) {
    const RunResult again = binary_.run({"-c", config_, "-r", rules, "-o", "engine.kind=replay",
                                         "-o", "engine.replay.capture_file=" + file});
    EXPECT_NE(again.out.find("Recorded: 1"), std::string::npos) << again.out;
  }
}

TEST_F(Recording, KeepsTheTimeBeforeTheMatch) {
  const std::string prefix = binary_.path("before");
  const Strings options = {
      "-o", "capture.enabled=true",          "-o", "capture.mode=all_rules",
      "-o", "capture.path_prefix=" + prefix, "-o", "capture.default_duration=10",
      "-o", "capture.keep_before_ms=200"};
  const RunResult whole = replay(capture("attack"), options);
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto expected = alerts_of(whole.out);
  // A file may hold alerts of the one before it; every alert lies in some file, and none is new.
  std::set<std::string> again;
  bool has_past = false;
  const std::string every = binary_.write("every.yaml", R"(
- rule: First event
  desc: x
  condition: evt.num > 0
  output: 't=%evt.rawtime'
  priority: INFO
)");
  for (const std::string& file : files_like(prefix)) {
    for (const std::string& alert : alerts_of(replay(file).out)) {
      EXPECT_TRUE(expected.contains(alert)) << alert;
      again.insert(alert);
    }
    const RunResult first = binary_.run({"-c", config_, "-r", every, "-o", "engine.kind=replay",
                                         "-o", "engine.replay.capture_file=" + file});
    const std::size_t at = first.out.find("t=");
    if (at != std::string::npos) {
      const std::uint64_t begin = std::stoull(first.out.substr(at + 2));
      const std::uint64_t match = std::stoull(file.substr(prefix.size() + 1, 20));
      EXPECT_GE(begin + 200'000'000, match);
      has_past |= begin + 50'000'000 < match;
    }
  }
  EXPECT_EQ(again, std::set<std::string>(expected.begin(), expected.end()));
  EXPECT_TRUE(has_past);
}

TEST_F(Recording, ACaptureEndsByEventsAndBySize) {
  const std::string prefix = binary_.path("events");
  const RunResult counted =
      replay(capture("attack"), {"-o", "capture.enabled=true", "-o", "capture.mode=all_rules", "-o",
                                 "capture.path_prefix=" + prefix, "-o", "capture.max_events=10"});
  EXPECT_NE(counted.err.find(": 10 events"), std::string::npos) << counted.err;
  const std::string sized_prefix = binary_.path("size");
  const RunResult sized =
      replay((shared_ / "data/bench.scap").string(),
             {"-o", "capture.enabled=true", "-o", "capture.mode=all_rules", "-o",
              "capture.path_prefix=" + sized_prefix, "-o", "capture.default_duration=1000000", "-o",
              "capture.max_file_size_mb=1"});
  ASSERT_EQ(sized.exit_code, 0) << sized.err;
  ASSERT_EQ(files_like(sized_prefix).size(), 1U) << "no further file before its time is over";
  EXPECT_GE(std::filesystem::file_size(files_like(sized_prefix)[0]), 1U << 20);
  EXPECT_LT(std::filesystem::file_size(files_like(sized_prefix)[0]), (1U << 20) + (256U << 10));
  EXPECT_NE(sized.out.find(R"("rule":"Falco internal: capture size limit reached")"),
            std::string::npos);
  EXPECT_NE(sized.out.find(R"("max_file_size_mb":"1")"), std::string::npos);
}

}  // namespace
}  // namespace saker::testing
