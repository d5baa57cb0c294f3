// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// End to end, on this machine's kernel: every scenario of app/demo must raise exactly the alerts
// that it names, and its harmless twins none. One sensor watches while all scenarios run; each
// alert carries the marker of the process tree that caused it (an environment variable, printed as
// an extra output field), so what else happens on the machine does not count.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/demo/scenario.h"
#include "tests/live/rules/run_program.h"
#include "tests/live/rules/sensor_process.h"
#include "tests/live/rules/sentinel.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using demo::Scenario;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{200};
constexpr std::chrono::seconds kStartDeadline{30};
constexpr std::chrono::seconds kEndDeadline{20};

constexpr const char* kMarkerField =
    R"(append_output[]={"match": {"source": "syscall"}, "extra_fields": [{"scenario": "%proc.env[SAKER_SCENARIO]"}]})";

// What one run of the sensor over all scenarios gave.
struct LiveRun {
  std::string skip_reason;
  std::string problem;
  std::map<std::string, std::vector<std::string>> rules_by_scenario;  // sorted names
  std::map<std::string, std::string> failure_by_scenario;  // a scenario that could not run, and why
  std::string sensor_errors;
  int exit_status = -1;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::filesystem::path demo_program() {
  return std::filesystem::path(variable("SAKER_BIN")).parent_path() / "saker_demo";
}

class Collector {
public:
  Collector(SensorProcess& sensor, LiveRun& result) : sensor_(sensor), result_(result) {}

  // Sends sentinels until one comes back. Everything that was done before has then been seen.
  bool wait_for_sentinel(const std::string& name, std::chrono::seconds patience) {
    const Clock::time_point deadline = Clock::now() + patience;
    while (Clock::now() < deadline) {
      run_program({"/bin/true"}, "/dev/null",
                  {std::string(demo::kMarkerVariable) + "=sentinel-" + name});
      if (read_until(name)) {
        return true;
      }
      if (!result_.problem.empty()) {
        return false;
      }
    }
    result_.problem = "no alert of the sentinel within " + std::to_string(patience.count()) +
                      " s; standard error of saker:\n" + sensor_.errors();
    return false;
  }

private:
  bool read_until(const std::string& sentinel) {
    const Clock::time_point deadline = Clock::now() + kPatience;
    while (Clock::now() < deadline) {
      const Result<std::vector<std::string>> lines = sensor_.read_lines(kPatience);
      if (!lines) {
        result_.problem = lines.error().message;
        return false;
      }
      bool is_found = false;
      for (const std::string& line : *lines) {
        is_found |= note(line) == "sentinel-" + sentinel;
      }
      if (is_found) {
        return true;
      }
    }
    return false;
  }

  // Files one alert; returns its marker.
  std::string note(const std::string& line) {
    if (!line.starts_with('{')) {
      return {};
    }
    const nlohmann::json alert = nlohmann::json::parse(line, nullptr, false);
    if (alert.is_discarded()) {
      result_.problem = "not JSON: " + line;
      return {};
    }
    const nlohmann::json& fields = alert["output_fields"];
    const auto marker = fields.find("scenario");
    if (marker == fields.end() || !marker->is_string()) {
      return {};
    }
    const std::string scenario = marker->get<std::string>();
    result_.rules_by_scenario[scenario].push_back(alert["rule"].get<std::string>());
    return scenario;
  }

  SensorProcess& sensor_;
  LiveRun& result_;
};

void run_all(const std::filesystem::path& folder, LiveRun& result) {
  const std::filesystem::path sentinel = folder / "sentinel.yaml";
  std::ofstream(sentinel) << kSentinelRule;
  const std::string rules = variable("SAKER_SOURCE_DIR") + "/rules/default/saker_rules.yaml";
  Result<SensorProcess> sensor =
      SensorProcess::start(variable("SAKER_BIN"), {rules, sentinel}, {kMarkerField}, folder);
  if (!sensor) {
    result.problem = sensor.error().message;
    return;
  }
  Collector collector(*sensor, result);
  if (!collector.wait_for_sentinel("begin", saker::testing::patient(kStartDeadline))) {
    return;
  }
  for (const Scenario& scenario : demo::all_scenarios()) {
    const std::string name(scenario.name);
    if (!scenario.disguise.empty() && access(std::string(scenario.disguise).c_str(), X_OK) != 0) {
      result.failure_by_scenario[name] = std::string(scenario.disguise) + " is not installed";
    } else if (const int status =
                   run_program({demo_program(), name}, folder / "demo.out", {"TZ=UTC"});
               status != 0) {
      result.failure_by_scenario[name] =
          text_of(folder / "demo.out") + "saker_demo ended with status " + std::to_string(status);
    }
  }
  if (!collector.wait_for_sentinel("end", saker::testing::patient(kEndDeadline))) {
    return;
  }
  const Result<int> status = sensor->stop();
  result.sensor_errors = sensor->errors();
  if (!status) {
    result.problem = status.error().message;
    return;
  }
  result.exit_status = *status;
  for (auto& [scenario, names] : result.rules_by_scenario) {
    std::ranges::sort(names);
  }
}

LiveRun make_live_run() {
  LiveRun result;
  result.skip_reason = why_no_sensor();
  if (result.skip_reason.empty()) {
    const saker::testing::TempDir folder;
    run_all(folder.path(), result);
  }
  return result;
}

// All tests of this program look at the same run.
const LiveRun& live_run() {
  static const LiveRun run = make_live_run();
  return run;
}

class ShippedRules : public ::testing::TestWithParam<Scenario> {};

TEST_P(ShippedRules, RaiseExactlyTheExpectedAlerts) {
  const LiveRun& run = live_run();
  if (!run.skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason;
  }
  if (!run.problem.empty()) {
    FAIL() << "the sensor did not work (see LiveSensor.EndsCleanly)";
  }
  const Scenario& scenario = GetParam();
  const std::string name(scenario.name);
  if (const auto failure = run.failure_by_scenario.find(name);
      failure != run.failure_by_scenario.end()) {
    if (failure->second.ends_with("is not installed")) {
      GTEST_SKIP() << failure->second;
    }
    FAIL() << failure->second;
  }
  std::vector<std::string> expected(scenario.expected.begin(), scenario.expected.end());
  std::ranges::sort(expected);
  const auto found = run.rules_by_scenario.find(name);
  EXPECT_EQ(found == run.rules_by_scenario.end() ? std::vector<std::string>() : found->second,
            expected)
      << scenario.what;
}

std::string test_name(const ::testing::TestParamInfo<Scenario>& parameter) {
  std::string name(parameter.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Live, ShippedRules, ::testing::ValuesIn(demo::all_scenarios()), test_name);

TEST(LiveSensor, EndsCleanly) {
  const LiveRun& run = live_run();
  if (!run.skip_reason.empty()) {
    GTEST_SKIP() << run.skip_reason;
  }
  ASSERT_EQ(run.problem, "");
  EXPECT_EQ(run.exit_status, 0) << run.sensor_errors;
}

}  // namespace
}  // namespace saker::test
