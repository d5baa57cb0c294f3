// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All outputs of a process: a message goes to every one of them. They can be exchanged while
// messages come: pause() keeps what comes from then on, resume() hands it to the new ones.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "outputs/queue.h"

namespace saker {

class Outputs {
public:
  using Queues = std::vector<std::shared_ptr<OutputQueue>>;

  // Opens the sink and starts its worker. After an error nothing was added.
  [[nodiscard]] Status add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log);

  // Never waits for a destination.
  void push(const OutputMessage& message);
  void reopen();
  void check_slow_writes();
  // Ends all workers; those that are not ready by `deadline` lose what waits.
  void drain(SteadyTime deadline);

  // Keeps messages from now on, then drains: as drain(), but more outputs may follow.
  void pause(SteadyTime deadline);
  // Takes the outputs of `next` over and gives them what was kept.
  void resume(Outputs&& next);

  // Messages that some queue had no room for, of all outputs that ever were.
  [[nodiscard]] std::uint64_t dropped_count() const;
  // The outputs of now; they live at least as long as the result.
  [[nodiscard]] Queues queues() const;

private:
  void push_to_queues(const OutputMessage& message);

  mutable std::mutex mutex_;  // held for as long as appending to a queue takes
  Queues queues_;
  bool is_paused_ = false;
  std::vector<OutputMessage> kept_;
  std::uint64_t earlier_dropped_ = 0;  // by queues that are gone, and while paused
};

}  // namespace saker
