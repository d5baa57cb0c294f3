// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Takes TCP connections and serves each on a thread of its own, a bounded number at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/base/result.h"

namespace saker::metrics {

class WebListener {
public:
  // Serves a connection; called on its own thread. `fd` does not block and stays the listener's,
  // which shuts it down when the connection has to end early.
  using Serve = std::function<void(int fd)>;

  // `address` is an IP literal, `port` 0 any free one. Where `max_connections` are open, the oldest
  // ends when another comes: clients that hold connections keep nobody away.
  [[nodiscard]] static Result<std::unique_ptr<WebListener>> open(const std::string& address,
                                                                 std::uint16_t port,
                                                                 std::size_t max_connections,
                                                                 Serve serve);
  // Ends all connections and waits for their threads.
  ~WebListener();
  WebListener(const WebListener&) = delete;
  WebListener& operator=(const WebListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

private:
  WebListener(int fd, std::uint16_t port, std::size_t max_connections, Serve serve);
  void accept_until_stopped();
  void take(int fd);
  void end(std::uint64_t number, int fd);

  int fd_;
  std::uint16_t port_;
  std::size_t max_connections_;
  Serve serve_;
  std::atomic<bool> is_stopping_{false};
  std::mutex mutex_;
  std::condition_variable has_ended_;
  std::map<std::uint64_t, int> open_;  // descriptors by age, but those told to end
  std::uint64_t next_number_ = 0;
  std::size_t thread_count_ = 0;
  std::thread thread_;
};

}  // namespace saker::metrics
