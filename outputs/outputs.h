// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All outputs of a process: a message goes to every one of them. Some can be exchanged while
// messages come and the others go on: pause() keeps what comes from then on, resume() hands it to
// the new ones.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "outputs/queue.h"

namespace saker {

// One that the configuration wants and that could not be opened.
struct MissingOutput {
  std::string name;
  std::string reason;
};

class Outputs {
public:
  using Queues = std::vector<std::shared_ptr<OutputQueue>>;
  using Names = std::set<std::string, std::less<>>;

  // Opens the sink and starts its worker. After an error nothing was added.
  [[nodiscard]] Status add(std::unique_ptr<Sink> sink, const QueueOptions& options, OutputLog log);

  // Never waits for a destination.
  void push(const OutputMessage& message);
  void reopen();
  void check_slow_writes();
  // Ends all workers; those that are not ready by `deadline` lose what waits.
  void drain(SteadyTime deadline);

  // Keeps messages for the outputs `names` from now on, and ends those of them that there are. What
  // they have not delivered by `deadline` is kept too.
  void pause(const Names& names, SteadyTime deadline);
  // Takes the outputs of `next` over. They get what was kept for their names and go on counting
  // where those of their names ended. What was kept for others is dropped and counted; a name of
  // `missing` (of those paused) also counts what comes from now on.
  void resume(Outputs&& next, std::vector<MissingOutput> missing = {});

  // Messages that some queue had no room for, of all outputs that ever were.
  [[nodiscard]] std::uint64_t dropped_count() const;
  // The outputs of now; they live at least as long as the result.
  [[nodiscard]] Queues queues() const;
  [[nodiscard]] std::vector<MissingOutput> missing() const;
  // By name, what outputs counted that are no longer there.
  [[nodiscard]] std::map<std::string, std::unique_ptr<QueueStats>> earlier() const;

private:
  // What is left of an output that has ended.
  struct Ended {
    QueueStats stats;
    std::vector<OutputMessage> rest;
  };

  void push_to_queues(const OutputMessage& message);
  void take_over(const std::shared_ptr<OutputQueue>& queue);
  void drop(Ended& ended, bool is_missing);

  mutable std::mutex mutex_;  // held for as long as appending to a queue takes
  Queues queues_;
  Names paused_;
  std::vector<OutputMessage> kept_;     // since pause()
  std::uint64_t kept_dropped_ = 0;      // for which there was no room in it
  std::map<std::string, Ended> ended_;  // those whose names no queue has now
  std::vector<MissingOutput> missing_;
};

}  // namespace saker
