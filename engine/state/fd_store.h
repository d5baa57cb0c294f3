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
  FdStore(std::size_t max_fds_per_process, std::size_t max_fds, Counters& counters)
      : max_fds_(max_fds_per_process), budget_{.max = max_fds}, counters_(counters) {}

  // With an empty table.
  [[nodiscard]] Ref<Files> make_files();
  // With the same table, until one of both changes.
  [[nodiscard]] Ref<Files> copy_files(const Files& files);
  [[nodiscard]] Ref<FdInfo> make(FdType type);
  [[nodiscard]] Ref<FdInfo> copy(const FdInfo& info);

  // Replaces `table` by a copy of its own if others hold it too. Fds that there is no room for are
  // left out, and counted.
  FdTable& own(Ref<FdTable>& table);

  // Puts `info` at `fd` of the table, which becomes own, and returns the record. When the table or
  // all tables together are full that is counted, and the record is not stored: it lives until
  // forget_unstored() or the next such one.
  FdInfo* add(Ref<FdTable>& table, std::int64_t fd, Ref<FdInfo> info);
  [[nodiscard]] bool is_unstored(const FdInfo* info) const {
    return info != nullptr && info == unstored_.get();
  }
  void forget_unstored() { unstored_.reset(); }
  void remove(Ref<FdTable>& table, std::int64_t fd);

  // The record at `fd`, which must be there, made exclusive to this table and with a new id.
  [[nodiscard]] FdInfo& edit(Ref<FdTable>& table, std::int64_t fd);

  [[nodiscard]] std::size_t live_count() const { return infos_.live_count(); }

private:
  // How many fds a table of `size` may grow by. The last quarter of the budget is kept for tables
  // of usual size: a few processes with very many files do not make the others' go unnoticed.
  [[nodiscard]] std::size_t room_for(std::size_t size) const;
  [[nodiscard]] Ref<FdTable> make_table();
  // Whether `fd` can be stored; counted if not.
  [[nodiscard]] bool has_room(const FdTable& table, std::int64_t fd);

  std::size_t max_fds_;
  FdBudget budget_;
  Counters& counters_;
  std::uint64_t last_id_ = 0;
  Pool<FdInfo> infos_;
  Pool<FdTable> tables_;
  Pool<Files> files_;
  Ref<FdInfo> unstored_;
};

// Fills a record from a snapshot. A zero address of a UDP tuple is completed from `interfaces`.
void assign_from_snapshot(const FdSnapshot& snapshot, const Interfaces& interfaces, FdInfo& info);

// Replaces a zero address of a UDP tuple by one of this machine; leaves it when that would make
// both ends the same.
void complete_tuple(const Interfaces& interfaces, FdInfo& info);

}  // namespace saker
