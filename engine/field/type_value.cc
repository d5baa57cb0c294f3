// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/type_value.h"

#include <array>
#include <cstring>

#include "engine/base/check.h"

namespace saker {

namespace {

using HeaderOnly = std::array<std::byte, kEventHeaderBytes>;

// A record of `type` without parameters.
HeaderOnly empty_record(EventType type) {
  HeaderOnly record{};
  const std::uint32_t length = kEventHeaderBytes;
  const auto number = static_cast<std::uint16_t>(type);
  std::memcpy(record.data() + 16, &length, sizeof(length));
  std::memcpy(record.data() + 20, &number, sizeof(number));
  return record;
}

}  // namespace

TypeValues::TypeValues() : state_(std::make_unique<State>(StateLimits{}, counters_)) {}
TypeValues::~TypeValues() = default;

Value TypeValues::get(const BoundField& field, EventType type) {
  const HeaderOnly record = empty_record(type);
  EventView event;
  SAKER_CHECK(event.parse(record) == EventFault::kNone);
  arena_.clear();
  const Applied applied;
  return extract_candidates(
      FieldContext{
          .event = event, .applied = applied, .state = *state_, .arena = arena_, .hostname = {}},
      field);
}

}  // namespace saker
