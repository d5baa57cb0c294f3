// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where events come from: the kernel, a capture file, or a test. Sources yield batches of borrowed
// records.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/bytes.h"
#include "engine/base/result.h"
#include "engine/event/snapshot.h"

namespace saker {

// One record as it came; not checked. Borrowed until the source's next call.
struct RawEvent {
  Bytes bytes;
  std::uint64_t number = 0;  // evt.num; 0: the engine counts
  std::uint16_t cpu = 0;
  bool is_state_only = false;  // changes state but reaches no rule
};

struct Batch {
  std::span<const RawEvent> events;
  // Not null: all state starts anew from this snapshot before the events of the batch. Borrowed.
  const Snapshot* snapshot = nullptr;
};

enum class SourceStatus : std::uint8_t {
  kEvents,   // the batch holds a snapshot, events, or both
  kTimeout,  // nothing arrived in the source's waiting time
  kEnd,      // no more events will come
};

class EventSource {
public:
  virtual ~EventSource() = default;

  // Fills `batch`. After an error the source yields no more; what it gave before stays valid work.
  [[nodiscard]] virtual Result<SourceStatus> next(Batch& batch) = 0;
};

}  // namespace saker
