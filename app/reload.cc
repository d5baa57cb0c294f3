// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/reload.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "app/config_file.h"
#include "app/hardening_setup.h"
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

Reloader::Reloader(const config::Config& first, std::shared_ptr<const RuleSet> rules,
                   const Parts& parts)
    : parts_(parts),
      current_(borrowed(first)),
      rules_(std::move(rules)),
      files_(parts.files ? parts.files() : SessionFiles{}),
      may_start_programs_(!forbids_programs(first)) {}

void Reloader::run(ReloadCause cause) {
  constexpr std::string_view kRule = "Falco internal: hot restart failure";
  parts_.log.info("Loading configuration and rules again");
  auto loaded = parts_.load();
  Status status = loaded ? check(*loaded, cause) : tl::unexpected(loaded.error());
  if (status) {
    status = exchange(std::move(*loaded));
  }
  if (status) {
    open_missing_outputs();
    SessionFiles files = parts_.files ? parts_.files() : SessionFiles{};
    warn_of_lost_files(files);
    files_ = std::move(files);
    parts_.operation.note_reload(files_);
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

// What cannot be, or is hardly meant.
Status Reloader::check(const Loaded& loaded, ReloadCause cause) const {
  if (!may_start_programs_ && needs_programs(*loaded.config)) {
    return fail(ErrorCode::kRejected,
                "this process may start no programs (hardening.enabled): program_output, or GSSAPI "
                "for kafka_output, takes effect at the next start");
  }
  // A file that is being replaced may be empty for a moment.
  if (cause == ReloadCause::kChangedFiles && loaded.rules->rules().empty() &&
      !rules_->rules().empty()) {
    return fail(ErrorCode::kRejected,
                "no rule is left in the files that have changed; if that is meant, send SIGHUP");
  }
  return {};
}

void Reloader::warn_of_lost_files(const SessionFiles& files) {
  for (const std::string& path : files_.rules) {
    std::error_code ignored;
    if (std::ranges::find(files.rules, path) == files.rules.end() &&
        !std::filesystem::exists(path, ignored)) {
      parts_.log.warning("The rules file " + path + " is gone, and its rules with it");
    }
  }
}

// What can fail comes first, and is undone when a later part fails.
Status Reloader::exchange(Loaded loaded) {
  const config::Config& next = *loaded.config;
  const auto keys = config::changed_keys(*current_, next);
  const bool has_new_operation = config::has_effect(keys, Effect::kOperation);
  if (has_new_operation) {
    SAKER_RETURN_IF_ERROR(parts_.operation.reconfigure(next));
  }
  if (Status status = exchange_outputs(next); !status) {
    if (has_new_operation) {
      static_cast<void>(parts_.operation.reconfigure(*current_));
    }
    return status;
  }
  parts_.log.configure(log_options(next));
  if (const std::string waiting = keys_to_restart_for(keys); !waiting.empty()) {
    parts_.log.warning("Takes effect at the next start: " + waiting);
  }
  select(loaded, true);
  parts_.operation.set_drop_threshold(next.drops.threshold);
  parts_.loop.exchange({loaded.rules, loaded.config});
  if (parts_.source.select) {
    wait_for_exchange(parts_.loop);
    select(loaded, false);
  }
  current_ = std::move(loaded.config);
  rules_ = std::move(loaded.rules);
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

// A spool has one owner at a time, so an old output ends before its new one begins; alerts of that
// moment wait in memory. Outputs that stay as they are go on meanwhile.
Status Reloader::exchange_outputs(const config::Config& next) {
  const Outputs::Names names = changed_outputs(*current_, next);
  if (names.empty()) {
    return {};
  }
  const SinkPlan trial{.unbuffered = parts_.unbuffered,
                       .is_test = true,
                       .log = [](Priority /*priority*/, const std::string& /*text*/) {},
                       .only = &names};
  if (const auto sinks = make_sinks(next, trial); !sinks) {
    return tl::unexpected(sinks.error());
  }
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : ", ") + name;
  }
  parts_.log.info("Opening outputs anew: " + list);
  parts_.outputs.pause(names, drain_deadline());
  Outputs fresh;
  Status status = start_outputs(next, parts_.unbuffered, parts_.log, fresh, &names);
  if (!status) {
    fresh.drain(drain_deadline());
    take_outputs_back(names);
    return status;
  }
  parts_.outputs.resume(std::move(fresh));
  return {};
}

// After a failure: as many of the old ones as can be.
void Reloader::take_outputs_back(const Outputs::Names& names) {
  Outputs old;
  auto missing = start_each_output(*current_, parts_.unbuffered, parts_.log, old, names);
  for (const MissingOutput& output : missing) {
    parts_.log.error("The output " + output.name + " could not be opened again: " + output.reason);
  }
  parts_.outputs.resume(std::move(old), std::move(missing));
}

void Reloader::open_missing_outputs() {
  Outputs::Names names;
  for (const MissingOutput& output : parts_.outputs.missing()) {
    names.insert(output.name);
  }
  if (names.empty()) {
    return;
  }
  parts_.outputs.pause(names, drain_deadline());
  Outputs back;
  auto missing = start_each_output(*current_, parts_.unbuffered, parts_.log, back, names);
  for (const auto& queue : back.queues()) {
    parts_.log.info("The output " + std::string(queue->name()) + " is back");
  }
  parts_.outputs.resume(std::move(back), std::move(missing));
}

void Reloader::tick() {
  constexpr std::chrono::seconds kPause{10};
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_try_) {
    next_try_ = now + kPause;
    open_missing_outputs();
  }
}

}  // namespace saker::app
