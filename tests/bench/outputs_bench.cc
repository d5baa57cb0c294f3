// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an alert costs the event thread, and how many reach Kafka in a second, with and without a
// spool. The brokers are SAKER_BENCH_BROKERS (their topic saker-bench), or librdkafka's mock
// cluster in this process, which measures our side of it.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/field/field_catalogue.h"
#include "engine/state/state.h"
#include "outputs/make_sinks.h"
#include "outputs/outputs.h"
#include "rules/loader/load_rules.h"
#include "tests/support/event_builder.h"
#include "tests/support/kafka_mock.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

constexpr std::size_t kAlerts = 20'000;

constexpr const char* kRule = R"(
- rule: Opened
  desc: x
  condition: evt.type = openat
  output: >
    File opened (file=%fd.name evt_type=%evt.type user=%user.name user_uid=%user.uid process=%proc.name
    proc_exepath=%proc.exepath parent=%proc.pname command=%proc.cmdline terminal=%proc.tty
    container_id=%container.id)
  priority: WARNING
  tags: [filesystem, mitre_credential_access]
)";

std::shared_ptr<const RuleSet> rules() {
  return load_rules(std::vector<RuleFile>{{"bench.yaml", kRule}}, {},
                    std::make_shared<const FieldCatalogue>())
      .rules;
}

// Makes alerts from one event, as the event thread does.
class AlertMaker {
public:
  AlertMaker() : rules_(rules()), state_({}, counters_) {
    builder_.tid(4711).with("fd", 3).with("dirfd", -100).with("name", "/etc/shadow");
    applied_ = &state_.apply(event());
  }
  [[nodiscard]] bool is_ready() const { return rules_ != nullptr; }
  [[nodiscard]] OutputMessage make() {
    const FieldContext context{.event = event_,
                               .applied = *applied_,
                               .state = state_,
                               .arena = arena_,
                               .number = ++number_};
    OutputMessage message(Alert::make(rules_, RuleId{}, context));
    arena_.clear();
    return message;
  }

private:
  const EventView& event() {
    event_ = builder_.view();
    return event_;
  }

  std::shared_ptr<const RuleSet> rules_;
  Counters counters_;
  State state_;
  testing::EventBuilder builder_{EventType::kSyscallOpenatV2X};
  EventView event_;
  const Applied* applied_ = nullptr;
  Arena arena_;
  std::uint64_t number_ = 0;
};

// Takes everything and does nothing.
class NoSink final : public Sink {
public:
  std::string_view name() const override { return "none"; }
  Status open(DeliveryObserver& observer, const StopSignal&) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime) override { return {}; }

private:
  DeliveryObserver* observer_ = nullptr;
};

// Processor time of the thread that raises alerts: facts copied, message put into each queue.
void event_thread(benchmark::State& state) {
  AlertMaker maker;
  Outputs outputs;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const Status added =
        outputs.add(std::make_unique<NoSink>(), {}, [](Priority, const std::string&) {});
    if (!added || !maker.is_ready()) {
      state.SkipWithError("no outputs, or no rules");
      return;
    }
  }
  for (auto _ : state) {
    outputs.push(maker.make());
  }
  outputs.drain(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

enum Store : std::int64_t { kMemory, kNormal, kFull };

DurabilityOptions durability(std::int64_t store, const testing::TempDir& folder) {
  DurabilityOptions result;
  if (store != kMemory) {
    result.spool = SpoolOptions{
        .path = folder.file("kafka.db"),
        .sync = store == kNormal ? SpoolOptions::Sync::kNormal : SpoolOptions::Sync::kFull};
  }
  return result;
}

// From the queue to the brokers' acknowledgements.
void kafka(benchmark::State& state) {
  const char* brokers = std::getenv("SAKER_BENCH_BROKERS");
  std::unique_ptr<testing::KafkaMockCluster> mock;
  AlertMaker maker;
  std::vector<OutputMessage> alerts;
  for (std::size_t i = 0; i < kAlerts && maker.is_ready(); ++i) {
    alerts.push_back(maker.make());
  }
  for (auto _ : state) {
    state.PauseTiming();
    const testing::TempDir folder;
    if (brokers == nullptr) {
      mock = std::make_unique<testing::KafkaMockCluster>();
      mock->make_topic("saker-bench", 1);
    }
    const std::string addresses = brokers == nullptr ? mock->brokers() : brokers;
    auto sink = make_kafka_sink({.brokers = addresses, .topic = "saker-bench"},
                                {.as_json = true, .hostname = "bench"},
                                durability(state.range(0), folder), [](auto, const auto&) {});
    if (!sink) {
      state.SkipWithError(sink.error().message.c_str());
      return;
    }
    auto queue = OutputQueue::start(std::move(*sink), {}, [](Priority, const std::string&) {});
    if (!queue) {
      state.SkipWithError(queue.error().message.c_str());
      return;
    }
    state.ResumeTiming();
    for (const OutputMessage& alert : alerts) {
      (*queue)->push(alert);
    }
    while ((*queue)->stats().delivered < kAlerts) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    state.PauseTiming();
    (*queue)->drain(std::chrono::steady_clock::now() + std::chrono::seconds(10));
    queue->reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(kAlerts));
  constexpr const char* kNames[] = {"no spool", "spool, sync normal", "spool, sync full"};
  state.SetLabel(kNames[state.range(0)]);
}

BENCHMARK(event_thread)->ArgName("outputs")->Arg(1)->Arg(3)->MinTime(0.3);
BENCHMARK(kafka)
    ->ArgName("store")
    ->DenseRange(kMemory, kFull)
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saker
