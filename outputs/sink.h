// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A destination of alerts: standard output, a file, a program, a broker. A sink is called by one
// thread, the worker of its queue (outputs/queue.h), so a slow one delays nobody else.
//
//   open(), then write() any number of times, reopen() between writes, drain() once at the end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "outputs/message.h"

namespace saker {

using SteadyTime = std::chrono::steady_clock::time_point;

// What a sink did with a batch. The first `taken` messages are its responsibility from now on:
// delivered, stored, or on their way; it reports their outcome to its DeliveryObserver. With
// `taken` below the batch's size, `status` says why; the queue offers the rest again when
// `is_retryable`, later and after a pause, and otherwise drops one message and goes on.
struct WriteResult {
  std::size_t taken = 0;
  Status status;
  bool is_retryable = false;

  [[nodiscard]] static WriteResult all(std::size_t count) { return {count, {}, false}; }
};

// Told of every message that a sink took, exactly once. Sinks that deliver while write() runs call
// it there; others (a broker with delivery reports, a spool) from threads of their own, until
// drain() returns.
class DeliveryObserver {
public:
  virtual ~DeliveryObserver() = default;
  // The destination has them, as far as it can say so.
  virtual void delivered(std::size_t count) = 0;
  // They are lost. An empty message: the sink has told the log by itself.
  virtual void failed(std::size_t count, const Error& why) = 0;
};

// Shared by the worker and whoever ends it; a sink that waits looks at it in between.
class StopSignal {
public:
  virtual ~StopSignal() = default;
  [[nodiscard]] virtual bool is_set() const = 0;
};

// What a sink keeps for later, in memory or on disk.
struct SinkStore {
  std::uint64_t waiting = 0;
  std::uint64_t waiting_bytes = 0;
  std::uint64_t set_aside = 0;
};

class Sink {
public:
  virtual ~Sink() = default;

  // As messages name it: "stdout", "file", "syslog", "program", "http" …
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Called once, before any write. `observer` and `stop` outlive the sink. When `stop` is set the
  // process is about to end: a write that waits for its destination gives up soon.
  [[nodiscard]] virtual Status open(DeliveryObserver& observer, const StopSignal& stop) = 0;

  // Takes messages in order. Messages are borrowed for the call; copy (cheap) to keep one.
  [[nodiscard]] virtual WriteResult write(std::span<const OutputMessage> batch) = 0;

  // From any thread, unlike the rest, between open() and the end of drain().
  [[nodiscard]] virtual SinkStore stored() const { return {}; }

  // Called when the queue has run empty: time to flush what a sink gathered on its own account.
  virtual void idle() {}

  // idle() is also called at this time, when no write comes before. Asked before each wait.
  [[nodiscard]] virtual SteadyTime next_wake() const { return SteadyTime::max(); }

  // Closes and opens the destination again, for log rotation (SIGUSR1).
  [[nodiscard]] virtual Status reopen() { return {}; }

  // Delivers what is still on its way, until `deadline`. No write follows.
  [[nodiscard]] virtual Status drain(SteadyTime deadline) = 0;
};

}  // namespace saker
