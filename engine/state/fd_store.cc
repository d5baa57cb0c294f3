// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/fd_store.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/state/socket_text.h"

namespace saker {

namespace {

constexpr std::size_t kUsualSize = 256;

}  // namespace

Ref<FdInfo> FdStore::make(FdType type) {
  Ref<FdInfo> info = infos_.make();
  info->type = type;
  info->id = ++last_id_;
  return info;
}

Ref<FdInfo> FdStore::copy(const FdInfo& info) {
  Ref<FdInfo> result = infos_.make();
  result->assign(info);
  result->id = ++last_id_;
  return result;
}

Ref<Files> FdStore::make_files() {
  Ref<Files> result = files_.make();
  result->table = make_table();
  return result;
}

Ref<Files> FdStore::copy_files(const Files& files) {
  Ref<Files> result = files_.make();
  result->table = files.table;
  return result;
}

Ref<FdTable> FdStore::make_table() {
  Ref<FdTable> table = tables_.make();
  table->set_budget(budget_);
  return table;
}

std::size_t FdStore::room_for(std::size_t size) const {
  const std::size_t for_any = budget_.max - budget_.max / 4;
  const std::size_t free = budget_.max - std::min(budget_.max, budget_.used);
  const std::size_t free_for_any = for_any - std::min(for_any, budget_.used);
  return size < kUsualSize ? std::max(std::min(free, kUsualSize - size), free_for_any)
                           : free_for_any;
}

FdTable& FdStore::own(Ref<FdTable>& table) {
  if (table.is_shared()) {
    Ref<FdTable> copy = make_table();
    const std::size_t room = room_for(0);
    if (room >= table->size()) {
      copy->copy_from(*table, room);
    } else {
      copy->copy_from(*table, std::min(room, kUsualSize / 2));  // some room is left for what comes
      counters_.add(Counter::kFdsDroppedBudget, table->size() - copy->size());
    }
    table = std::move(copy);
  }
  return *table;
}

bool FdStore::has_room(const FdTable& table, std::int64_t fd) {
  if (table.find(fd) != nullptr) {
    return true;
  }
  if (table.size() >= max_fds_) {
    counters_.add(Counter::kFdsDroppedFull);
    return false;
  }
  if (room_for(table.size()) == 0) {
    counters_.add(Counter::kFdsDroppedBudget);
    return false;
  }
  return true;
}

FdInfo* FdStore::add(Ref<FdTable>& table, std::int64_t fd, Ref<FdInfo> info) {
  FdTable& exclusive = own(table);
  FdInfo* record = info.get();
  if (!has_room(exclusive, fd)) {
    unstored_ = std::move(info);
    return record;
  }
  exclusive.set(fd, std::move(info));
  counters_.add(Counter::kFdsAdded);
  return record;
}

void FdStore::remove(Ref<FdTable>& table, std::int64_t fd) {
  if (table->find(fd) != nullptr && own(table).erase(fd)) {
    counters_.add(Counter::kFdsRemoved);
  }
}

FdInfo& FdStore::edit(Ref<FdTable>& table, std::int64_t fd) {
  FdInfo* info = table->find(fd);
  SAKER_DCHECK(info != nullptr);
  // A record in a shared table is shared, whatever its own count says.
  if (table.is_shared() || info->references > 1) {
    Ref<FdInfo> exclusive = copy(*info);
    info = exclusive.get();
    own(table).set(fd, std::move(exclusive));  // it was there: at most one more than there is room
    return *info;
  }
  info->id = ++last_id_;
  return *info;
}

void complete_tuple(const Interfaces& interfaces, FdInfo& info) {
  SocketTuple& tuple = info.tuple;
  const bool is_ip = info.type == FdType::kIpv4Socket || info.type == FdType::kIpv6Socket;
  if (!is_ip || info.l4proto != L4Proto::kUdp) {
    return;
  }
  const bool source_is_zero = tuple.source.is_zero();
  if (!source_is_zero && !tuple.destination.is_zero()) {
    return;
  }
  const IpAddress& known = source_is_zero ? tuple.destination : tuple.source;
  const IpAddress inferred = interfaces.infer_local(known);
  if (inferred == known && tuple.source_port == tuple.destination_port) {
    return;
  }
  (source_is_zero ? tuple.source : tuple.destination) = inferred;
}

void assign_from_snapshot(const FdSnapshot& snapshot, const Interfaces& interfaces, FdInfo& info) {
  info.type = snapshot.type;
  info.inode = snapshot.inode;
  info.open_flags = snapshot.open_flags;
  info.device = snapshot.device;
  info.name = snapshot.name;
  info.unix_source = snapshot.unix_source;
  info.unix_destination = snapshot.unix_destination;
  if (!info.is_ip_socket()) {
    return;
  }
  info.l4proto = snapshot.l4proto;
  info.tuple.source = {snapshot.source_address, info.is_ipv6()};
  info.tuple.destination = {snapshot.destination_address, info.is_ipv6()};
  info.tuple.source_port = snapshot.source_port;
  info.tuple.destination_port = snapshot.destination_port;
  if (info.type == FdType::kIpv6Socket && info.tuple.source.is_ipv4_mapped() &&
      info.tuple.destination.is_ipv4_mapped()) {
    info.type = FdType::kIpv4Socket;
    info.tuple.source = unmapped(info.tuple.source);
    info.tuple.destination = unmapped(info.tuple.destination);
  }
  if (!info.is_ip_server()) {
    info.is_connected = info.l4proto == L4Proto::kTcp;
    complete_tuple(interfaces, info);
  }
  assign_socket_name(info, info.name);
}

}  // namespace saker
