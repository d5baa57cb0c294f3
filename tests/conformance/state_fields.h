// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Values that rules see, taken straight from the state: what state_check compares with recordings,
// independent of the field layer.
#pragma once

#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/event/event_view.h"
#include "engine/state/state.h"

namespace saker::testing {

struct StateSample {
  const State& state;
  const EventView& event;
  const Applied& applied;
};

struct StateField {
  std::string_view name;
  // The value as the recordings write it; null: no value.
  nlohmann::json (*read)(const StateSample& sample);
  bool is_of_fd = false;  // has a value only for events that make, use or end an fd
};

[[nodiscard]] std::span<const StateField> state_fields();

}  // namespace saker::testing
