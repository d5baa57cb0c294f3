// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/snapshot_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/bytes.h"

namespace saker::scap {

namespace {

constexpr std::size_t kHostnameBytes = 128;
constexpr std::uint8_t kLastFdType = static_cast<std::uint8_t>(FdType::kPidfd);
// Lists end where fewer bytes are left than a block's padding can be.
constexpr std::size_t kMaxPadding = 3;

std::string read_string(ByteReader& reader) {
  const auto size = reader.read<std::uint16_t>();
  return std::string(as_text(reader.take(size)));
}

// A text that ends at its first NUL.
std::string read_text(ByteReader& reader) {
  const auto size = reader.read<std::uint16_t>();
  const std::string_view text = as_text(reader.take(size));
  return std::string(text.substr(0, text.find('\0')));
}

template <std::size_t kSize>
void read_address(ByteReader& reader, std::array<std::uint8_t, 16>& address) {
  static_assert(kSize <= 16);
  const Bytes bytes = reader.take(kSize);
  std::transform(bytes.begin(), bytes.end(), address.begin(),
                 [](std::byte value) { return std::to_integer<std::uint8_t>(value); });
}

// Takes the bytes of an entry that begins with its length. `length_includes_itself`: what the
// length counts. Nothing when the length does not fit.
std::optional<ByteReader> take_entry(ByteReader& list, bool length_includes_itself) {
  const auto length = list.read<std::uint32_t>();
  const std::size_t own = length_includes_itself ? sizeof(std::uint32_t) : 0;
  if (list.failed() || length < own || length - own > list.remaining()) {
    return std::nullopt;
  }
  return ByteReader(list.take(length - own));
}

// Reads a trailing field of a V9 entry if it is there.
template <typename T>
void read_optional(ByteReader& reader, T& value) {
  if (reader.remaining() >= sizeof(T)) {
    value = reader.read<T>();
  }
}

void read_optional(ByteReader& reader, bool& value) {
  if (reader.remaining() >= 1) {
    value = reader.read<std::uint8_t>() != 0;
  }
}

// The fields after `root`. An entry with at most this many bytes left has a shorter layout, which
// some writers made before the fields in between existed.
constexpr std::size_t kShortTailBytes = 29;

void read_tail(ByteReader& reader, ThreadSnapshot& thread) {
  const bool is_short = reader.remaining() <= kShortTailBytes;
  if (!is_short) {
    read_optional(reader, thread.pidns_init_start_ts_ns);
    read_optional(reader, thread.tty);
  }
  read_optional(reader, thread.loginuid);
  read_optional(reader, thread.is_exe_writable);
  read_optional(reader, thread.cap_inheritable);
  read_optional(reader, thread.cap_permitted);
  read_optional(reader, thread.cap_effective);
  if (!is_short) {
    read_optional(reader, thread.is_exe_upper_layer);
    read_optional(reader, thread.exe_ino);
    read_optional(reader, thread.exe_ino_ctime_ns);
    read_optional(reader, thread.exe_ino_mtime_ns);
    read_optional(reader, thread.is_exe_from_memfd);
    read_optional(reader, thread.is_exe_lower_layer);
    read_optional(reader, thread.pgid);
  }
}

ThreadSnapshot read_thread(ByteReader& reader, std::uint8_t version) {
  ThreadSnapshot thread;
  thread.tid = reader.read<std::int64_t>();
  thread.pid = reader.read<std::int64_t>();
  thread.ptid = reader.read<std::int64_t>();
  if (version >= 6) {
    thread.sid = reader.read<std::int64_t>();
  }
  if (version >= 8) {
    thread.vpgid = reader.read<std::int64_t>();
  }
  thread.comm = read_text(reader);
  thread.exe = read_text(reader);
  if (version >= 7) {
    thread.exepath = read_text(reader);
  }
  thread.args = read_string(reader);
  thread.cwd = read_text(reader);
  thread.fdlimit = reader.read<std::uint64_t>();
  thread.flags = reader.read<std::uint32_t>();
  thread.uid = reader.read<std::uint32_t>();
  thread.gid = reader.read<std::uint32_t>();
  if (version >= 2) {
    thread.vmsize_kb = reader.read<std::uint32_t>();
    thread.vmrss_kb = reader.read<std::uint32_t>();
    thread.vmswap_kb = reader.read<std::uint32_t>();
    thread.pfmajor = reader.read<std::uint64_t>();
    thread.pfminor = reader.read<std::uint64_t>();
  }
  if (version >= 3) {
    thread.env = read_string(reader);
  }
  if (version >= 4) {
    thread.vtid = reader.read<std::int64_t>();
    thread.vpid = reader.read<std::int64_t>();
    thread.cgroups = read_string(reader);
  }
  if (version >= 5) {
    thread.root = read_text(reader);
  }
  if (version >= 9) {
    read_tail(reader, thread);
  }
  return thread;
}

std::size_t size_of(const ThreadSnapshot& thread) {
  return sizeof(thread) + thread.comm.size() + thread.exe.size() + thread.exepath.size() +
         thread.args.size() + thread.env.size() + thread.cgroups.size() + thread.cwd.size() +
         thread.root.size();
}

L4Proto read_l4proto(ByteReader& reader) {
  const auto value = reader.read<std::uint8_t>();
  return value <= static_cast<std::uint8_t>(L4Proto::kRaw) ? L4Proto{value} : L4Proto::kUnknown;
}

template <std::size_t kSize>
void read_socket(ByteReader& reader, FdSnapshot& fd) {
  read_address<kSize>(reader, fd.source_address);
  read_address<kSize>(reader, fd.destination_address);
  fd.source_port = reader.read<std::uint16_t>();
  fd.destination_port = reader.read<std::uint16_t>();
  fd.l4proto = read_l4proto(reader);
}

template <std::size_t kSize>
void read_server(ByteReader& reader, FdSnapshot& fd) {
  read_address<kSize>(reader, fd.destination_address);
  fd.destination_port = reader.read<std::uint16_t>();
  fd.l4proto = read_l4proto(reader);
}

// Reads one fd. `is_known` becomes false for a type that this reader does not have: how long its
// description is, only the entry's length can tell.
FdSnapshot read_fd(ByteReader& reader, std::uint8_t version, bool& is_known) {
  FdSnapshot fd;
  fd.fd = reader.read<std::int64_t>();
  fd.inode = reader.read<std::uint64_t>();
  const auto type = reader.read<std::uint8_t>();
  is_known = type <= kLastFdType;
  if (!is_known) {
    fd.type = FdType::kUnsupported;
    fd.name = "unknown-type:[" + std::to_string(type) + "]";
    return fd;
  }
  fd.type = FdType{type};
  switch (fd.type) {
    using enum FdType;
    case kIpv4Socket:
      read_socket<4>(reader, fd);
      break;
    case kIpv6Socket:
      read_socket<16>(reader, fd);
      break;
    case kIpv4Server:
      read_server<4>(reader, fd);
      break;
    case kIpv6Server:
      read_server<16>(reader, fd);
      break;
    case kUnixSocket:
      fd.unix_source = reader.read<std::uint64_t>();
      fd.unix_destination = reader.read<std::uint64_t>();
      fd.name = read_text(reader);
      break;
    case kFileV2:
      fd.type = kFile;
      fd.open_flags = reader.read<std::uint32_t>();
      fd.name = read_text(reader);
      if (version >= 2) {
        read_optional(reader, fd.device);
      }
      break;
    default:
      fd.name = read_text(reader);
  }
  return fd;
}

bool is_ipv6_interface(std::uint16_t type) {
  return type == 2 || type == 4;
}

InterfaceSnapshot read_interface(ByteReader& reader, bool& is_known) {
  InterfaceSnapshot interface;
  const auto type = reader.read<std::uint16_t>();
  const auto name_bytes = reader.read<std::uint16_t>();
  is_known = type >= 1 && type <= 4;
  if (!is_known) {
    return interface;
  }
  interface.is_ipv6 = is_ipv6_interface(type);
  for (auto* address : {&interface.address, &interface.netmask, &interface.broadcast}) {
    if (interface.is_ipv6) {
      read_address<16>(reader, *address);
    } else {
      read_address<4>(reader, *address);
    }
  }
  if (type <= 2) {
    static_cast<void>(reader.read<std::uint64_t>());  // link speed
  }
  const std::string_view name = as_text(reader.take(name_bytes));
  interface.name = std::string(name.substr(0, name.find('\0')));
  return interface;
}

tl::unexpected<Error> fail_entry(const Block& block, std::size_t position) {
  return fail_block("an entry (byte " + std::to_string(position) + ") does not fit", block.number,
                    block.offset);
}

}  // namespace

Status SnapshotReader::add(const Block& block, const BlockType& type) {
  switch (type.kind) {
    using enum BlockKind;
    case kMachineInfo:
      return add_machine(block);
    case kProcessList:
      return add_threads(block, type.version);
    case kFdList:
      return add_fds(block, type.version);
    case kUserList:
      return add_users(block, type.version);
    case kInterfaceList:
      return add_interfaces(block, type.version);
    default:
      return {};
  }
}

bool SnapshotReader::reserve(std::size_t bytes) {
  if (bytes > left_bytes_) {
    counters_.add(Counter::kScapSnapshotDroppedFull);
    return false;
  }
  left_bytes_ -= bytes;
  return true;
}

Status SnapshotReader::add_machine(const Block& block) {
  ByteReader reader(block.body);
  MachineSnapshot& machine = snapshot_.machine;
  machine.cpu_count = reader.read<std::uint32_t>();
  machine.memory_bytes = reader.read<std::uint64_t>();
  static_cast<void>(reader.read<std::uint64_t>());  // largest pid
  const std::string_view hostname = as_text(reader.take(kHostnameBytes));
  machine.hostname = std::string(hostname.substr(0, hostname.find('\0')));
  machine.boot_ts_ns = reader.read<std::uint64_t>();
  if (reader.failed()) {
    return fail_entry(block, 0);
  }
  return {};
}

Status SnapshotReader::add_threads(const Block& block, std::uint8_t version) {
  ByteReader list(block.body);
  while (list.remaining() > kMaxPadding) {
    const std::size_t start = list.position();
    ThreadSnapshot thread;
    bool has_failed = false;
    if (version >= 9) {
      auto entry = take_entry(list, true);
      if (entry) {
        thread = read_thread(*entry, version);
      }
      has_failed = !entry || entry->failed();
    } else {
      thread = read_thread(list, version);
      has_failed = list.failed();
    }
    if (has_failed) {
      return fail_entry(block, start);
    }
    if (reserve(size_of(thread))) {
      snapshot_.threads.push_back(std::move(thread));
    }
  }
  return {};
}

Status SnapshotReader::add_fds(const Block& block, std::uint8_t version) {
  ByteReader list(block.body);
  FdListSnapshot fds;
  fds.tid = list.read<std::int64_t>();
  if (list.failed()) {
    return fail_entry(block, 0);
  }
  if (!reserve(sizeof(fds))) {
    return {};
  }
  while (list.remaining() > kMaxPadding) {
    const std::size_t start = list.position();
    FdSnapshot fd;
    bool is_known = true;
    bool has_failed = false;
    if (version >= 2) {
      auto entry = take_entry(list, true);
      if (entry) {
        fd = read_fd(*entry, version, is_known);
      }
      has_failed = !entry || entry->failed();
    } else {
      fd = read_fd(list, version, is_known);
      has_failed = list.failed();
    }
    if (has_failed) {
      return fail_entry(block, start);
    }
    if (reserve(sizeof(fd) + fd.name.size())) {
      fds.fds.push_back(std::move(fd));
    }
    if (!is_known && version < 2) {
      break;  // no length tells where the next entry begins
    }
  }
  snapshot_.fd_lists.push_back(std::move(fds));
  return {};
}

Status SnapshotReader::add_users(const Block& block, std::uint8_t version) {
  constexpr std::uint8_t kUser = 0;
  constexpr std::uint8_t kGroup = 1;
  ByteReader list(block.body);
  while (list.remaining() > kMaxPadding) {
    const std::size_t start = list.position();
    ByteReader entry = list;
    if (version >= 2) {
      auto taken = take_entry(list, true);
      if (!taken) {
        return fail_entry(block, start);
      }
      entry = *taken;
    }
    const auto type = entry.read<std::uint8_t>();
    if (type == kUser) {
      UserSnapshot user;
      user.uid = entry.read<std::uint32_t>();
      user.gid = entry.read<std::uint32_t>();
      user.name = read_text(entry);
      user.home = read_text(entry);
      user.shell = read_text(entry);
      if (!entry.failed() &&
          reserve(sizeof(user) + user.name.size() + user.home.size() + user.shell.size())) {
        snapshot_.users.push_back(std::move(user));
      }
    } else if (type == kGroup) {
      GroupSnapshot group;
      group.gid = entry.read<std::uint32_t>();
      group.name = read_text(entry);
      if (!entry.failed() && reserve(sizeof(group) + group.name.size())) {
        snapshot_.groups.push_back(std::move(group));
      }
    } else if (version < 2) {
      return fail_entry(block, start);
    }
    if (entry.failed()) {
      return fail_entry(block, start);
    }
    if (version < 2) {
      list = entry;
    }
  }
  return {};
}

Status SnapshotReader::add_interfaces(const Block& block, std::uint8_t version) {
  ByteReader list(block.body);
  while (list.remaining() > kMaxPadding) {
    const std::size_t start = list.position();
    InterfaceSnapshot interface;
    bool is_known = true;
    bool has_failed = false;
    if (version >= 2) {
      auto entry = take_entry(list, false);
      if (entry) {
        interface = read_interface(*entry, is_known);
      }
      has_failed = !entry || (is_known && entry->failed());
    } else {
      interface = read_interface(list, is_known);
      has_failed = list.failed() || !is_known;
    }
    if (has_failed) {
      return fail_entry(block, start);
    }
    if (is_known && reserve(sizeof(interface) + interface.name.size())) {
      snapshot_.interfaces.push_back(std::move(interface));
    }
  }
  return {};
}

}  // namespace saker::scap
