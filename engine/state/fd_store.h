// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Makes fd records and fd tables, and changes them without disturbing who shares them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/counters.h"
#include "engine/event/snapshot.h"
#include "engine/state/fd_info.h"
#include "engine/state/fd_table.h"
#include "engine/state/interfaces.h"

namespace saker {

class FdStore {
public:
  FdStore(std::size_t max_fds_per_process, Counters& counters)
      : max_fds_(max_fds_per_process), counters_(counters) {}

  [[nodiscard]] Ref<FdTable> make_table() { return tables_.make(); }
  [[nodiscard]] Ref<FdInfo> make(FdType type);
  [[nodiscard]] Ref<FdInfo> copy(const FdInfo& info);

  // Replaces `table` by a copy of its own if others hold it too.
  FdTable& own(Ref<FdTable>& table);

  // Puts `info` at `fd` of the table, which becomes own. Returns the record, or null, counted, when
  // the table is full.
  FdInfo* add(Ref<FdTable>& table, std::int64_t fd, Ref<FdInfo> info);
  void remove(Ref<FdTable>& table, std::int64_t fd);

  // The record at `fd`, which must be there, made exclusive to this table and with a new id.
  [[nodiscard]] FdInfo& edit(Ref<FdTable>& table, std::int64_t fd);

  [[nodiscard]] std::size_t live_count() const { return infos_.live_count(); }

private:
  std::size_t max_fds_;
  Counters& counters_;
  std::uint64_t last_id_ = 0;
  Pool<FdInfo> infos_;
  Pool<FdTable> tables_;
};

// Fills a record from a snapshot. A zero address of a UDP tuple is completed from `interfaces`.
void assign_from_snapshot(const FdSnapshot& snapshot, const Interfaces& interfaces, FdInfo& info);

// Replaces a zero address of a UDP tuple by one of this machine; leaves it when that would make
// both ends the same.
void complete_tuple(const Interfaces& interfaces, FdInfo& info);

}  // namespace saker
