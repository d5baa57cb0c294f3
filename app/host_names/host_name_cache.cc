// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/host_names/host_name_cache.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace saker::app {

namespace {

// Addresses kept per name, whatever a name server answers.
constexpr std::size_t kMaxAddresses = 256;

HostAddress address_of(const Value& value) {
  HostAddress address;
  address.is_ipv6 = value.kind() == ValueKind::kIpv6;
  if (address.is_ipv6) {
    std::memcpy(address.bytes.data(), value.as_ipv6(), address.bytes.size());
  } else {
    const std::uint32_t bytes = value.as_ipv4();
    std::memcpy(address.bytes.data(), &bytes, sizeof bytes);
  }
  return address;
}

}  // namespace

HostNameCache::HostNameCache(const HostNameOptions& options, Resolve resolve)
    : options_(options), resolve_(std::move(resolve)) {
  // A name must not be forgotten while somebody waits for it.
  options_.keep =
      std::max(options_.keep, std::chrono::ceil<std::chrono::seconds>(2 * options_.wait));
}

HostNameCache::~HostNameCache() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool HostNameCache::any_has(std::span<const std::string> hosts, const Value& address) {
  const HostAddress wanted = address_of(address);
  std::unique_lock lock(mutex_);
  const auto now = Clock::now();
  bool has_new = false;
  for (const std::string& name : hosts) {
    const auto [host, is_new] = hosts_.try_emplace(name);
    has_new |= is_new;
    host->second.last_asked = now;
  }
  if (has_new) {
    start_threads();
    has_work_.notify_all();
  }
  const auto is_one = [&](const std::string& name) { return has(hosts_.at(name), wanted); };
  if (std::ranges::any_of(hosts, is_one)) {
    return true;
  }
  if (!must_wait(hosts)) {
    return false;
  }
  has_answer_.wait_until(lock, now + options_.wait, [&] {
    return is_stopped_ || are_answered(hosts) || std::ranges::any_of(hosts, is_one);
  });
  return std::ranges::any_of(hosts, is_one);
}

std::string HostNameCache::name_of(const Value& address) {
  const HostAddress wanted = address_of(address);
  const std::lock_guard lock(mutex_);
  // The first in the alphabet, so that the answer does not depend on the table's order.
  const std::string* found = nullptr;
  for (const auto& [name, host] : hosts_) {
    if (has(host, wanted) && (found == nullptr || name < *found)) {
      found = &name;
    }
  }
  return found == nullptr ? std::string() : *found;
}

bool HostNameCache::has(const Host& host, const HostAddress& address) {
  return std::ranges::find(host.addresses, address, &Known::address) != host.addresses.end();
}

bool HostNameCache::must_wait(std::span<const std::string> hosts) {
  bool must = false;
  for (const std::string& name : hosts) {
    Host& host = hosts_.at(name);
    must |= !host.is_answered && !host.was_waited_for;
    host.was_waited_for = true;
  }
  return must;
}

bool HostNameCache::are_answered(std::span<const std::string> hosts) const {
  return std::ranges::all_of(hosts,
                             [&](const std::string& name) { return hosts_.at(name).is_answered; });
}

void HostNameCache::start_threads() {
  const std::size_t count = std::min(options_.threads, hosts_.size());
  while (threads_.size() < count) {
    threads_.emplace_back([this] { run(); });
  }
}

std::pair<const std::string, HostNameCache::Host>* HostNameCache::find_due(
    Clock::time_point now, Clock::time_point& wake) {
  std::erase_if(hosts_, [&](const auto& entry) {
    return !entry.second.is_under_way && entry.second.last_asked + options_.keep < now;
  });
  wake = now + options_.refresh;
  for (auto& entry : hosts_) {
    if (entry.second.is_under_way) {
      continue;
    }
    if (entry.second.next_look_up <= now) {
      return &entry;
    }
    wake = std::min(wake, entry.second.next_look_up);
  }
  return nullptr;
}

void HostNameCache::take(Host& host, const std::vector<HostAddress>& found) const {
  const auto now = Clock::now();
  for (const HostAddress& address : found) {
    const auto known = std::ranges::find(host.addresses, address, &Known::address);
    if (known != host.addresses.end()) {
      known->last_seen = now;
    } else if (host.addresses.size() < kMaxAddresses) {
      host.addresses.push_back({address, now});
    }
  }
  std::erase_if(host.addresses,
                [&](const Known& known) { return known.last_seen + options_.keep < now; });
  host.next_look_up = now + options_.refresh;
  host.is_under_way = false;
  host.is_answered = true;
}

void HostNameCache::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopped_) {
    Clock::time_point wake;
    auto* const due = find_due(Clock::now(), wake);
    if (due == nullptr) {
      has_work_.wait_until(lock, wake);
      continue;
    }
    due->second.is_under_way = true;  // so it stays where it is
    const std::string& name = due->first;
    lock.unlock();
    const std::vector<HostAddress> found = resolve_(name);
    lock.lock();
    take(due->second, found);
    has_answer_.notify_all();
  }
}

}  // namespace saker::app
