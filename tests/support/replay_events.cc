// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/replay_events.h"

#include <gtest/gtest.h>

#include "compat/scap/scap_source.h"
#include "engine/state/state.h"

namespace saker {

void replay_events(const std::string& capture,
                   const std::function<void(const FieldContext&)>& visit) {
  Counters counters;
  auto source = scap::ScapSource::open(capture, counters);
  ASSERT_TRUE(source.has_value()) << capture << ": " << source.error().message;
  State state(StateLimits{}, counters);
  Arena arena;
  EventView event;
  std::uint64_t first_ts_ns = 0;
  std::uint64_t previous_ts_ns = 0;
  while (true) {
    Batch batch;
    const auto status = (*source)->next(batch);
    ASSERT_TRUE(status.has_value()) << capture << ": " << status.error().message;
    if (*status == SourceStatus::kEnd) {
      return;
    }
    if (batch.snapshot != nullptr) {
      state.reset(*batch.snapshot);
    }
    for (const RawEvent& raw : batch.events) {
      if (event.parse(raw.bytes) != EventFault::kNone) {
        continue;
      }
      const bool is_for_rules = !raw.is_state_only && reaches_rules(event.type());
      if (first_ts_ns == 0 && reaches_rules(event.type())) {
        first_ts_ns = event.ts_ns();
      }
      const Applied& applied = state.apply(event);
      if (is_for_rules) {
        arena.clear();
        const FieldContext context{.event = event,
                                   .applied = applied,
                                   .state = state,
                                   .arena = arena,
                                   .number = raw.number,
                                   .first_ts_ns = first_ts_ns,
                                   .previous_ts_ns = previous_ts_ns,
                                   .cpu = raw.cpu,
                                   .hostname = {}};
        visit(context);
        previous_ts_ns = event.ts_ns();
      }
      state.retire(event);
    }
  }
}

}  // namespace saker
