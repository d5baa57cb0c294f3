// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The shipped rules against known ways round them, on this machine's kernel: one sensor watches
// while all tricks are tried; each must be noticed or, where the table says so, must not be. A
// trick that becomes visible is as much a reason to change the table as one that stops being.
#include "tests/live/evasion/evasion.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/podman_container.h"
#include "tests/live/rules/run_program.h"
#include "tests/live/rules/sensor_process.h"
#include "tests/live/rules/sentinel.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using evasion::Evasion;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{30};
constexpr const char* kMarkerField =
    R"(append_output[]={"match": {"source": "syscall"}, "extra_fields": [{"scenario": "%proc.env[SAKER_SCENARIO]"}, {"run": "%proc.env[SAKER_RUN]"}]})";

struct TrickRun {
  std::string skip_reason;
  std::string container_skip_reason;
  std::string problem;
  std::map<std::string, std::set<std::string>> rules;  // by scenario
  std::map<std::string, std::string> failed;
  std::map<std::string, std::string> skipped;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string run_name() {
  return "evasion-" + std::to_string(getpid());
}

std::string harness() {
  return (std::filesystem::path(variable("SAKER_BIN")).parent_path() / "saker_evasion").string();
}

std::vector<std::string> environment(const std::string& marker) {
  return {std::string(demo::kRunVariable) + "=" + run_name(),
          std::string(demo::kMarkerVariable) + "=" + marker};
}

class Collector {
public:
  Collector(SensorProcess& sensor, TrickRun& run) : sensor_(sensor), run_(run) {}

  // Sends sentinels until one comes back: everything before it has then been seen.
  bool catch_up(const std::string& name, const std::filesystem::path& folder) {
    const std::string marker = "sentinel-" + name;
    const Clock::time_point deadline = Clock::now() + saker::testing::patient(kDeadline);
    while (Clock::now() < deadline && run_.problem.empty()) {
      run_program({"/bin/true"}, folder / "sentinel.out", environment(marker));
      const Clock::time_point round = Clock::now() + std::chrono::milliseconds(300);
      while (Clock::now() < round && run_.problem.empty()) {
        read_alerts();
        if (run_.rules.contains(marker)) {
          return true;
        }
      }
    }
    if (run_.problem.empty()) {
      run_.problem = "no alert of the sentinel: " + sensor_.errors();
    }
    return false;
  }

  void note(const std::string& line) {
    const auto alert = nlohmann::json::parse(line, nullptr, false);
    if (alert.is_object() && alert.contains("output_fields") &&
        alert["output_fields"].value("run", nlohmann::json()) == run_name()) {
      run_.rules[alert["output_fields"]["scenario"].get<std::string>()].insert(
          alert["rule"].get<std::string>());
    }
  }

private:
  void read_alerts() {
    const auto lines = sensor_.read_lines(std::chrono::milliseconds(100));
    if (!lines) {
      run_.problem = lines.error().message;
      return;
    }
    for (const std::string& line : *lines) {
      note(line);
    }
  }

  SensorProcess& sensor_;
  TrickRun& run_;
};

// Lines "FAILED name: why" and "SKIPPED name: why" of the harness.
void note_failures(const std::string& text, TrickRun& run) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || blank > colon) {
      continue;
    }
    const std::string name = line.substr(blank + 1, colon - blank - 1);
    if (line.starts_with("SKIPPED ")) {
      run.skipped[name] += line.substr(colon + 1);
    } else if (line.starts_with("FAILED ")) {
      run.failed[name] += line.substr(colon + 1);
    }
  }
}

const TrickRun& the_run() {
  static const TrickRun done = [] {
    TrickRun run;
    run.skip_reason = why_no_sensor();
    if (!run.skip_reason.empty()) {
      return run;
    }
    const saker::testing::TempDir folder;
    PodmanContainer podman(folder.path(), environment("podman"));
    run.container_skip_reason = podman.prepare();
    std::ofstream(folder.path() / "sentinel.yaml") << kSentinelRule;
    auto sensor =
        SensorProcess::start(variable("SAKER_BIN"),
                             {variable("SAKER_SOURCE_DIR") + "/rules/default/saker_rules.yaml",
                              folder.path() / "sentinel.yaml"},
                             {"rule_matching=all", kMarkerField}, folder.path());
    if (!sensor) {
      run.problem = sensor.error().message;
      return run;
    }
    Collector collector(*sensor, run);
    if (collector.catch_up("begin", folder.path())) {
      run_program({harness()}, folder.path() / "tricks.out", environment("harness"));
      note_failures(text_of(folder.path() / "tricks.out"), run);
      if (run.container_skip_reason.empty()) {
        if (podman.run(harness(), {"--container"}, environment("harness")) != 0) {
          run.container_skip_reason = "podman cannot run a container: " + podman.output();
        }
        note_failures(podman.output(), run);
      }
      collector.catch_up("end", folder.path());
      // Alerts that wait for the container's metadata come at the end.
      const auto status = sensor->stop([&](const std::string& line) { collector.note(line); });
      if (!status || *status != 0) {
        run.problem = "saker did not end well: " + sensor->errors();
      }
    }
    return run;
  }();
  return done;
}

class Tricks : public ::testing::TestWithParam<Evasion> {};

TEST_P(Tricks, AreDetectedAsTheTableSays) {
  const TrickRun& run = the_run();
  if (!run.skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason;
  }
  ASSERT_EQ(run.problem, "");
  const Evasion& row = GetParam();
  if (row.is_in_container && !run.container_skip_reason.empty()) {
    GTEST_SKIP() << run.container_skip_reason;
  }
  const std::string name(row.scenario.name);
  if (const auto skipped = run.skipped.find(name); skipped != run.skipped.end()) {
    GTEST_SKIP() << skipped->second;
  }
  const auto failed = run.failed.find(name);
  ASSERT_EQ(failed, run.failed.end()) << failed->second;
  std::set<std::string> rules;
  if (const auto found = run.rules.find(name); found != run.rules.end()) {
    rules = found->second;
  }
  std::string all;
  for (const std::string& rule : rules) {
    all += rule + "; ";
  }
  EXPECT_EQ(rules.contains(std::string(row.rule)), row.is_detected)
      << row.rule << " against: " << row.trick << "\nalerts: " << all;
}

INSTANTIATE_TEST_SUITE_P(Live, Tricks, ::testing::ValuesIn(evasion::all_tricks()),
                         [](const ::testing::TestParamInfo<Evasion>& parameter) {
                           std::string name(parameter.param.scenario.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// The page is made from the rows; needs no sensor.
TEST(TricksTable, StandsInTheDocuments) {
  std::ifstream page(variable("SAKER_SOURCE_DIR") + "/docs/evasion.md");
  ASSERT_TRUE(page) << "docs/evasion.md is not here";
  std::ostringstream text;
  text << page.rdbuf();
  const auto count_of = [&](const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.str().find(word); at != std::string::npos;
         at = text.str().find(word, at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(count_of(" | yes | ") + count_of(" | **no** | "), evasion::all_tricks().size());
  for (const Evasion& row : evasion::all_tricks()) {
    const std::string line = " | " + std::string(row.trick) + " | " +
                             (row.is_detected ? "yes" : "**no**") + " | " + std::string(row.why) +
                             " |";
    EXPECT_NE(text.str().find(line), std::string::npos) << row.rule << line;
  }
}

}  // namespace
}  // namespace saker::test
