// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A record of an event type with every parameter at a sensible default, but for those that given
// fields speak of (evt.arg.NAME, evt.rawarg.NAME, evt.rawres, fd.num, fd.name).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/event/event_type.h"
#include "kit/given/given_values.h"

namespace saker {

// The type of the events that rules see under this name (evt.type); nothing when there is none.
[[nodiscard]] std::optional<EventType> event_type_named(std::string_view name);

struct RecordHeader {
  std::uint64_t ts_ns = 0;
  std::int64_t tid = 0;
};

[[nodiscard]] std::string make_record(EventType type, const RecordHeader& header,
                                      const GivenValues& given);

}  // namespace saker
