// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The official rules, end to end: `saker record` watches this machine's kernel while one harmless
// action per rule runs on the host and in a podman container; each must raise its rule. What was
// recorded meanwhile is then replayed and must give the same alerts.
#include <unistd.h>

#include <algorithm>
#include <array>
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

#include "tests/live/official/official_scenarios.h"
#include "tests/live/rules/podman_container.h"
#include "tests/live/rules/run_program.h"
#include "tests/live/rules/sensor_process.h"
#include "tests/live/rules/sentinel.h"
#include "tests/support/patience.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::chrono::seconds kStartDeadline{60};
constexpr std::chrono::seconds kEndDeadline{30};

constexpr const char* kMarkerField =
    R"(append_output[]={"match": {"source": "syscall"}, "extra_fields": [{"scenario": "%proc.env[SAKER_SCENARIO]"}, {"run": "%proc.env[SAKER_RUN]"}]})";
// Falco does not know in a replay when the machine was started, and no replay waits for a runtime's
// answer, so these are not the same there.
constexpr std::array<const char*, 2> kDifferInReplay = {"container.start_ts",
                                                        "saker.container_pending"};
// Rules that are off by default are tried too.
constexpr const char* kEnableAll = R"(rules[]={"enable": {"rule": "*"}})";

struct OfficialRun {
  std::string skip_reason;
  std::string container_skip_reason;
  std::string problem;
  std::map<std::string, std::set<std::string>> rules_by_scenario;
  std::map<std::string, std::string> failures;  // of scenarios
  std::vector<std::string> live;                // alerts, comparable
  std::vector<std::string> replayed;
};

// Several of these tests may run at once.
std::string run_entry() {
  return std::string(demo::kRunVariable) + "=test-" + std::to_string(getpid());
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string harness() {
  return (std::filesystem::path(variable("SAKER_BIN")).parent_path() / "saker_official").string();
}

// Files the alerts of our process tree.
class Collector {
public:
  explicit Collector(std::vector<std::string>& alerts) : alerts_(alerts) {}

  // Returns the marker of the line's process.
  std::string note(const std::string& line) {
    Json alert = line.starts_with('{') ? Json::parse(line, nullptr, false) : Json();
    if (!alert.is_object() || !alert.contains("output_fields")) {
      return {};
    }
    Json& fields = alert["output_fields"];
    if (!fields.contains("scenario") || !fields["scenario"].is_string() ||
        fields["run"] != run_entry().substr(run_entry().find('=') + 1)) {
      return {};
    }
    const std::string name = fields["scenario"];
    for (const char* field : kDifferInReplay) {
      fields.erase(field);
    }
    const Json comparable = {alert["time"], alert["rule"], alert["priority"],
                             alert["output_fields"]};
    if (!name.starts_with("sentinel")) {
      alerts_.push_back(comparable.dump());
      rules_[name].insert(alert["rule"].get<std::string>());
    }
    return name;
  }
  const std::map<std::string, std::set<std::string>>& rules() const { return rules_; }

private:
  std::vector<std::string>& alerts_;
  std::map<std::string, std::set<std::string>> rules_;
};

bool wait_for_sentinel(SensorProcess& sensor, Collector& collector, const std::string& name,
                       std::chrono::seconds patience, OfficialRun& result,
                       const std::filesystem::path& folder) {
  const Clock::time_point deadline = Clock::now() + patience;
  while (Clock::now() < deadline) {
    run_program({"/bin/true"}, folder / "sentinel.out",
                {run_entry(), "SAKER_SCENARIO=sentinel-" + name});
    const Clock::time_point round = Clock::now() + std::chrono::milliseconds(300);
    while (Clock::now() < round) {
      const auto lines = sensor.read_lines(std::chrono::milliseconds(100));
      if (!lines) {
        result.problem = lines.error().message;
        return false;
      }
      bool is_found = false;
      for (const std::string& line : *lines) {
        is_found |= collector.note(line) == "sentinel-" + name;
      }
      if (is_found) {
        return true;
      }
    }
  }
  result.problem = "no alert of the sentinel; standard error of saker:\n" + sensor.errors();
  return false;
}

// Lines "FAILED name: why" of the harness.
void note_failures(const std::string& text, OfficialRun& result) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("FAILED ")) {
      const std::size_t colon = line.find(':');
      result.failures[line.substr(7, colon - 7)] += line.substr(colon + 1);
    }
  }
}

std::vector<std::string> rule_files(const std::filesystem::path& folder) {
  const std::filesystem::path data = saker::testing::shared_dir() / "data/rules";
  std::ofstream(folder / "sentinel.yaml") << kSentinelRule;
  return {data / "falco_rules.yaml", data / "falco-incubating_rules.yaml",
          data / "falco-sandbox_rules.yaml", folder / "sentinel.yaml"};
}

void run_all(const std::filesystem::path& folder, OfficialRun& result) {
  const std::vector<std::string> options = {"rule_matching=all", "base_syscalls.all=true",
                                            kEnableAll, kMarkerField};
  const std::string capture = folder / "run.scap";
  PodmanContainer podman(folder, {run_entry()});
  result.container_skip_reason = podman.prepare();
  auto sensor = SensorProcess::start(variable("SAKER_BIN"), rule_files(folder), options, folder,
                                     {"record", "-w", capture, "--filter",
                                      "proc.env[SAKER_RUN] = test-" + std::to_string(getpid())});
  if (!sensor) {
    result.problem = sensor.error().message;
    return;
  }
  Collector live(result.live);
  if (!wait_for_sentinel(*sensor, live, "begin", saker::testing::patient(kStartDeadline), result,
                         folder)) {
    return;
  }
  run_program({harness(), "--host"}, folder / "host.out", {run_entry(), "TZ=UTC"});
  note_failures(text_of(folder / "host.out"), result);
  if (result.container_skip_reason.empty()) {
    if (podman.run(harness(), {"--container"},
                   {std::string("SAKER_SCENARIO=") + official::kContainerStartMarker}) != 0) {
      result.container_skip_reason = "podman cannot run a container: " + podman.output();
    }
    note_failures(podman.output(), result);
  }
  if (!wait_for_sentinel(*sensor, live, "end", saker::testing::patient(kEndDeadline), result,
                         folder)) {
    return;
  }
  // Alerts of a container that is gone before its runtime was asked wait until the end.
  const Result<int> status = sensor->stop([&live](const std::string& line) { live.note(line); });
  if (!status || *status != 0) {
    result.problem = "saker did not end well:\n" + sensor->errors();
    return;
  }
  result.rules_by_scenario = live.rules();

  std::vector<std::string> args = {variable("SAKER_BIN"), "replay", capture, "-c",
                                   folder / "saker.yaml"};
  for (const std::string& file : rule_files(folder)) {
    args.insert(args.end(), {"-r", file});
  }
  for (const std::string& option : options) {
    args.insert(args.end(), {"-o", option});
  }
  if (run_program(args, folder / "replay.out", {"TZ=UTC"}) != 0) {
    result.problem = "the replay failed:\n" + text_of(folder / "replay.out");
    return;
  }
  Collector replayed(result.replayed);
  std::istringstream lines(text_of(folder / "replay.out"));
  for (std::string line; std::getline(lines, line);) {
    replayed.note(line);
  }
}

const OfficialRun& official_run() {
  static const OfficialRun done = [] {
    OfficialRun result;
    result.skip_reason = why_no_sensor();
    if (result.skip_reason.empty() && saker::testing::shared_dir().empty()) {
      result.skip_reason = saker::testing::kNoSharedData;
    }
    if (result.skip_reason.empty()) {
      const saker::testing::TempDir folder;
      run_all(folder.path(), result);
    }
    return result;
  }();
  return done;
}

bool is_of_container(const demo::Scenario& scenario) {
  return scenario.name.starts_with("c-");
}

class OfficialRules : public ::testing::TestWithParam<demo::Scenario> {};

TEST_P(OfficialRules, AreRaisedByTheirAction) {
  const OfficialRun& run = official_run();
  const demo::Scenario& scenario = GetParam();
  if (!run.skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason;
  }
  if (is_of_container(scenario) && !run.container_skip_reason.empty()) {
    GTEST_SKIP() << run.container_skip_reason;
  }
  if (!run.problem.empty()) {
    FAIL() << "the sensor did not work (see OfficialRulesRun)";
  }
  const std::string name(scenario.name);
  const auto failure = run.failures.find(name);
  EXPECT_EQ(failure, run.failures.end()) << failure->second;
  const auto found = run.rules_by_scenario.find(name);
  ASSERT_NE(found, run.rules_by_scenario.end()) << "no alert at all";
  std::string others;
  for (const std::string& rule : found->second) {
    others += rule + "; ";
  }
  EXPECT_TRUE(found->second.contains(std::string(scenario.what))) << others;
}

INSTANTIATE_TEST_SUITE_P(Live, OfficialRules, ::testing::ValuesIn(official::all_scenarios()),
                         [](const ::testing::TestParamInfo<demo::Scenario>& parameter) {
                           std::string name(parameter.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(OfficialRulesRun, TheStartOfAContainerRaisesItsRules) {
  const OfficialRun& run = official_run();
  if (!run.skip_reason.empty() || !run.container_skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason << run.container_skip_reason;
  }
  ASSERT_EQ(run.problem, "");
  const auto found = run.rules_by_scenario.find(official::kContainerStartMarker);
  ASSERT_NE(found, run.rules_by_scenario.end());
  for (const std::string_view rule : official::container_start_rules()) {
    EXPECT_TRUE(found->second.contains(std::string(rule))) << rule;
  }
}

TEST(OfficialRulesRun, TheRecordingReplaysToTheSameAlerts) {
  const OfficialRun& run = official_run();
  if (!run.skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason;
  }
  ASSERT_EQ(run.problem, "");
  EXPECT_GT(run.live.size(), 50U);
  std::vector<std::string> live = run.live;
  std::vector<std::string> replayed = run.replayed;
  std::ranges::sort(live);
  std::ranges::sort(replayed);
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::ranges::set_difference(live, replayed, std::back_inserter(missing));
  std::ranges::set_difference(replayed, live, std::back_inserter(surplus));
  EXPECT_EQ(missing, std::vector<std::string>()) << "live, but not in the replay";
  EXPECT_EQ(surplus, std::vector<std::string>()) << "in the replay, but not live";
}

}  // namespace
}  // namespace saker::test
