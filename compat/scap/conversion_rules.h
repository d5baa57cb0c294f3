// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The rules that bring events of old captures up to date, one row per event type and number of
// parameters. A rule makes one step; the result is looked up again until it passes or is dropped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "engine/event/event_type.h"

namespace saker::scap {

// Where a parameter of the new event comes from.
struct ParamSource {
  enum class Kind : std::uint8_t {
    kEmpty,          // length 0
    kDefault,        // zero of the parameter's width, all ones for user and group ids
    kOld,            // parameter `index` of the event itself
    kEnter,          // of the remembered enter event of the thread; without one as kDefault
    kEnterOrEmpty,   // the same; without one as kEmpty
    kContainerJson,  // the JSON text made of an old container event's parameters
  };
  Kind kind = Kind::kEmpty;
  std::uint8_t index = 0;
};

struct ConversionRule {
  enum class Action : std::uint8_t {
    kStore,         // remember the event for its thread (instead of an older one), drop it
    kStoreAndPass,  // remember it and let it through
    kPass,          // let it through
    kAddParams,     // keep the parameters, append the listed ones
    kChangeType,    // new type with exactly the listed parameters
  };
  static constexpr std::size_t kMaxSources = 20;

  EventType type{};
  std::uint8_t param_count = 0;
  Action action = Action::kPass;
  EventType to{};
  std::uint8_t source_count = 0;
  std::array<ParamSource, kMaxSources> sources{};

  constexpr ConversionRule(EventType rule_type, std::uint8_t rule_param_count, Action rule_action,
                           EventType rule_to, std::initializer_list<ParamSource> rule_sources)
      : type(rule_type), param_count(rule_param_count), action(rule_action), to(rule_to) {
    for (const ParamSource& source : rule_sources) {
      sources.at(source_count++) = source;
    }
  }

  [[nodiscard]] std::span<const ParamSource> params() const {
    return std::span(sources).first(source_count);
  }
};

// Returns the rule for an event of `type` with `param_count` parameters; null when there is none.
[[nodiscard]] const ConversionRule* find_conversion_rule(EventType type, std::uint32_t param_count);

[[nodiscard]] std::span<const ConversionRule> all_conversion_rules();

}  // namespace saker::scap
