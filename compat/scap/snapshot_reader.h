// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Turns the blocks before the events (machine, threads, fds, users, interfaces) into a Snapshot.
// All versions of each block are read. Source of the layouts: docs/event-record.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compat/scap/block_reader.h"
#include "compat/scap/block_types.h"
#include "engine/base/counters.h"
#include "engine/base/result.h"
#include "engine/event/snapshot.h"

namespace saker::scap {

class SnapshotReader {
public:
  // Estimated memory of one snapshot above which further entries are dropped and counted
  // (kScapSnapshotDroppedFull). A host with 100,000 threads needs about a tenth.
  static constexpr std::size_t kMaxSnapshotBytes = std::size_t{1} << 30;

  SnapshotReader(Snapshot& snapshot, Counters& counters, std::size_t max_bytes = kMaxSnapshotBytes)
      : snapshot_(snapshot), counters_(counters), left_bytes_(max_bytes) {}

  // Adds what `block` holds; `type` must be that of the block and of a kind before events. Fails
  // with kCorruptInput when an entry does not fit in the block.
  [[nodiscard]] Status add(const Block& block, const BlockType& type);

private:
  Status add_machine(const Block& block);
  Status add_threads(const Block& block, std::uint8_t version);
  Status add_fds(const Block& block, std::uint8_t version);
  Status add_users(const Block& block, std::uint8_t version);
  Status add_interfaces(const Block& block, std::uint8_t version);

  // Charges `bytes`; false, and counted, when the snapshot is full.
  bool reserve(std::size_t bytes);

  Snapshot& snapshot_;
  Counters& counters_;
  std::size_t left_bytes_;
};

}  // namespace saker::scap
