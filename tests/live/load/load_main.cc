// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// saker_load RULES...: how many events a second the sensor and the engine take without loss, and
// what that costs. Generators in a control group of their own work at rising rates: first one, then
// as many as there are CPUs, twice and four times as many at full speed; only they are watched.
// scripts/sensor_load.sh prints the tables.
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
// Generators at full speed, as multiples of the CPUs.
constexpr unsigned kCrowds[] = {1, 2, 4};

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

// Several generators of one kind, as one.
class Crowd {
public:
  // Fails when one cannot be started.
  static Result<Crowd> start(const Workload& workload, const ControlGroup& group, unsigned count) {
    Crowd crowd;
    for (unsigned i = 0; i < count; ++i) {
      auto generator = Generator::start(workload, &group);
      if (!generator) {
        return tl::unexpected(generator.error());
      }
      crowd.generators_.push_back(std::move(*generator));
    }
    return crowd;
  }

  LoadResult run(double per_second) {
    std::vector<LoadResult> results(generators_.size());
    std::vector<std::thread> threads;
    const double share = per_second / static_cast<double>(generators_.size());
    for (std::size_t i = 0; i < generators_.size(); ++i) {
      threads.emplace_back([&, i] { results[i] = generators_[i]->run(kSecondsPerStep, 0, share); });
    }
    LoadResult sum;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      threads[i].join();
      sum.iterations += results[i].iterations;
      sum.seconds = std::max(sum.seconds, results[i].seconds);
      sum.cpu_seconds += results[i].cpu_seconds;
    }
    return sum;
  }

  [[nodiscard]] std::size_t size() const { return generators_.size(); }

private:
  std::vector<std::unique_ptr<Generator>> generators_;
};

struct Row {
  std::string name;
  std::size_t generators = 1;
  double rate = 0;  // 0: as fast as it goes
  LoadResult load;
  sensor::Ledger before;
  sensor::Ledger after;
  double sensor_seconds = 0;
  double bare_ns = 0;

  [[nodiscard]] std::uint64_t seen() const { return after.seen - before.seen; }
  [[nodiscard]] std::uint64_t submitted() const { return after.submitted - before.submitted; }
  [[nodiscard]] std::uint64_t lost() const { return after.lost() - before.lost(); }
  [[nodiscard]] std::uint64_t filtered() const { return after.filtered() - before.filtered(); }
  [[nodiscard]] double events_per_second() const {
    return static_cast<double>(submitted() + lost()) / load.seconds;
  }
  [[nodiscard]] double sensor_percent() const { return 100 * sensor_seconds / load.seconds; }
  // The generator waits busily for its next turn, so its CPU time says something only at full
  // speed.
  [[nodiscard]] double slower() const {
    return bare_ns == 0 || rate != 0 || generators != 1 ? 0 : ns_per_iteration(load) / bare_ns;
  }
  [[nodiscard]] bool is_exact(std::uint64_t hits_per_iteration) const {
    return seen() == load.iterations * hits_per_iteration &&
           seen() == submitted() + filtered() + lost();
  }
};

// What all steps of one workload came to.
struct Outcome {
  std::string name;
  double best_lossless = 0;   // events/s
  double first_lossy = 0;     // 0: no step lost anything
  double sensor_percent = 0;  // at the best step without loss
  double slower = 0;
  sensor::Ledger ledger;
  bool is_exact = true;
};

void print_row(const Row& row, std::uint64_t hits_per_iteration) {
  std::printf("| %s | %zu | %s | %.0f | %.0f | %llu | %.0f | %.2f | %.2f | %s |\n",
              row.name.c_str(), row.generators,
              row.rate == 0 ? "all" : std::to_string(static_cast<long>(row.rate)).c_str(),
              static_cast<double>(row.load.iterations) / row.load.seconds, row.events_per_second(),
              static_cast<unsigned long long>(row.lost()), row.sensor_percent(),
              row.submitted() == 0
                  ? 0
                  : row.sensor_seconds * 1e6 / static_cast<double>(row.submitted() + row.lost()),
              row.slower(), row.is_exact(hits_per_iteration) ? "yes" : "NO");
  std::fflush(stdout);
}

void note(const Row& row, std::uint64_t hits_per_iteration, Outcome& outcome) {
  const double rate = row.events_per_second();
  if (row.lost() == 0 && rate > outcome.best_lossless) {
    outcome.best_lossless = rate;
    outcome.sensor_percent = row.sensor_percent();
  }
  if (row.lost() != 0 && (outcome.first_lossy == 0 || rate < outcome.first_lossy)) {
    outcome.first_lossy = rate;
  }
  outcome.slower = std::max(outcome.slower, row.slower());
  outcome.is_exact = outcome.is_exact && row.is_exact(hits_per_iteration);
  outcome.ledger = row.after;
}

class Steps {
public:
  Steps(const Workload& workload, Watcher& watcher, Outcome& outcome)
      : workload_(workload), watcher_(watcher), outcome_(outcome) {}

  Row run(Crowd& crowd, double rate, double bare_ns) {
    Row row{.name = std::string(workload_.name), .generators = crowd.size(), .rate = rate};
    row.bare_ns = bare_ns;
    row.before = watcher_.source().ledger();
    const double cpu_before = watcher_.cpu_seconds();
    row.load = crowd.run(rate);
    watcher_.catch_up();
    row.sensor_seconds = watcher_.cpu_seconds() - cpu_before;
    row.after = watcher_.source().ledger();
    print_row(row, workload_.hits_per_iteration);
    note(row, workload_.hits_per_iteration, outcome_);
    return row;
  }

private:
  const Workload& workload_;
  Watcher& watcher_;
  Outcome& outcome_;
};

Status measure(const Workload& workload, const std::shared_ptr<const RuleSet>& rules,
               Outcome& outcome) {
  outcome.name = workload.name;
  SAKER_ASSIGN_OR_RETURN(const auto group, ControlGroup::make("saker-load"));
  SAKER_ASSIGN_OR_RETURN(Crowd one, Crowd::start(workload, *group, 1));
  const double bare_ns = ns_per_iteration(one.run(0));
  const auto watcher = Watcher::start(rules, *group);
  if (watcher == nullptr) {
    return fail(ErrorCode::kIo, "no sensor");
  }
  Steps steps(workload, *watcher, outcome);
  for (const double rate : kRates) {
    const Row row = steps.run(one, rate, bare_ns);
    if (static_cast<double>(row.load.iterations) / row.load.seconds < rate * 0.8) {
      break;  // faster than it goes
    }
  }
  static_cast<void>(steps.run(one, 0, bare_ns));
  for (const unsigned factor : kCrowds) {
    SAKER_ASSIGN_OR_RETURN(
        Crowd crowd,
        Crowd::start(workload, *group, factor * std::max(1U, std::thread::hardware_concurrency())));
    static_cast<void>(steps.run(crowd, 0, 0));
  }
  return {};
}

void print_outcomes(const std::vector<Outcome>& outcomes) {
  std::printf(
      "\n| work | events/s without loss, at most | loss begins at | sensor CPU %% of one core "
      "there | "
      "generator slower, times | ledger of all steps | exact |\n|---|---|---|---|---|---|---|\n");
  for (const Outcome& one : outcomes) {
    std::printf("| %s | %.0f | %s | %.0f | %.2f | %llu = %llu + %llu + %llu | %s |\n",
                one.name.c_str(), one.best_lossless,
                one.first_lossy == 0 ? "not reached"
                                     : std::to_string(static_cast<long>(one.first_lossy)).c_str(),
                one.sensor_percent, one.slower, static_cast<unsigned long long>(one.ledger.seen),
                static_cast<unsigned long long>(one.ledger.submitted),
                static_cast<unsigned long long>(one.ledger.filtered()),
                static_cast<unsigned long long>(one.ledger.lost()), one.is_exact ? "yes" : "NO");
  }
  std::printf(
      "\nLedger: seen = submitted + filtered + lost; exact: seen is also what the generators "
      "did, in every step.\n");
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
      "| work | generators | wanted/s | iterations/s | events/s | lost | sensor CPU %% of one core "
      "| "
      "sensor us per event | generator's CPU time, times | ledger exact "
      "|\n|---|---|---|---|---|---|---|---|---|---|\n");
  std::vector<saker::load::Outcome> outcomes;
  for (const saker::load::Workload& workload : saker::load::workloads()) {
    const saker::Status status = saker::load::measure(workload, rules, outcomes.emplace_back());
    if (!status) {
      std::fprintf(stderr, "saker_load: %s\n", status.error().message.c_str());
      return 1;
    }
  }
  saker::load::print_outcomes(outcomes);
  saker::load::measure_programs(rules);
  return 0;
}
