// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What was true when events began: threads, file descriptors, users and interfaces, from the blocks
// of a capture or from a scan of the running system. Plain owned data.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace saker {

// Kinds of file descriptor, numbered as in Falco's captures.
enum class FdType : std::uint8_t {
  kUnknown = 0,
  kFile = 1,
  kDirectory = 2,
  kIpv4Socket = 3,
  kIpv6Socket = 4,
  kIpv4Server = 5,
  kIpv6Server = 6,
  kFifo = 7,
  kUnixSocket = 8,
  kEvent = 9,
  kUnsupported = 10,
  kSignal = 11,
  kEventpoll = 12,
  kInotify = 13,
  kTimerfd = 14,
  kNetlink = 15,
  kFileV2 = 16,  // capture files only: a file with flags and device
  kBpf = 17,
  kUserfaultfd = 18,
  kIoUring = 19,
  kMemfd = 20,
  kPidfd = 21,
  kUninitialized = 255,  // record without a kind: what a failed memfd_create or pidfd_open leaves
};

enum class L4Proto : std::uint8_t {
  kUnknown = 0,
  kNotApplicable = 1,
  kTcp = 2,
  kUdp = 3,
  kIcmp = 4,
  kRaw = 5
};

struct FdSnapshot {
  std::int64_t fd = -1;
  FdType type = FdType::kUnknown;  // never kFileV2
  std::uint64_t inode = 0;
  std::uint32_t open_flags = 0;  // Falco's numbering
  std::uint32_t device = 0;
  std::string name;  // files, pipes …: name; unix sockets: path
  // Sockets. Addresses in network order, 4 or 16 bytes used; ports in host order. For servers only
  // the `destination` side is used (the bound address).
  std::array<std::uint8_t, 16> source_address{};
  std::array<std::uint8_t, 16> destination_address{};
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  L4Proto l4proto = L4Proto::kUnknown;
  std::uint64_t unix_source = 0;
  std::uint64_t unix_destination = 0;
};

// Bits of ThreadSnapshot::flags. Source: Falco's clone flag numbering, extended by state bits.
namespace thread_flag {
inline constexpr std::uint32_t kCloneFiles = 1U << 0;
inline constexpr std::uint32_t kCloneFs = 1U << 1;
inline constexpr std::uint32_t kCloneNewns = 1U << 5;
inline constexpr std::uint32_t kCloneNewpid = 1U << 6;
inline constexpr std::uint32_t kCloneParent = 1U << 8;
inline constexpr std::uint32_t kCloneThread = 1U << 13;
inline constexpr std::uint32_t kInverted = 1U << 16;
inline constexpr std::uint32_t kClosed = 1U << 18;
inline constexpr std::uint32_t kActive = 1U << 19;
inline constexpr std::uint32_t kCloneNewuser = 1U << 20;
inline constexpr std::uint32_t kCloneVfork = 1U << 27;
inline constexpr std::uint32_t kChildInPidns = 1U << 29;
inline constexpr std::uint32_t kIsMainThread = 1U << 30;
}  // namespace thread_flag

struct ThreadSnapshot {
  std::int64_t tid = -1;
  std::int64_t pid = -1;
  std::int64_t ptid = -1;
  std::int64_t sid = -1;
  std::int64_t vpgid = -1;
  std::int64_t pgid = -1;
  std::int64_t vtid = -1;
  std::int64_t vpid = -1;
  std::string comm;
  std::string exe;  // argv[0]
  std::string exepath;
  std::string args;     // pieces after argv[0], each followed by NUL
  std::string env;      // likewise
  std::string cgroups;  // subsystem=path pieces, each followed by NUL
  std::string cwd;
  std::string root;
  std::uint64_t fdlimit = 0;
  std::uint32_t flags = 0;  // thread_flag
  std::uint32_t uid = 0xffffffff;
  std::uint32_t gid = 0xffffffff;
  std::uint32_t loginuid = 0xffffffff;
  std::uint32_t tty = 0;
  std::uint32_t vmsize_kb = 0;
  std::uint32_t vmrss_kb = 0;
  std::uint32_t vmswap_kb = 0;
  std::uint64_t pfmajor = 0;
  std::uint64_t pfminor = 0;
  std::uint64_t clone_ts_ns = 0;  // 0: unknown (captures do not hold it)
  std::uint64_t pidns_init_start_ts_ns = 0;
  std::uint64_t cap_inheritable = 0;
  std::uint64_t cap_permitted = 0;
  std::uint64_t cap_effective = 0;
  bool is_exe_writable = false;
  bool is_exe_upper_layer = false;
  bool is_exe_lower_layer = false;
  bool is_exe_from_memfd = false;
  std::uint64_t exe_ino = 0;
  std::uint64_t exe_ino_ctime_ns = 0;
  std::uint64_t exe_ino_mtime_ns = 0;
};

struct FdListSnapshot {
  std::int64_t tid = -1;
  std::vector<FdSnapshot> fds;
};

struct UserSnapshot {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string name;
  std::string home;
  std::string shell;
  std::string container_id;  // empty: the host
};

struct GroupSnapshot {
  std::uint32_t gid = 0;
  std::string name;
  std::string container_id;  // empty: the host
};

// Addresses in network order.
struct InterfaceSnapshot {
  bool is_ipv6 = false;
  std::string name;
  std::array<std::uint8_t, 16> address{};
  std::array<std::uint8_t, 16> netmask{};
  std::array<std::uint8_t, 16> broadcast{};
};

struct MachineSnapshot {
  std::uint32_t cpu_count = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t boot_ts_ns = 0;
  std::string hostname;
};

struct Snapshot {
  MachineSnapshot machine;
  std::vector<ThreadSnapshot> threads;
  std::vector<FdListSnapshot> fd_lists;
  std::vector<UserSnapshot> users;
  std::vector<GroupSnapshot> groups;
  std::vector<InterfaceSnapshot> interfaces;
};

}  // namespace saker
