// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a reload changes, and when it can take effect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compat/config/config.h"

namespace saker::config {

// What has to be done for a key's new value to count.
enum class Effect : std::uint8_t {
  kRules,      // nothing besides loading the rules again
  kLog,        // the log is told
  kLoop,       // the event thread is told
  kOutputs,    // outputs are opened anew
  kOperation,  // webserver and metrics start anew
  kRestart,    // the process starts anew
};

// Paths of the keys whose values differ, in the order of the table of keys.
[[nodiscard]] std::vector<std::string_view> changed_keys(const Config& before, const Config& after);

[[nodiscard]] Effect effect_of(std::string_view key);

// True if one of the keys has that effect.
[[nodiscard]] bool has_effect(const std::vector<std::string_view>& keys, Effect effect);

}  // namespace saker::config
