// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reads a source ahead on a thread of its own and shows the same batches to several readers, each
// on its own thread and at its own pace, no more than a few batches apart.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/event/event_source.h"

namespace saker::app {

class EventBroadcast {
public:
  // Begins to read. `source` is borrowed, as is `stop`: once it is true no more is read, and the
  // readers see the end behind what has been read already.
  EventBroadcast(EventSource& source, std::size_t readers, const std::atomic<bool>& stop);
  // Waits for the reading thread. No reader may be inside next().
  ~EventBroadcast();
  EventBroadcast(const EventBroadcast&) = delete;
  EventBroadcast& operator=(const EventBroadcast&) = delete;

  // Reader `i` takes no more; the others do not wait for it.
  void leave(std::size_t i);

  // The source that reader `i` sees. Lives as long as the broadcast. When nothing has come for a
  // while it gives an empty batch, so that its caller can look after other things.
  [[nodiscard]] EventSource& reader(std::size_t i) { return *readers_[i]; }

private:
  class Reader;

  // A copy of a batch: the source's own is gone at its next call.
  struct Slot {
    std::vector<std::byte> bytes;
    std::vector<RawEvent> events;
    Snapshot snapshot;
    bool has_snapshot = false;
    Result<SourceStatus> status = SourceStatus::kEvents;
  };
  static constexpr std::size_t kSlots = 8;

  void read_all(const std::atomic<bool>& stop);
  static void copy(const Batch& batch, Slot& slot);
  [[nodiscard]] bool has_room() const;
  // Gives back what reader `i` saw last and waits for more; null: nothing has come for a while.
  [[nodiscard]] const Slot* next_slot(std::size_t i);

  EventSource& source_;
  std::array<Slot, kSlots> slots_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;          // slots that were ever filled; slot i % kSlots is number i
  std::vector<std::uint64_t> taken_;  // of each reader: slots that it is done with
  std::vector<bool> is_reading_;      // of each reader: holds slot number taken_
  bool is_abandoned_ = false;
  std::vector<std::unique_ptr<EventSource>> readers_;
  std::thread thread_;
};

}  // namespace saker::app
