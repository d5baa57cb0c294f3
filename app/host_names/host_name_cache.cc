// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/host_names/host_name_cache.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

namespace saker::app {

namespace {

using Clock = std::chrono::steady_clock;

// Addresses kept per name, whatever a name server answers.
constexpr std::size_t kMaxAddresses = 256;
// How long the end waits for look-ups under way.
constexpr std::chrono::seconds kPatience{1};

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

  [[nodiscard]] bool has(const HostAddress& address) const {
    return std::ranges::find(addresses, address, &Known::address) != addresses.end();
  }
};

}  // namespace

// What questions and look-ups share. Methods want the mutex held.
struct HostNameCache::Table {
  HostNameOptions options;
  Resolve resolve;
  std::mutex mutex;
  std::condition_variable has_work;
  std::condition_variable has_answer;
  std::condition_variable has_ended;  // a thread
  std::unordered_map<std::string, Host> hosts;
  std::size_t thread_count = 0;
  bool is_stopped = false;

  // Notes the question. True: one of the names was not known.
  bool note_question(std::span<const std::string> names, Clock::time_point now);
  [[nodiscard]] bool any_has(std::span<const std::string> names, const HostAddress& address) const;
  // Whether a question about `names` has to wait; notes that it did.
  bool must_wait(std::span<const std::string> names);
  [[nodiscard]] bool are_answered(std::span<const std::string> names) const;
  // The host that is due, or null; `wake` becomes the time when the next one will be.
  std::pair<const std::string, Host>* find_due(Clock::time_point now, Clock::time_point& wake);
  void take(Host& host, const std::vector<HostAddress>& found) const;
  void look_up_until_stopped();
};

bool HostNameCache::Table::note_question(std::span<const std::string> names,
                                         Clock::time_point now) {
  bool has_new = false;
  for (const std::string& name : names) {
    const auto [host, is_new] = hosts.try_emplace(name);
    has_new |= is_new;
    host->second.last_asked = now;
  }
  return has_new;
}

bool HostNameCache::Table::any_has(std::span<const std::string> names,
                                   const HostAddress& address) const {
  return std::ranges::any_of(names,
                             [&](const std::string& name) { return hosts.at(name).has(address); });
}

bool HostNameCache::Table::must_wait(std::span<const std::string> names) {
  bool must = false;
  for (const std::string& name : names) {
    Host& host = hosts.at(name);
    must |= !host.is_answered && !host.was_waited_for;
    host.was_waited_for = true;
  }
  return must;
}

bool HostNameCache::Table::are_answered(std::span<const std::string> names) const {
  return std::ranges::all_of(names,
                             [&](const std::string& name) { return hosts.at(name).is_answered; });
}

std::pair<const std::string, Host>* HostNameCache::Table::find_due(Clock::time_point now,
                                                                   Clock::time_point& wake) {
  std::erase_if(hosts, [&](const auto& entry) {
    return !entry.second.is_under_way && entry.second.last_asked + options.keep < now;
  });
  wake = now + options.refresh;
  for (auto& entry : hosts) {
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

void HostNameCache::Table::take(Host& host, const std::vector<HostAddress>& found) const {
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
                [&](const Known& known) { return known.last_seen + options.keep < now; });
  host.next_look_up = now + options.refresh;
  host.is_under_way = false;
  host.is_answered = true;
}

void HostNameCache::Table::look_up_until_stopped() {
  std::unique_lock lock(mutex);
  while (!is_stopped) {
    Clock::time_point wake;
    auto* const due = find_due(Clock::now(), wake);
    if (due == nullptr) {
      has_work.wait_until(lock, wake);
      continue;
    }
    due->second.is_under_way = true;  // so it stays where it is
    const std::string& name = due->first;
    lock.unlock();
    const std::vector<HostAddress> found = resolve(name);
    lock.lock();
    take(due->second, found);
    has_answer.notify_all();
  }
  --thread_count;
  has_ended.notify_all();
}

HostNameCache::HostNameCache(const HostNameOptions& options, Resolve resolve)
    : table_(std::make_shared<Table>()) {
  table_->options = options;
  // A name must not be forgotten while somebody waits for it.
  table_->options.keep =
      std::max(options.keep, std::chrono::ceil<std::chrono::seconds>(2 * options.wait));
  table_->resolve = std::move(resolve);
}

HostNameCache::~HostNameCache() {
  std::unique_lock lock(table_->mutex);
  table_->is_stopped = true;
  table_->has_work.notify_all();
  table_->has_ended.wait_for(lock, kPatience, [this] { return table_->thread_count == 0; });
}

void HostNameCache::start_threads() {
  Table& table = *table_;
  try {
    for (; table.thread_count < std::min(table.options.threads, table.hosts.size());
         ++table.thread_count) {
      std::thread([shared = table_] { shared->look_up_until_stopped(); }).detach();
    }
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do the work, and without any no host has an
    // address.
  }
}

bool HostNameCache::any_has(std::span<const std::string> hosts, const Value& address) {
  Table& table = *table_;
  const HostAddress wanted = address_of(address);
  std::unique_lock lock(table.mutex);
  const auto now = Clock::now();
  if (table.note_question(hosts, now)) {
    start_threads();
    table.has_work.notify_all();
  }
  if (table.any_has(hosts, wanted)) {
    return true;
  }
  if (table.must_wait(hosts)) {
    table.has_answer.wait_until(lock, now + table.options.wait, [&] {
      return table.are_answered(hosts) || table.any_has(hosts, wanted);
    });
  }
  return table.any_has(hosts, wanted);
}

std::string HostNameCache::name_of(const Value& address) {
  const HostAddress wanted = address_of(address);
  const std::lock_guard lock(table_->mutex);
  // The first in the alphabet, so that the answer does not depend on the table's order.
  const std::string* found = nullptr;
  for (const auto& [name, host] : table_->hosts) {
    if (host.has(wanted) && (found == nullptr || name < *found)) {
      found = &name;
    }
  }
  return found == nullptr ? std::string() : *found;
}

}  // namespace saker::app
