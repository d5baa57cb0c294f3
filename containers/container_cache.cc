// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_cache.h"

#include <algorithm>
#include <charconv>
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

// Path in the cgroups' tree: a reader in a cgroup namespace sees the way up first. Users make
// folders in their own slice only, so the beginning of a path is nothing that they can choose.
std::optional<std::uint32_t> path_owner(std::string_view path) {
  constexpr std::string_view kUp = "/..";
  constexpr std::string_view kBegin = "/user.slice/user-";
  while (path.starts_with(kUp)) {
    path.remove_prefix(kUp.size());
  }
  if (!path.starts_with(kBegin)) {
    return {};
  }
  path.remove_prefix(kBegin.size());
  std::uint32_t user = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), user);
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  return error == std::errc() && path.starts_with(".slice/") ? std::optional(user) : std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> slice_owner(std::string_view cgroups, std::string_view full_id) {
  std::optional<std::uint32_t> owner;
  while (!cgroups.empty()) {
    const std::size_t end = std::min(cgroups.find('\0'), cgroups.size());
    std::string_view path = cgroups.substr(0, end);
    cgroups.remove_prefix(std::min(end + 1, cgroups.size()));
    if (path.find(full_id) == std::string_view::npos) {
      continue;
    }
    path.remove_prefix(std::min(path.find('='), path.size() - 1) + 1);
    const auto user = path_owner(path);
    if (!user || (owner && owner != user)) {
      return {};
    }
    owner = user;
  }
  return owner;
}

ContainerCache::ContainerCache(const CacheOptions& options, Counters& counters, Asker ask)
    : options_(options), counters_(counters), ask_(std::move(ask)) {}

ContainerState ContainerCache::note(const SeenContainer& seen, std::uint64_t now_ns) {
  if (!can_be_asked(seen.full_id)) {
    return ContainerState::kUnknown;
  }
  now_ns_ = now_ns;
  auto at = entries_.find(seen.full_id);
  if (at == entries_.end()) {
    make_room();
    at = entries_.emplace(seen.full_id, Entry{}).first;
    ask(seen, at->second, now_ns);
  } else if (at->second.owner && slice_owner(seen.cgroups, seen.full_id) != at->second.owner) {
    // A user's process was the first to bear this id: what its runtime says is not about this one.
    at->second = Entry{};
    ++generation_;
    ask(seen, at->second, now_ns);
  } else if ((at->second.state == ContainerState::kUnknown ||
              at->second.state == ContainerState::kUnavailable) &&
             now_ns >= at->second.retry_ns) {
    ask(seen, at->second, now_ns);
  }
  at->second.last_use = ++uses_;
  return at->second.state;
}

void ContainerCache::ask(const SeenContainer& seen, Entry& entry, std::uint64_t now_ns) {
  // Repeated look-ups go on in the background; alerts wait for the first one only.
  const bool is_first = entry.state == ContainerState::kPending;
  entry.owner = slice_owner(seen.cgroups, seen.full_id);
  if (ask_(seen.full_id, seen.hint, entry.owner)) {
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

void ContainerCache::set_known(std::string_view full_id, std::shared_ptr<const ContainerInfo> info,
                               std::optional<std::uint32_t> owner) {
  counters_.add(Counter::kContainerLookupsFound);
  if (const auto at = entries_.find(full_id); at != entries_.end() && at->second.owner == owner) {
    at->second.state = ContainerState::kKnown;
    at->second.info = std::move(info);
    ++generation_;
  }
}

void ContainerCache::set_failed(std::string_view full_id, ContainerState state,
                                std::optional<std::uint32_t> owner) {
  counters_.add(state == ContainerState::kUnavailable ? Counter::kContainerLookupsUnavailable
                                                      : Counter::kContainerLookupsNotFound);
  if (const auto at = entries_.find(full_id); at != entries_.end() && at->second.owner == owner) {
    at->second.state = state;
    at->second.retry_ns = now_ns_ + (state == ContainerState::kUnavailable ? options_.unavailable_ns
                                                                           : options_.unknown_ns);
  }
}

}  // namespace saker::containers
