// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What is known of the containers, on the event thread: no lock, no waiting. Unknown ids are handed
// to whoever asks the runtimes; answers are taken between batches.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/counters.h"
#include "engine/base/text_hash.h"
#include "engine/field/container_metadata.h"

namespace saker::containers {

enum class ContainerState : std::uint8_t {
  kHost,  // no container
  kKnown,
  kPending,      // being asked for
  kUnknown,      // no runtime knows it, or there is none
  kUnavailable,  // a runtime did not answer; asked again later
};

struct CacheOptions {
  std::size_t max_containers = 4096;
  // After this long an unsuccessful look-up is repeated when the container is heard of again.
  std::uint64_t unknown_ns = 30'000'000'000;
  std::uint64_t unavailable_ns = 5'000'000'000;
};

// A container as an event shows it.
struct SeenContainer {
  std::string_view full_id;
  std::string_view hint;     // the runtime that the cgroups name
  std::string_view cgroups;  // as find_container() takes them
};

// User in whose slice the container's cgroups are: this user's runtime may say what it is. None
// when one of them is elsewhere.
[[nodiscard]] std::optional<std::uint32_t> slice_owner(std::string_view cgroups,
                                                       std::string_view full_id);

class ContainerCache final : public ContainerMetadata {
public:
  // Hands an id, the runtime that the cgroups name and the owner of their slice to the look-up;
  // false when it has no room.
  using Asker = std::function<bool(std::string_view id, std::string_view hint,
                                   std::optional<std::uint32_t> owner)>;

  // `counters` is borrowed.
  ContainerCache(const CacheOptions& options, Counters& counters, Asker ask);

  // State of a container that an event comes from; asks for it when it is new. `now_ns`: any clock
  // that does not go back.
  [[nodiscard]] ContainerState note(const SeenContainer& seen, std::uint64_t now_ns);
  // As note(), without asking.
  [[nodiscard]] ContainerState state(std::string_view full_id) const;
  [[nodiscard]] const ContainerInfo* find(std::string_view full_id) const override;
  [[nodiscard]] std::uint64_t generation() const override { return generation_; }

  // An answer: the metadata, or why there is none. Answers for containers that were forgotten
  // meanwhile, or have been asked for with another owner since, are dropped.
  void set_known(std::string_view full_id, std::shared_ptr<const ContainerInfo> info,
                 std::optional<std::uint32_t> owner = std::nullopt);
  void set_failed(std::string_view full_id, ContainerState state,
                  std::optional<std::uint32_t> owner = std::nullopt);

private:
  struct Entry {
    ContainerState state = ContainerState::kPending;
    std::shared_ptr<const ContainerInfo> info;
    std::optional<std::uint32_t> owner;  // of the slice of the event that it was asked for
    std::uint64_t retry_ns = 0;          // of failed ones
    std::uint64_t last_use = 0;          // number of the note() that used it last
  };

  void ask(const SeenContainer& seen, Entry& entry, std::uint64_t now_ns);
  void make_room();

  CacheOptions options_;
  Counters& counters_;
  Asker ask_;
  std::uint64_t generation_ = 1;
  std::uint64_t uses_ = 0;
  std::uint64_t now_ns_ = 0;  // of the last note()
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
};

}  // namespace saker::containers
