// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/event_broadcast.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace saker::app {

class EventBroadcast::Reader final : public EventSource {
public:
  Reader(EventBroadcast& owner, std::size_t index) : owner_(owner), index_(index) {}

  Result<SourceStatus> next(Batch& batch) override {
    const Slot* slot = owner_.next_slot(index_);
    if (slot == nullptr) {
      batch = Batch{};
      return SourceStatus::kEvents;
    }
    batch = {.events = slot->events, .snapshot = slot->has_snapshot ? &slot->snapshot : nullptr};
    return slot->status;
  }

private:
  EventBroadcast& owner_;
  std::size_t index_;
};

EventBroadcast::EventBroadcast(EventSource& source, std::size_t readers,
                               const std::atomic<bool>& stop)
    : source_(source), taken_(readers), is_reading_(readers) {
  for (std::size_t i = 0; i < readers; ++i) {
    readers_.push_back(std::make_unique<Reader>(*this, i));
  }
  thread_ = std::thread([this, &stop] { read_all(stop); });
}

EventBroadcast::~EventBroadcast() {
  {
    const std::lock_guard lock(mutex_);
    is_abandoned_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool EventBroadcast::has_room() const {
  return filled_ < std::ranges::min(taken_) + kSlots;
}

void EventBroadcast::leave(std::size_t i) {
  {
    const std::lock_guard lock(mutex_);
    taken_[i] = ~std::uint64_t{0} - kSlots;
  }
  changed_.notify_all();
}

void EventBroadcast::read_all(const std::atomic<bool>& stop) {
  bool is_end = false;
  while (!is_end) {
    Slot* slot = nullptr;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_abandoned_ || has_room(); });
      if (is_abandoned_) {
        return;
      }
      slot = &slots_[filled_ % kSlots];
    }
    Batch batch;
    if (stop.load(std::memory_order_relaxed)) {
      slot->status = SourceStatus::kEnd;
    } else {
      slot->status = source_.next(batch);
      // What stop cut short is no damage.
      if (!slot->status && stop.load(std::memory_order_relaxed)) {
        slot->status = SourceStatus::kEnd;
      }
    }
    is_end = !slot->status.has_value() || *slot->status == SourceStatus::kEnd;
    copy(batch, *slot);
    {
      const std::lock_guard lock(mutex_);
      ++filled_;
    }
    changed_.notify_all();
  }
}

void EventBroadcast::copy(const Batch& batch, Slot& slot) {
  slot.has_snapshot = batch.snapshot != nullptr;
  if (slot.has_snapshot) {
    slot.snapshot = *batch.snapshot;
  }
  std::size_t size = 0;
  for (const RawEvent& event : batch.events) {
    size += event.bytes.size();
  }
  slot.bytes.resize(size);  // before the events point into it
  slot.events.clear();
  std::byte* at = slot.bytes.data();
  for (const RawEvent& event : batch.events) {
    // std::ranges::copy of bytes is a loop in libstdc++ 12.
    std::memcpy(at, event.bytes.data(), event.bytes.size());
    RawEvent copied = event;
    copied.bytes = Bytes(at, event.bytes.size());
    slot.events.push_back(copied);
    at += event.bytes.size();
  }
}

const EventBroadcast::Slot* EventBroadcast::next_slot(std::size_t i) {
  constexpr std::chrono::milliseconds kPatience{50};
  std::unique_lock lock(mutex_);
  if (is_reading_[i]) {
    ++taken_[i];
    changed_.notify_all();
  }
  is_reading_[i] = changed_.wait_for(lock, kPatience, [&] { return filled_ > taken_[i]; });
  return is_reading_[i] ? &slots_[taken_[i] % kSlots] : nullptr;
}

}  // namespace saker::app
