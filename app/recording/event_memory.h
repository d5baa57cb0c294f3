// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The last seconds of events, kept in memory so that a capture can begin before the match. Events
// alone cannot be replayed, so they lie in two segments, each with the state before its first
// event: when the newer one spans the wanted time (or half of the memory), the older one is
// dropped and a third begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/event/event_source.h"

namespace saker::app {

struct EventMemoryOptions {
  std::uint64_t keep_ns = 0;
  std::size_t max_bytes = 0;  // of events; both segments together
};

class EventMemory {
public:
  explicit EventMemory(const EventMemoryOptions& options) : options_(options) {}

  // Whether a snapshot is due before the next event: begin() with it.
  [[nodiscard]] bool wants_snapshot(std::uint64_t ts_ns) const;
  void begin(Snapshot snapshot, std::uint64_t ts_ns);
  void clear();

  // `is_needed`: later events need it for the state. Nothing is kept before the first begin().
  void add(const RawEvent& event, std::uint64_t ts_ns, bool is_needed);

  // Gives what is kept: the snapshot, then the events. Those from before `ts_ns` minus the wanted
  // time change state only, or are left out. False when there is nothing.
  bool replay(std::uint64_t ts_ns, const std::function<void(const Snapshot&)>& begin,
              const std::function<void(const RawEvent&)>& add) const;

  [[nodiscard]] std::size_t byte_count() const {
    return older_.events.size() + newer_.events.size();
  }

private:
  struct Segment {
    Snapshot snapshot;
    std::uint64_t begin_ns = 0;
    bool is_used = false;
    std::vector<std::byte> events;
  };

  EventMemoryOptions options_;
  Segment older_;
  Segment newer_;
};

}  // namespace saker::app
