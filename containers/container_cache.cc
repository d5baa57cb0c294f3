// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_cache.h"

#include <algorithm>
#include <utility>

namespace saker::containers {

namespace {

constexpr std::size_t kFullIdDigits = 64;

// Other ids (lxc, bpm) are names, for which there is nobody to ask.
bool can_be_asked(std::string_view id) {
  return id.size() == kFullIdDigits && std::ranges::all_of(id, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

ContainerCache::ContainerCache(const CacheOptions& options, Counters& counters, Asker ask)
    : options_(options), counters_(counters), ask_(std::move(ask)) {}

ContainerState ContainerCache::note(std::string_view full_id, std::string_view hint,
                                    std::uint64_t now_ns) {
  if (!can_be_asked(full_id)) {
    return ContainerState::kUnknown;
  }
  now_ns_ = now_ns;
  auto at = entries_.find(full_id);
  if (at == entries_.end()) {
    make_room();
    at = entries_.emplace(full_id, Entry{}).first;
    ask(full_id, hint, at->second, now_ns);
  } else if ((at->second.state == ContainerState::kUnknown ||
              at->second.state == ContainerState::kUnavailable) &&
             now_ns >= at->second.retry_ns) {
    ask(full_id, hint, at->second, now_ns);
  }
  at->second.last_use = ++uses_;
  return at->second.state;
}

void ContainerCache::ask(std::string_view full_id, std::string_view hint, Entry& entry,
                         std::uint64_t now_ns) {
  // Repeated look-ups go on in the background; alerts wait for the first one only.
  const bool is_first = entry.state == ContainerState::kPending;
  if (ask_(full_id, hint)) {
    counters_.add(Counter::kContainerLookups);
    entry.retry_ns = ~std::uint64_t{0};
    return;
  }
  counters_.add(Counter::kContainerLookupsDroppedFull);
  entry.retry_ns = now_ns + options_.unavailable_ns;
  if (is_first) {
    entry.state = ContainerState::kUnavailable;
  }
}

void ContainerCache::make_room() {
  if (entries_.size() < options_.max_containers) {
    return;
  }
  const auto oldest = std::ranges::min_element(
      entries_, {}, [](const auto& entry) { return entry.second.last_use; });
  entries_.erase(oldest);
  ++generation_;
  counters_.add(Counter::kContainersForgotten);
}

ContainerState ContainerCache::state(std::string_view full_id) const {
  const auto at = entries_.find(full_id);
  return at == entries_.end() ? ContainerState::kUnknown : at->second.state;
}

const ContainerInfo* ContainerCache::find(std::string_view full_id) const {
  const auto at = entries_.find(full_id);
  return at == entries_.end() ? nullptr : at->second.info.get();
}

void ContainerCache::set_known(std::string_view full_id,
                               std::shared_ptr<const ContainerInfo> info) {
  counters_.add(Counter::kContainerLookupsFound);
  if (const auto at = entries_.find(full_id); at != entries_.end()) {
    at->second.state = ContainerState::kKnown;
    at->second.info = std::move(info);
    ++generation_;
  }
}

void ContainerCache::set_failed(std::string_view full_id, ContainerState state) {
  counters_.add(state == ContainerState::kUnavailable ? Counter::kContainerLookupsUnavailable
                                                      : Counter::kContainerLookupsNotFound);
  if (const auto at = entries_.find(full_id); at != entries_.end()) {
    at->second.state = state;
    at->second.retry_ns = now_ns_ + (state == ContainerState::kUnavailable ? options_.unavailable_ns
                                                                           : options_.unknown_ns);
  }
}

}  // namespace saker::containers
