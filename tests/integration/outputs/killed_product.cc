// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/killed_product.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compat/scap/scap_writer.h"
#include "tests/integration/cli/run_binary.h"
#include "tests/support/event_builder.h"

namespace saker::testing {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t kLongestRun = 1000;  // alerts of one capture
constexpr int kKilled = 128 + SIGKILL;
constexpr std::string_view kMark = "/mark/";

int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);  // NOLINT(cert-err34-c): a test's setting
}

std::string mark(std::uint64_t number) {
  return std::string(kMark) + std::to_string(number);
}

class Runner {
public:
  explicit Runner(const ProductPlan& plan) : spool_(plan.spool) {
    arguments_ = {"-c", binary_.write("falco.yaml", quiet_config()),
                  "-r", binary_.write("rules.yaml", kMarkRule),
                  "-o", "engine.kind=replay",
                  "-o", "engine.replay.capture_file=" + binary_.path("a.scap"),
                  "-o", "json_output=true",
                  "-o", "stdout_output.enabled=false"};
    for (const std::string& option : plan.options) {
      arguments_.insert(arguments_.end(), {"-o", option});
    }
  }

  void make_alerts(std::uint64_t first, std::uint64_t end) {
    write_marked_capture(binary_.path("a.scap"), first, end);
  }

  // Returns how long the run took.
  milliseconds run() {
    const auto began = Clock::now();
    const RunResult result = binary_.run(arguments_);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return std::chrono::duration_cast<milliseconds>(Clock::now() - began);
  }

  // Whether the signal met a running process.
  bool run_and_kill(milliseconds life) {
    binary_.start(arguments_);
    std::this_thread::sleep_for(life);
    binary_.send_signal(SIGKILL);
    const RunResult result = binary_.wait();
    EXPECT_TRUE(result.exit_code == kKilled || result.exit_code == 0)
        << result.exit_code << " " << result.err;
    return result.exit_code == kKilled;
  }

  [[nodiscard]] bool is_spool_empty() {
    const RunResult result = binary_.run({"spool", "check", spool_});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return result.out.find("waiting: 0") != std::string::npos;
  }

private:
  Binary binary_;
  std::vector<std::string> arguments_;
  std::string spool_;
};

}  // namespace

const char* const kMarkRule = R"(
- rule: Marked file
  desc: x
  condition: evt.type = openat and fd.name startswith /mark/
  output: opened %fd.name
  priority: WARNING
)";

void write_marked_capture(const std::string& path, std::uint64_t first, std::uint64_t end) {
  auto writer = scap::ScapWriter::create(path, scap::Compression::kNone);
  ASSERT_TRUE(writer) << writer.error().message;
  for (std::uint64_t number = first; number < end; ++number) {
    EventBuilder event(EventType::kSyscallOpenatV2X);
    event.tid(100).ts(1'700'000'000'000'000'000 + number * 1000);
    event.with("fd", 3).with("dirfd", -100).with("name", mark(number));
    const Status status =
        (*writer)->write_event({.bytes = event.record(), .cpu = 0, .is_state_only = false});
    ASSERT_TRUE(status) << status.error().message;
  }
  ASSERT_TRUE((*writer)->close());
}

KillNumbers kill_numbers(std::uint64_t alert_count, int kill_count) {
  return {.alert_count = static_cast<std::uint64_t>(
              from_environment("SAKER_KILL_ALERTS", static_cast<int>(alert_count))),
          .kill_count = from_environment("SAKER_KILL_COUNT", kill_count),
          .seed = static_cast<unsigned>(from_environment("SAKER_KILL_SEED", 20261121))};
}

int run_killed_product(const ProductPlan& plan, std::mt19937& random) {
  Runner runner(plan);
  int kill_count = 0;
  const std::uint64_t run_length = std::clamp<std::uint64_t>(plan.alert_count / 10, 1, kLongestRun);
  milliseconds length{200};  // of a run that nobody kills, as measured last
  for (std::uint64_t first = 0; first < plan.alert_count; first += run_length) {
    const std::uint64_t end = std::min(first + run_length, plan.alert_count);
    runner.make_alerts(first, end);
    // Kills are spread evenly over the captures.
    while (static_cast<std::uint64_t>(kill_count) * plan.alert_count <
           static_cast<std::uint64_t>(plan.kill_count) * end) {
      const auto longest = static_cast<unsigned>(length.count()) * 11 / 10;
      if (runner.run_and_kill(milliseconds(1 + random() % longest))) {
        ++kill_count;
        if (plan.after_kill) {
          plan.after_kill(kill_count);
        }
      }
    }
    // A run that waits for its receiver is no measure.
    length = std::clamp((length + runner.run()) / 2, milliseconds(20), milliseconds(3000));
  }
  runner.make_alerts(0, 1);
  const auto limit = Clock::now() + std::chrono::minutes(3);
  while (!runner.is_spool_empty()) {
    if (Clock::now() > limit) {
      ADD_FAILURE() << "the spool does not run empty";
      break;
    }
    runner.run();
  }
  return kill_count;
}

void Arrivals::add(std::string_view payload, const std::string& alert_id) {
  ++total_;
  const auto alert = nlohmann::json::parse(payload, nullptr, false);
  const nlohmann::json::json_pointer name("/output_fields/fd.name");
  if (alert.is_discarded() || !alert.contains(name) || !alert.at(name).is_string() ||
      alert.value("rule", "") != "Marked file" || alert_id.size() != 32) {
    ++malformed_;
    return;
  }
  const auto [entry, is_new] = ids_.try_emplace(alert.at(name), alert_id);
  malformed_ += entry->second != alert_id ? 1U : 0U;
}

std::size_t Arrivals::missing(std::uint64_t alert_count) const {
  std::size_t missing = 0;
  for (std::uint64_t number = 0; number < alert_count; ++number) {
    missing += ids_.contains(mark(number)) ? 0U : 1U;
  }
  return missing;
}

void expect_complete(const Arrivals& arrivals, const KillNumbers& numbers, int kill_count) {
  EXPECT_EQ(arrivals.missing(numbers.alert_count), 0U);
  EXPECT_EQ(arrivals.distinct(), numbers.alert_count);
  EXPECT_EQ(arrivals.malformed(), 0U);
  std::printf(
      "%d kills of the product, %zu alerts, %zu missing, %zu duplicates, %zu malformed "
      "(seed %u)\n",
      kill_count, arrivals.distinct(), arrivals.missing(numbers.alert_count), arrivals.duplicates(),
      arrivals.malformed(), numbers.seed);
}

}  // namespace saker::testing
