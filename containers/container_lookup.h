// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Asks the runtimes for containers, on a thread of its own. Ids go in, answers come out; nobody
// waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "containers/runtime_client.h"

namespace saker::containers {

struct LookupAnswer {
  std::string id;
  std::shared_ptr<const ContainerInfo> info;  // null: see `fault`
  LookupFault fault = LookupFault::kNotFound;
  std::optional<std::uint32_t> owner = std::nullopt;  // as it was asked for
};

class ContainerLookup {
public:
  using Clock = std::chrono::steady_clock;
  // Makes the clients; given the flag that ends their requests.
  using ClientMaker =
      std::function<std::vector<std::unique_ptr<RuntimeClient>>(const std::atomic<bool>& stop)>;

  ContainerLookup(const ContainerOptions& options, const ClientMaker& make);
  ~ContainerLookup();
  ContainerLookup(const ContainerLookup&) = delete;
  ContainerLookup& operator=(const ContainerLookup&) = delete;

  // `hint`: the runtime that the cgroups name, asked first. `owner`: the user whose runtime may be
  // asked, too, after the machine's. False when too many wait already.
  [[nodiscard]] bool ask(std::string_view id, std::string_view hint,
                         std::optional<std::uint32_t> owner = std::nullopt);
  // Cheap.
  [[nodiscard]] bool has_answers() const { return has_answers_.load(std::memory_order_acquire); }
  [[nodiscard]] std::vector<LookupAnswer> take_answers();

private:
  struct Runtime {
    std::unique_ptr<RuntimeClient> client;
    Clock::time_point rests_until{};
    std::chrono::milliseconds next_rest{};
  };
  struct Task {
    std::string id;
    std::string hint;
    std::optional<std::uint32_t> owner;
    std::uint32_t tries = 0;
    Clock::time_point due{};
    Clock::time_point deadline{};  // of all tries; none before the first
  };

  void run();
  // Waits for the task that is due first; false: the end.
  bool next_task(Task& task);
  [[nodiscard]] LookupAnswer look_up(const Task& task);
  [[nodiscard]] Inspected ask_runtime(Runtime& runtime, const Task& task);
  void finish(Task task, LookupAnswer answer);

  ContainerOptions options_;
  std::atomic<bool> stop_{false};
  std::vector<Runtime> runtimes_;  // of the thread
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;
  std::vector<LookupAnswer> answers_;
  std::atomic<bool> has_answers_{false};
  std::thread thread_;
};

}  // namespace saker::containers
