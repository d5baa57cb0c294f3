// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/config_diff.h"

#include <algorithm>

#include "compat/config/config_keys.h"

namespace saker::config {

namespace {

struct EffectRow {
  std::string_view prefix;
  Effect effect;
};

// The first row that fits counts.
constexpr EffectRow kEffects[] = {
    {"rules", Effect::kRules},  // also rules_files
    {"priority", Effect::kRules},
    {"base_syscalls", Effect::kRules},
    {"append_output", Effect::kRules},
    {"static_fields", Effect::kRules},
    {"rule_matching", Effect::kLoop},
    {"syscall_event_", Effect::kLoop},
    {"log_", Effect::kLog},
    {"libs_logger", Effect::kLog},
    {"time_format_iso_8601", Effect::kOutputs},  // the log is told of it too
    {"buffer", Effect::kOutputs},
    {"json_", Effect::kOutputs},
    {"output", Effect::kOutputs},  // outputs_queue, output_timeout
    {"stdout_output", Effect::kOutputs},
    {"syslog_output", Effect::kOutputs},
    {"file_output", Effect::kOutputs},
    {"program_output", Effect::kOutputs},
    {"http_output", Effect::kOutputs},
    {"kafka_output", Effect::kOutputs},
    {"webserver", Effect::kOperation},
    {"metrics", Effect::kOperation},
};

}  // namespace

std::vector<std::string_view> changed_keys(const Config& before, const Config& after) {
  Config old_values = before;
  Config new_values = after;
  std::vector<std::string_view> keys;
  for (const ConfigKey& key : all_keys()) {
    const ConfigSlot new_slot = key.slot(new_values);
    const bool is_equal = std::visit(
        [&](auto* old_value) { return *old_value == *std::get<decltype(old_value)>(new_slot); },
        key.slot(old_values));
    if (!is_equal) {
      keys.push_back(key.path);
    }
  }
  return keys;
}

Effect effect_of(std::string_view key) {
  const auto* row = std::ranges::find_if(
      kEffects, [&](const EffectRow& candidate) { return key.starts_with(candidate.prefix); });
  return row == std::end(kEffects) ? Effect::kRestart : row->effect;
}

bool has_effect(const std::vector<std::string_view>& keys, Effect effect) {
  return std::ranges::any_of(keys, [&](std::string_view key) { return effect_of(key) == effect; });
}

}  // namespace saker::config
