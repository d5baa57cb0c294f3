// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// saker_load RULES...: how many events a second the sensor and the engine take without loss, and
// what that costs. A generator in a control group of its own works at rising rates; only it is
// watched. scripts/sensor_load.sh prints the table.
#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/engine_loop.h"
#include "app/live_selection.h"
#include "bpf/user/live_source.h"
#include "bpf/user/run_statistics.h"
#include "rules/loader/load_rules.h"
#include "tests/live/load/generator.h"

namespace saker::load {
namespace {

constexpr double kSecondsPerStep = 2;
constexpr double kNsPerSecond = 1e9;

// Iterations a second; the steps end at the first loss or when the generator cannot keep up.
constexpr double kRates[] = {1000,  2000,  5000,   10000,  20000,  30000, 40000,
                             60000, 80000, 100000, 150000, 200000, 300000};

// A sensor with its engine thread.
class Watcher {
public:
  static std::unique_ptr<Watcher> start(const std::shared_ptr<const RuleSet>& rules,
                                        const ControlGroup& group) {
    auto watcher = std::make_unique<Watcher>();
    sensor::LiveOptions options;
    options.selection = app::select_events({}, *rules);
    options.only_cgroup = group.id();
    auto source = sensor::LiveSource::open(options, watcher->counters_);
    if (!source) {
      std::fprintf(stderr, "saker_load: %s\n", source.error().message.c_str());
      return nullptr;
    }
    watcher->source_ = std::move(*source);
    watcher->state_ = std::make_unique<State>(StateLimits{}, watcher->counters_);
    watcher->monitor_ = std::make_unique<app::SourceMonitor>(
        watcher->config_, std::function<app::SourceStats()>(), watcher->outputs_, watcher->log_);
    watcher->loop_ = std::make_unique<app::EngineLoop>(*watcher->state_, rules, watcher->outputs_,
                                                       *watcher->monitor_, watcher->counters_,
                                                       app::LoopOptions{});
    watcher->thread_ = std::thread(
        [w = watcher.get()] { static_cast<void>(w->loop_->run(*w->source_, w->stop_)); });
    return watcher;
  }
  ~Watcher() { stop(); }

  void stop() {
    stop_ = true;
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  double cpu_seconds() {
    clockid_t clock = 0;
    timespec used{};
    if (pthread_getcpuclockid(thread_.native_handle(), &clock) != 0 ||
        clock_gettime(clock, &used) != 0) {
      return 0;
    }
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / kNsPerSecond;
  }

  // Until everything submitted was read.
  void catch_up() {
    const std::uint64_t submitted = source_->ledger().submitted;
    for (int i = 0; i < 5000 && counters_.get(Counter::kEventsRead) < submitted; ++i) {
      timespec pause{.tv_sec = 0, .tv_nsec = 1'000'000};
      nanosleep(&pause, nullptr);
    }
  }

  sensor::LiveSource& source() { return *source_; }
  std::uint64_t read_count() const { return counters_.get(Counter::kEventsRead); }

private:
  Counters counters_;
  config::Config config_;
  Outputs outputs_;
  app::Log log_{{.to_stderr = false}};
  std::unique_ptr<sensor::LiveSource> source_;
  std::unique_ptr<State> state_;
  std::unique_ptr<app::SourceMonitor> monitor_;
  std::unique_ptr<app::EngineLoop> loop_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

std::shared_ptr<const RuleSet> load(const std::vector<std::string>& paths) {
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    files.push_back({path, {std::istreambuf_iterator<char>(file), {}}});
  }
  auto loaded = load_rules(files, {}, std::make_shared<const FieldCatalogue>());
  return loaded.rules;
}

double ns_per_iteration(const LoadResult& result) {
  return result.iterations == 0
             ? 0
             : result.cpu_seconds * kNsPerSecond / static_cast<double>(result.iterations);
}

struct Row {
  std::string name;
  double rate = 0;
  LoadResult load;
  sensor::Ledger before;
  sensor::Ledger after;
  double sensor_seconds = 0;
  double bare_ns = 0;
};

// The generator waits busily for its next turn, so its CPU time says something only at full speed.
void print_row(const Row& row, std::uint64_t hits_per_iteration) {
  const std::uint64_t seen = row.after.seen - row.before.seen;
  const std::uint64_t submitted = row.after.submitted - row.before.submitted;
  const std::uint64_t lost = row.after.lost() - row.before.lost();
  const std::uint64_t filtered = row.after.filtered() - row.before.filtered();
  const bool is_exact =
      seen == row.load.iterations * hits_per_iteration && seen == submitted + filtered + lost;
  std::printf("| %s | %.0f | %.0f | %.0f | %llu | %.0f | %.2f | %.2f | %s |\n", row.name.c_str(),
              row.rate, static_cast<double>(row.load.iterations) / row.load.seconds,
              static_cast<double>(submitted) / row.load.seconds,
              static_cast<unsigned long long>(lost), 100 * row.sensor_seconds / row.load.seconds,
              submitted == 0 ? 0 : row.sensor_seconds * 1e6 / static_cast<double>(submitted + lost),
              row.bare_ns == 0 || row.rate != 0 ? 0 : ns_per_iteration(row.load) / row.bare_ns,
              is_exact ? "yes" : "NO");
  std::fflush(stdout);
}

bool measure(const Workload& workload, const std::shared_ptr<const RuleSet>& rules) {
  auto group = ControlGroup::make("saker-load");
  auto generator = group ? Generator::start(workload, group->get())
                         : Result<std::unique_ptr<Generator>>(tl::unexpected(group.error()));
  if (!generator) {
    std::fprintf(stderr, "saker_load: %s\n", generator.error().message.c_str());
    return false;
  }
  Row row;
  row.name = workload.name;
  row.bare_ns = ns_per_iteration((*generator)->run(kSecondsPerStep, 0, 0));
  const auto watcher = Watcher::start(rules, **group);
  if (watcher == nullptr) {
    return false;
  }
  std::vector<double> rates(std::begin(kRates), std::end(kRates));
  rates.push_back(0);  // as fast as it goes
  for (std::size_t i = 0; i < rates.size(); ++i) {
    row.rate = rates[i];
    row.before = watcher->source().ledger();
    const double cpu_before = watcher->cpu_seconds();
    row.load = (*generator)->run(kSecondsPerStep, 0, row.rate);
    watcher->catch_up();
    row.sensor_seconds = watcher->cpu_seconds() - cpu_before;
    row.after = watcher->source().ledger();
    print_row(row, workload.hits_per_iteration);
    // Faster than it goes is not worth a try; on to the last step.
    if (static_cast<double>(row.load.iterations) / row.load.seconds < row.rate * 0.8) {
      i = std::max(i, rates.size() - 2);
    }
  }
  return true;
}

// Mean run time of each program, measured by the kernel.
void measure_programs(const std::shared_ptr<const RuleSet>& rules) {
  auto statistics = sensor::RunStatistics::enable();
  auto group = ControlGroup::make("saker-load");
  const auto watcher = statistics && group ? Watcher::start(rules, **group) : nullptr;
  if (watcher == nullptr) {
    return;
  }
  for (const Workload& workload : workloads()) {
    auto generator = Generator::start(workload, group->get());
    if (generator) {
      static_cast<void>((*generator)->run(kSecondsPerStep, 0, 2000));
    }
  }
  std::printf("\n| program | runs | ns per run | verified instructions |\n|---|---|---|---|\n");
  for (const sensor::ProgramReport& program : watcher->source().program_reports()) {
    if (program.run_count != 0) {
      std::printf("| %s | %llu | %llu | %llu |\n", program.name.c_str(),
                  static_cast<unsigned long long>(program.run_count),
                  static_cast<unsigned long long>(program.run_time_ns / program.run_count),
                  static_cast<unsigned long long>(program.verified_instructions));
    }
  }
}

}  // namespace
}  // namespace saker::load

int main(int argc, char** argv) {
  const auto rules = saker::load::load({argv + 1, argv + argc});
  if (argc < 2 || rules == nullptr) {
    std::fprintf(stderr, "usage: saker_load RULES.yaml...\n");
    return 2;
  }
  std::printf(
      "| work | wanted/s | iterations/s | events/s | lost | sensor CPU %% of one core | sensor us "
      "per event | generator's CPU time, times | ledger exact "
      "|\n|---|---|---|---|---|---|---|---|---|\n");
  for (const saker::load::Workload& workload : saker::load::workloads()) {
    if (!saker::load::measure(workload, rules)) {
      return 1;
    }
  }
  saker::load::measure_programs(rules);
  return 0;
}
