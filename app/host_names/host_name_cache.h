// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Looks up the host names that conditions ask about, on threads of its own, and keeps what was
// found. Only names that a check has come to are looked up: a rule about a suspicious name must not
// make every host ask for it.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/field/host_names.h"

namespace saker::app {

// 4 or 16 bytes in network order; the rest 0.
struct HostAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv6 = false;
  friend bool operator==(const HostAddress&, const HostAddress&) = default;
};

// Addresses of a name, of both families; empty when there are none. May block for seconds; called
// by several threads.
using Resolve = std::function<std::vector<HostAddress>(const std::string& name)>;

// Asks the machine's resolver.
[[nodiscard]] std::vector<HostAddress> resolve_host(const std::string& name);

struct HostNameOptions {
  // How long the first question about names waits for their look-ups.
  std::chrono::milliseconds wait{1000};
  // How often a name is looked up again.
  std::chrono::seconds refresh{60};
  // How long an address counts after the last look-up that gave it (hosts with many addresses show
  // a few at a time), and a name is looked up after the last question about it.
  std::chrono::seconds keep{3600};
  std::size_t threads = 8;
};

class HostNameCache final : public HostNames {
public:
  explicit HostNameCache(const HostNameOptions& options, Resolve resolve = &resolve_host);
  // Waits for look-ups under way.
  ~HostNameCache() override;
  HostNameCache(const HostNameCache&) = delete;
  HostNameCache& operator=(const HostNameCache&) = delete;

  [[nodiscard]] bool any_has(std::span<const std::string> hosts, const Value& address) override;
  [[nodiscard]] std::string name_of(const Value& address) override;

private:
  using Clock = std::chrono::steady_clock;
  struct Known {
    HostAddress address;
    Clock::time_point last_seen;
  };
  struct Host {
    std::vector<Known> addresses;
    Clock::time_point last_asked;
    Clock::time_point next_look_up;  // the past: as soon as possible
    bool is_under_way = false;
    bool is_answered = false;  // looked up at least once
    bool was_waited_for = false;
  };

  static bool has(const Host& host, const HostAddress& address);
  void start_threads();
  void run();
  // The host that is due, or null; `wake` becomes the time when the next one will be.
  std::pair<const std::string, Host>* find_due(Clock::time_point now, Clock::time_point& wake);
  void take(Host& host, const std::vector<HostAddress>& found) const;
  // Whether a question about `hosts` has to wait; notes that it did.
  bool must_wait(std::span<const std::string> hosts);
  bool are_answered(std::span<const std::string> hosts) const;

  HostNameOptions options_;
  Resolve resolve_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::condition_variable has_answer_;
  std::unordered_map<std::string, Host> hosts_;
  std::vector<std::thread> threads_;
  bool is_stopped_ = false;
};

}  // namespace saker::app
