// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/reload.h"

#include <chrono>
#include <thread>

#include "app/config_file.h"
#include "app/outputs_setup.h"
#include "compat/config/config_diff.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

using config::Effect;

// The start's configuration belongs to whoever started the session.
std::shared_ptr<const config::Config> borrowed(const config::Config& config) {
  return {std::shared_ptr<void>(), &config};
}

std::string keys_to_restart_for(const std::vector<std::string_view>& keys) {
  std::string text;
  for (const std::string_view key : keys) {
    if (config::effect_of(key) == Effect::kRestart) {
      text += text.empty() ? "" : ", ";
      text += key;
    }
  }
  return text;
}

// The loop takes new rules before its next batch; a source that is silent has none for a while.
void wait_for_exchange(const EngineLoop& loop) {
  constexpr int kMaxRounds = 200;
  constexpr std::chrono::milliseconds kRound{5};
  for (int i = 0; i < kMaxRounds && loop.has_new_rules(); ++i) {
    std::this_thread::sleep_for(kRound);
  }
}

}  // namespace

Reloader::Reloader(const config::Config& first, const Parts& parts)
    : parts_(parts), current_(borrowed(first)) {}

void Reloader::run() {
  constexpr std::string_view kRule = "Falco internal: hot restart failure";
  parts_.log.info("Loading configuration and rules again");
  auto loaded = parts_.load();
  const Status status = loaded ? exchange(std::move(*loaded)) : tl::unexpected(loaded.error());
  if (status) {
    parts_.operation.note_reload(parts_.files ? parts_.files() : SessionFiles{});
    parts_.log.info("The new rules are in force");
    return;
  }
  parts_.operation.note_failed_reload();
  parts_.log.error("The rules were not exchanged: " + status.error().message);
  parts_.outputs.push(OutputMessage(
      Notice{.ts_ns = wall_clock_ns(),
             .priority = Priority::kCritical,
             .rule = std::string(kRule),
             .message = std::string(kRule) + ": " + parts_.log.shown(status.error().message),
             .fields = {},
             .fixed_id = {}}));
}

// What can fail comes first, and is undone when a later part fails.
Status Reloader::exchange(Loaded loaded) {
  const config::Config& next = *loaded.config;
  const auto keys = config::changed_keys(*current_, next);
  const bool has_new_operation = config::has_effect(keys, Effect::kOperation);
  if (has_new_operation) {
    SAKER_RETURN_IF_ERROR(parts_.operation.reconfigure(next));
  }
  if (config::has_effect(keys, Effect::kOutputs)) {
    if (Status status = exchange_outputs(next); !status) {
      if (has_new_operation) {
        static_cast<void>(parts_.operation.reconfigure(*current_));
      }
      return status;
    }
  }
  parts_.log.configure(log_options(next));
  if (const std::string waiting = keys_to_restart_for(keys); !waiting.empty()) {
    parts_.log.warning("Takes effect at the next start: " + waiting);
  }
  select(loaded, true);
  parts_.loop.exchange({loaded.rules, loaded.config});
  if (parts_.source.select) {
    wait_for_exchange(parts_.loop);
    select(loaded, false);
  }
  current_ = std::move(loaded.config);
  return {};
}

// What only the old rules need is collected until they are gone.
void Reloader::select(const Loaded& loaded, bool keeps_earlier) {
  const Status selected =
      parts_.source.select
          ? parts_.source.select(*loaded.rules, loaded.config->base_syscalls, keeps_earlier)
          : Status{};
  if (!selected) {
    parts_.log.error(selected.error().message);
  }
}

SteadyTime Reloader::drain_deadline() const {
  return std::chrono::steady_clock::now() + output_timeout(*current_);
}

// A spool has one owner at a time, so the old outputs end before the new ones begin; alerts of that
// moment wait in memory.
Status Reloader::exchange_outputs(const config::Config& next) {
  const SinkPlan trial{.unbuffered = parts_.unbuffered,
                       .is_test = true,
                       .log = [](Priority /*priority*/, const std::string& /*text*/) {}};
  if (const auto sinks = make_sinks(next, trial); !sinks) {
    return tl::unexpected(sinks.error());
  }
  parts_.log.info("Opening the outputs anew");
  parts_.outputs.pause(drain_deadline());
  Outputs fresh;
  Status status = start_outputs(next, parts_.unbuffered, parts_.log, fresh);
  if (!status) {
    fresh.drain(drain_deadline());
    Outputs old;
    if (const Status again = start_outputs(*current_, parts_.unbuffered, parts_.log, old); !again) {
      parts_.log.error("An output could not be opened again: " + again.error().message);
    }
    parts_.outputs.resume(std::move(old));
    return status;
  }
  parts_.outputs.resume(std::move(fresh));
  return {};
}

}  // namespace saker::app
