// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Brings the alerts of several workers back into the order of the events that raised them.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "outputs/message.h"

namespace saker::app {

class AlertOrder {
public:
  using Deliver = std::function<void(const OutputMessage& message)>;

  AlertOrder(std::size_t workers, Deliver deliver);

  // An alert of the worker for event `number`; a worker's numbers do not fall.
  void add(std::size_t worker, std::uint64_t number, OutputMessage message);
  // The worker has no more alerts for events up to `number`. Delivers what is certain of its place.
  void advance(std::size_t worker, std::uint64_t number);
  // The worker is done.
  void finish(std::size_t worker) { advance(worker, ~std::uint64_t{0}); }

private:
  struct Pending {
    std::uint64_t number = 0;
    OutputMessage message;
  };

  std::mutex mutex_;
  Deliver deliver_;
  std::vector<std::vector<Pending>> added_;  // per worker, by number; touched by it alone
  std::vector<std::vector<Pending>> ready_;  // per worker, by number
  std::vector<std::uint64_t> reached_;       // per worker
};

}  // namespace saker::app
