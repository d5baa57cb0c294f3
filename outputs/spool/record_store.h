// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where records wait until they are delivered. One thread appends, another one takes and settles;
// a store is safe for both at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "outputs/spool/record.h"

namespace saker {

// What became of a record that was handed to the transport.
struct Settlement {
  enum class Kind : std::uint8_t {
    kRemove,    // acknowledged
    kSetAside,  // kept apart with the reason, not tried again
    kCountTry,  // stays in its place; one more failure
  };
  std::int64_t sequence = 0;
  Kind kind = Kind::kRemove;
  std::string reason;
};

// Records that were given up, by policy. "Own" records were appended since the store was opened; a
// store that survives restarts holds older ones too.
struct DropCount {
  std::uint64_t all = 0;
  std::uint64_t own = 0;
};

struct StoreCounts {
  std::uint64_t waiting = 0;
  std::uint64_t waiting_bytes = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t set_aside_bytes = 0;
};

class RecordStore {
public:
  virtual ~RecordStore() = default;

  // Stores all records in order, or none, and gives each its sequence. When it returns they are as
  // safe as this store makes them. May give up older records to make room; the result counts them.
  // Fails with kLimit when there is no room and none may be given up, with another code when it
  // cannot be written (full disk).
  [[nodiscard]] virtual Result<DropCount> append(std::span<DeliveryRecord> records) = 0;

  // Returns the oldest waiting records in order, except those whose key is in `without_keys`: at
  // most `limit`, and no more once they make up `limit_bytes`. They stay in the store.
  [[nodiscard]] virtual Result<std::vector<DeliveryRecord>> next(
      std::size_t limit, std::size_t limit_bytes, const std::set<std::string>& without_keys) = 0;

  // Takes outcomes over; called once after each next() whose records went to the transport, with no
  // settlements if nothing became of them. Returns how many of those removed or set aside were own
  // records and had not been given up before. An error means that a restart may repeat deliveries.
  [[nodiscard]] virtual Result<std::uint64_t> settle(std::span<const Settlement> settlements) = 0;

  // Gives up records that are older than the store's limit of age.
  [[nodiscard]] virtual Result<DropCount> expire(std::uint64_t now_ns) = 0;

  [[nodiscard]] virtual StoreCounts counts() const = 0;
  // Called after the last delivery: makes what is left as safe as it can. Returns how many records
  // will be lost with the process.
  [[nodiscard]] virtual std::uint64_t finish() = 0;
  // Records that are left at the end of the process are there at the next start.
  [[nodiscard]] virtual bool survives_restart() const = 0;
};

}  // namespace saker
