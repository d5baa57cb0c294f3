// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/fd_info.h"

#include <algorithm>
#include <cstring>

namespace saker {

namespace {

struct TypeText {
  FdType type;
  char letter;
  std::string_view name;
};

// Source: falco-compat-fields.md 7.3 (fd.type, fd.typechar).
constexpr TypeText kTypes[] = {
    {FdType::kFile, 'f', "file"},
    {FdType::kFileV2, 'f', "file"},
    {FdType::kDirectory, 'd', "directory"},
    {FdType::kIpv4Socket, '4', "ipv4"},
    {FdType::kIpv6Socket, '6', "ipv6"},
    {FdType::kIpv4Server, '4', "ipv4"},
    {FdType::kIpv6Server, '6', "ipv6"},
    {FdType::kFifo, 'p', "pipe"},
    {FdType::kUnixSocket, 'u', "unix"},
    {FdType::kEvent, 'e', "event"},
    {FdType::kUnknown, 'o', "<NA>"},
    {FdType::kUnsupported, 'X', "<NA>"},
    {FdType::kSignal, 's', "signalfd"},
    {FdType::kEventpoll, 'l', "eventpoll"},
    {FdType::kInotify, 'i', "inotify"},
    {FdType::kTimerfd, 't', "timerfd"},
    {FdType::kNetlink, 'n', "netlink"},
    {FdType::kBpf, 'b', "bpf"},
    {FdType::kUserfaultfd, 'u', "userfaultfd"},
    {FdType::kIoUring, 'r', "io_uring"},
    {FdType::kMemfd, 'm', "memfd"},
    {FdType::kPidfd, 'P', "pidfd"},
};

[[nodiscard]] const TypeText* find_type(FdType type) {
  const auto* found = std::ranges::find(kTypes, type, &TypeText::type);
  return found == std::end(kTypes) ? nullptr : found;
}

}  // namespace

bool IpAddress::is_ipv4_mapped() const {
  static constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0,    0,
                                                                 0, 0, 0, 0, 0xff, 0xff};
  return is_zero() || std::memcmp(bytes.data(), kMappedPrefix.data(), kMappedPrefix.size()) == 0;
}

void FdInfo::reset() {
  type = FdType::kUnknown;
  l4proto = L4Proto::kUnknown;
  role = SocketRole::kUnknown;
  is_connected = false;
  is_upper_layer = false;
  is_lower_layer = false;
  open_flags = 0;
  device = 0;
  inode = 0;
  pid_of_pidfd = 0;
  name.clear();
  name_raw.clear();
  tuple = {};
  unix_source = 0;
  unix_destination = 0;
  id = 0;
}

void FdInfo::assign(const FdInfo& other) {
  type = other.type;
  l4proto = other.l4proto;
  role = other.role;
  is_connected = other.is_connected;
  is_upper_layer = other.is_upper_layer;
  is_lower_layer = other.is_lower_layer;
  open_flags = other.open_flags;
  device = other.device;
  inode = other.inode;
  pid_of_pidfd = other.pid_of_pidfd;
  name = other.name;
  name_raw = other.name_raw;
  tuple = other.tuple;
  unix_source = other.unix_source;
  unix_destination = other.unix_destination;
}

char type_char(FdType type) {
  const TypeText* found = find_type(type);
  return found == nullptr ? '?' : found->letter;
}

std::string_view type_name(FdType type) {
  const TypeText* found = find_type(type);
  return found == nullptr ? "<NA>" : found->name;
}

}  // namespace saker
