// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Looks up the host names that conditions ask about, on threads of its own, and keeps what was
// found. Only names that a check has come to are looked up: a rule about a suspicious name must not
// make every host ask for it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
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
  // Waits a second for look-ups under way; those of a silent name server are left to themselves.
  ~HostNameCache() override;
  HostNameCache(const HostNameCache&) = delete;
  HostNameCache& operator=(const HostNameCache&) = delete;

  [[nodiscard]] bool any_has(std::span<const std::string> hosts, const Value& address) override;
  [[nodiscard]] std::string name_of(const Value& address) override;

private:
  struct Table;
  void start_threads();  // with the table's mutex held

  std::shared_ptr<Table> table_;  // also held by the threads
};

}  // namespace saker::app
