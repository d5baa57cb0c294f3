// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/conversion_rules.h"

#include <iterator>

namespace saker::scap {

namespace {

using Action = ConversionRule::Action;

constexpr ParamSource kEmpty{ParamSource::Kind::kEmpty, 0};
constexpr ParamSource kDefault{ParamSource::Kind::kDefault, 0};
constexpr ParamSource kContainerJson{ParamSource::Kind::kContainerJson, 0};

constexpr ParamSource old(std::uint8_t index) {
  return {ParamSource::Kind::kOld, index};
}
constexpr ParamSource enter(std::uint8_t index) {
  return {ParamSource::Kind::kEnter, index};
}
constexpr ParamSource enter_or_empty(std::uint8_t index) {
  return {ParamSource::Kind::kEnterOrEmpty, index};
}

constexpr ConversionRule kRules[] = {
#include "compat/scap/conversion_table.inc"
};

constexpr bool rules_are_sorted() {
  for (std::size_t i = 1; i < std::size(kRules); ++i) {
    const auto& before = kRules[i - 1];
    const auto& rule = kRules[i];
    if (index_of(before.type) > index_of(rule.type) ||
        (before.type == rule.type && before.param_count >= rule.param_count)) {
      return false;
    }
  }
  return true;
}
static_assert(rules_are_sorted());

// Position of the first rule of each type; the entry after the last is the number of rules.
constexpr auto make_first_rules() {
  std::array<std::uint16_t, kEventTypeCount + 1> first{};
  std::size_t next = 0;
  for (std::size_t type = 0; type <= kEventTypeCount; ++type) {
    while (next < std::size(kRules) && index_of(kRules[next].type) < type) {
      ++next;
    }
    first[type] = static_cast<std::uint16_t>(next);
  }
  return first;
}
constexpr auto kFirstRules = make_first_rules();

}  // namespace

const ConversionRule* find_conversion_rule(EventType type, std::uint32_t param_count) {
  const std::size_t end = kFirstRules[index_of(type) + 1];
  for (std::size_t i = kFirstRules[index_of(type)]; i < end; ++i) {
    if (kRules[i].param_count == param_count) {
      return &kRules[i];
    }
  }
  return nullptr;
}

std::span<const ConversionRule> all_conversion_rules() {
  return kRules;
}

}  // namespace saker::scap
