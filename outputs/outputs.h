// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All outputs of a process: a message goes to every one of them.
#pragma once

#include <memory>
#include <vector>

#include "outputs/queue.h"

namespace saker {

class Outputs {
public:
  // Opens the sink and starts its worker. After an error nothing was added.
  [[nodiscard]] Status add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log);

  // Never waits.
  void push(const OutputMessage& message);
  void reopen();
  void check_slow_writes();
  // Ends all workers; those that are not ready by `deadline` lose what waits.
  void drain(SteadyTime deadline);

  // Messages that some queue had no room for.
  [[nodiscard]] std::uint64_t dropped_count() const;
  [[nodiscard]] const std::vector<std::unique_ptr<OutputQueue>>& queues() const { return queues_; }

private:
  std::vector<std::unique_ptr<OutputQueue>> queues_;
};

}  // namespace saker
