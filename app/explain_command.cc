// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/explain_command.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include "app/config_file.h"
#include "app/container_setup.h"
#include "app/control_thread.h"
#include "app/engine_loop.h"
#include "app/host_names/host_names_setup.h"
#include "app/outputs_setup.h"
#include "app/sources.h"
#include "engine/event/event_view.h"
#include "kit/commands.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

using containers::ContainerState;

// Unlike a run, which may not keep its other events waiting, this one can wait until the facts of a
// new container are there.
void await_container(ContainerWatch& containers, const Thread* thread, std::uint64_t wait_ns) {
  constexpr std::chrono::milliseconds kPause{5};
  const auto nothing_waits = [](const std::shared_ptr<const RuleSet>&, RuleId, Alert) {};
  const std::uint64_t deadline_ns = steady_clock_ns() + wait_ns;
  while (containers.note(thread) == ContainerState::kPending && steady_clock_ns() < deadline_ns) {
    std::this_thread::sleep_for(kPause);
    containers.settle(nothing_waits);
  }
}

// The events of a live source with the state that a run would have, one after the other.
class Watch {
public:
  Watch(const config::Config& config, OpenedSource source, Counters& counters)
      : source_(std::move(source)),
        state_(state_limits(config), counters, source_.facts.get()),
        host_names_(open_host_names(config)),
        wait_ns_(config.container_metadata.wait_ms * kNsPerMs) {}

  [[nodiscard]] Status open(const config::Config& config, Counters& counters, Log& log) {
    SAKER_ASSIGN_OR_RETURN(containers_, open_containers(config, counters, state_, log));
    return {};
  }

  [[nodiscard]] Status run(const kit::WatchRequest& request, const std::atomic<bool>& stop) {
    const std::uint64_t deadline_ns = steady_clock_ns() + request.duration_ns;
    request.on_begin();
    bool goes_on = true;
    while (goes_on && !stop && steady_clock_ns() < deadline_ns) {
      Batch batch;
      SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source_.events->next(batch));
      if (batch.snapshot != nullptr) {
        state_.reset(*batch.snapshot);
        if (containers_ != nullptr) {
          containers_->note_all(*batch.snapshot);
        }
      }
      for (std::size_t i = 0; goes_on && i < batch.events.size(); ++i) {
        goes_on = process(batch.events[i], request);
      }
      goes_on = goes_on && status != SourceStatus::kEnd;
    }
    return {};
  }

private:
  static constexpr std::uint64_t kNsPerMs = 1'000'000;

  bool process(const RawEvent& raw, const kit::WatchRequest& request) {
    number_ = raw.number != 0 ? raw.number : number_ + 1;
    if (event_.parse(raw.bytes) != EventFault::kNone) {
      return true;
    }
    const Applied& applied = state_.apply(event_);
    bool goes_on = true;
    if (!raw.is_state_only && reaches_rules(event_.type())) {
      first_ts_ns_ = first_ts_ns_ == 0 ? event_.ts_ns() : first_ts_ns_;
      if (containers_ != nullptr) {
        await_container(*containers_, applied.thread, wait_ns_);
      }
      arena_.clear();
      goes_on =
          request.visit({.event = event_,
                         .applied = applied,
                         .state = state_,
                         .arena = arena_,
                         .number = number_,
                         .first_ts_ns = first_ts_ns_,
                         .previous_ts_ns = previous_ts_ns_,
                         .cpu = raw.cpu,
                         .hostname = hostname_,
                         .containers = containers_ == nullptr ? nullptr : &containers_->metadata(),
                         .host_names = host_names_.get()});
      previous_ts_ns_ = event_.ts_ns();
    }
    state_.retire(event_);
    return goes_on;
  }

  OpenedSource source_;
  State state_;
  std::unique_ptr<HostNameCache> host_names_;
  std::unique_ptr<ContainerWatch> containers_;
  std::uint64_t wait_ns_;
  std::string hostname_ = alert_hostname();
  EventView event_;
  Arena arena_;
  std::uint64_t number_ = 0;
  std::uint64_t first_ts_ns_ = 0;
  std::uint64_t previous_ts_ns_ = 0;
};

Status watch_this_machine(const kit::WatchRequest& request) {
  std::atomic<bool> stop{false};
  const auto nothing = [] {};
  ControlThread control(stop);
  SourceMap sources;
  Diagnostics diagnostics;
  const cli::Flags flags;
  auto loaded =
      config::load_config(config_request(find_config_file(flags), flags), sources, diagnostics);
  if (!loaded) {
    return tl::unexpected(std::move(loaded).error());
  }
  config::Config config = std::move(loaded->config);
  if (is_replay(config) || config.engine.kind == "nodriver") {
    config.engine.kind = "modern_ebpf";
  }
  Log log({.level = Priority::kWarning});
  Counters counters;
  SAKER_ASSIGN_OR_RETURN(OpenedSource source, open_live(config, &request.rules, counters));
  for (const std::string& sentence : source.missing) {
    log.warning(sentence);
  }
  Watch watch(config, std::move(source), counters);
  SAKER_RETURN_IF_ERROR(watch.open(config, counters, log));
  control.begin(
      {.reopen = nothing, .reload = nothing, .tick = nothing, .tick_at_end = nothing, .insist = [] {
         std::_Exit(EXIT_FAILURE);
       }});
  return watch.run(request, stop);
}

}  // namespace

int run_explain_command(std::span<const std::string> rest) {
  return kit::run_explain(rest, watch_this_machine);
}

}  // namespace saker::app
