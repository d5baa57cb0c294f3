// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/recording/event_memory.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace saker::app {

namespace {

// Before each record.
struct KeptHead {
  std::uint64_t ts_ns = 0;
  std::uint32_t length = 0;
  std::uint16_t cpu = 0;
  std::uint8_t is_state_only = 0;
  std::uint8_t is_needed = 0;
};

}  // namespace

bool EventMemory::wants_snapshot(std::uint64_t ts_ns) const {
  // Events of different CPUs come out of order: one may be older than the snapshot.
  const std::uint64_t age_ns = ts_ns - std::min(ts_ns, newer_.begin_ns);
  return !newer_.is_used || age_ns >= options_.keep_ns ||
         newer_.events.size() >= options_.max_bytes / 2;
}

void EventMemory::begin(Snapshot snapshot, std::uint64_t ts_ns) {
  std::swap(older_, newer_);
  newer_.snapshot = std::move(snapshot);
  newer_.begin_ns = ts_ns;
  newer_.is_used = true;
  newer_.events.clear();  // keeps the memory
}

void EventMemory::clear() {
  older_ = {};
  newer_ = {};
}

void EventMemory::add(const RawEvent& event, std::uint64_t ts_ns, bool is_needed) {
  if (!newer_.is_used) {
    return;
  }
  const KeptHead head{.ts_ns = ts_ns,
                      .length = static_cast<std::uint32_t>(event.bytes.size()),
                      .cpu = event.cpu,
                      .is_state_only = static_cast<std::uint8_t>(event.is_state_only ? 1 : 0),
                      .is_needed = static_cast<std::uint8_t>(is_needed ? 1 : 0)};
  std::byte raw[sizeof(head)];
  std::memcpy(raw, &head, sizeof(head));
  newer_.events.insert(newer_.events.end(), raw, raw + sizeof(head));
  newer_.events.insert(newer_.events.end(), event.bytes.begin(), event.bytes.end());
}

bool EventMemory::replay(std::uint64_t ts_ns, const std::function<void(const Snapshot&)>& begin,
                         const std::function<void(const RawEvent&)>& add) const {
  const std::uint64_t first_ns = ts_ns - std::min(ts_ns, options_.keep_ns);
  const bool needs_older = older_.is_used && newer_.begin_ns > first_ns;
  const Segment& first = needs_older ? older_ : newer_;
  if (!first.is_used) {
    return false;
  }
  begin(first.snapshot);
  for (const Segment* segment : {&older_, &newer_}) {
    if (segment == &older_ && !needs_older) {
      continue;
    }
    for (std::size_t at = 0; at < segment->events.size();) {
      KeptHead head;
      std::memcpy(&head, segment->events.data() + at, sizeof(head));
      at += sizeof(head);
      RawEvent event;
      event.bytes = Bytes(segment->events).subspan(at, head.length);
      event.cpu = head.cpu;
      event.is_state_only = head.is_state_only != 0 || head.ts_ns < first_ns;
      at += head.length;
      if (head.ts_ns >= first_ns || head.is_needed != 0) {
        add(event);
      }
    }
  }
  return true;
}

}  // namespace saker::app
