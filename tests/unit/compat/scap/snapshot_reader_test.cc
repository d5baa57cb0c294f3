// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/snapshot_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/compat/scap/capture_bytes.h"

namespace saker::scap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_literals;

Drained with_block(std::uint32_t number, const std::string& body) {
  CaptureBytes capture;
  capture.section().block(number, body).close_event();
  return drain_memory(capture.bytes());
}

// An entry of a process list of the given version, without the length of V9.
std::string thread_entry(int version, std::int64_t tid) {
  std::string entry = i64(tid) + i64(tid - 1) + i64(3);
  entry += version >= 6 ? i64(4) : "";
  entry += version >= 8 ? i64(5) : "";
  entry += str("comm") + str("exe");
  entry += version >= 7 ? str("/bin/exe") : "";
  entry += str("a\0b\0"s) + str("/cwd");
  entry += u64(1024) + u32(1U << 30) + u32(1000) + u32(1001);
  entry += version >= 2 ? u32(10) + u32(11) + u32(12) + u64(13) + u64(14) : "";
  entry += version >= 3 ? str("X=1\0"s) : "";
  entry += version >= 4 ? i64(6) + i64(7) + str("cpu=/x\0"s) : "";
  entry += version >= 5 ? str("/root") : "";
  return entry;
}

struct ThreadListCase {
  std::uint32_t number;
  int version;
};

class ThreadLists : public ::testing::TestWithParam<ThreadListCase> {};

TEST_P(ThreadLists, ReadWhatTheirVersionHolds) {
  const auto [number, version] = GetParam();
  std::string body;
  for (const std::int64_t tid : {100, 200}) {
    const std::string entry = thread_entry(version, tid);
    body += version == 9 ? u32(static_cast<std::uint32_t>(entry.size() + 4)) + entry : entry;
  }
  const Drained result = with_block(number, body);
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.snapshots.size(), 1U);
  ASSERT_EQ(result.snapshots[0].threads.size(), 2U);
  const ThreadSnapshot& thread = result.snapshots[0].threads[1];
  EXPECT_EQ(thread.tid, 200);
  EXPECT_EQ(thread.pid, 199);
  EXPECT_EQ(thread.ptid, 3);
  EXPECT_EQ(thread.sid, version >= 6 ? 4 : -1);
  EXPECT_EQ(thread.vpgid, version >= 8 ? 5 : -1);
  EXPECT_EQ(thread.comm, "comm");
  EXPECT_EQ(thread.exe, "exe");
  EXPECT_EQ(thread.exepath, version >= 7 ? "/bin/exe" : "");
  EXPECT_EQ(thread.args, "a\0b\0"s);
  EXPECT_EQ(thread.cwd, "/cwd");
  EXPECT_EQ(thread.fdlimit, 1024U);
  EXPECT_EQ(thread.flags, thread_flag::kIsMainThread);
  EXPECT_EQ(thread.uid, 1000U);
  EXPECT_EQ(thread.gid, 1001U);
  EXPECT_EQ(thread.vmsize_kb, version >= 2 ? 10U : 0U);
  EXPECT_EQ(thread.pfminor, version >= 2 ? 14U : 0U);
  EXPECT_EQ(thread.env, version >= 3 ? "X=1\0"s : "");
  EXPECT_EQ(thread.vtid, version >= 4 ? 6 : -1);
  EXPECT_EQ(thread.vpid, version >= 4 ? 7 : -1);
  EXPECT_EQ(thread.cgroups, version >= 4 ? "cpu=/x\0"s : "");
  EXPECT_EQ(thread.root, version >= 5 ? "/root" : "");
  EXPECT_EQ(thread.loginuid, 0xffffffffU);
  EXPECT_EQ(thread.pgid, -1);
}

INSTANTIATE_TEST_SUITE_P(All, ThreadLists,
                         ::testing::Values(ThreadListCase{0x202, 1}, ThreadListCase{0x8000ABCD, 1},
                                           ThreadListCase{0x207, 2}, ThreadListCase{0x8013ABCD, 2},
                                           ThreadListCase{0x209, 3}, ThreadListCase{0x8014ABCD, 3},
                                           ThreadListCase{0x210, 4}, ThreadListCase{0x211, 5},
                                           ThreadListCase{0x212, 6}, ThreadListCase{0x213, 7},
                                           ThreadListCase{0x214, 8}, ThreadListCase{0x215, 9}));

ThreadSnapshot thread_with_tail(const std::string& tail) {
  const std::string entry = thread_entry(9, 100) + tail;
  const Drained result =
      with_block(0x215, u32(static_cast<std::uint32_t>(entry.size() + 4)) + entry);
  EXPECT_EQ(result.error, "");
  return result.snapshots.at(0).threads.at(0);
}

TEST(ThreadTail, IsReadAsFarAsItGoes) {
  const std::string tail = u64(20) + u32(21) + u32(22) + u8(1) + u64(23) + u64(24) + u64(25) +
                           u8(1) + u64(26) + u64(27) + u64(28) + u8(1) + u8(1) + i64(29);
  const ThreadSnapshot whole = thread_with_tail(tail + "what comes later");
  EXPECT_EQ(whole.pidns_init_start_ts_ns, 20U);
  EXPECT_EQ(whole.tty, 21U);
  EXPECT_EQ(whole.loginuid, 22U);
  EXPECT_TRUE(whole.is_exe_writable);
  EXPECT_EQ(whole.cap_inheritable, 23U);
  EXPECT_EQ(whole.cap_permitted, 24U);
  EXPECT_EQ(whole.cap_effective, 25U);
  EXPECT_TRUE(whole.is_exe_upper_layer);
  EXPECT_EQ(whole.exe_ino, 26U);
  EXPECT_EQ(whole.exe_ino_ctime_ns, 27U);
  EXPECT_EQ(whole.exe_ino_mtime_ns, 28U);
  EXPECT_TRUE(whole.is_exe_from_memfd);
  EXPECT_TRUE(whole.is_exe_lower_layer);
  EXPECT_EQ(whole.pgid, 29);
  const ThreadSnapshot part = thread_with_tail(tail.substr(0, 42));
  EXPECT_EQ(part.cap_effective, 25U) << "8 + 4 + 4 + 1 + 3 * 8 bytes and the next one";
  EXPECT_TRUE(part.is_exe_upper_layer);
  EXPECT_EQ(part.exe_ino, 0U);
}

TEST(ThreadTail, OfAtMost29BytesHasTheShortLayout) {
  const ThreadSnapshot thread = thread_with_tail(u32(22) + u8(1) + u64(23) + u64(24) + u64(25));
  EXPECT_EQ(thread.loginuid, 22U);
  EXPECT_TRUE(thread.is_exe_writable);
  EXPECT_EQ(thread.cap_inheritable, 23U);
  EXPECT_EQ(thread.cap_effective, 25U);
  EXPECT_EQ(thread.tty, 0U);
}

std::string fd_entry(bool has_length, std::int64_t fd, std::uint8_t type, const std::string& info) {
  const std::string entry = i64(fd) + u64(77) + u8(type) + info;
  return has_length ? u32(static_cast<std::uint32_t>(entry.size() + 4)) + entry : entry;
}

std::vector<FdSnapshot> read_fds(std::uint32_t number, bool has_length) {
  const std::string ip4 = "\1\2\3\4\5\6\7\x8"s;
  const std::string ip6 = std::string(16, 'a') + std::string(16, 'b');
  std::string body = u64(42);
  body += fd_entry(has_length, 0, 1, str("/one"));
  body += fd_entry(has_length, 1, 16, u32(5) + str("/two") + (has_length ? u32(9) : ""));
  body += fd_entry(has_length, 2, 3, ip4 + u16(1000) + u16(80) + u8(2));
  body += fd_entry(has_length, 3, 4, ip6 + u16(1001) + u16(81) + u8(3));
  body += fd_entry(has_length, 4, 5, ip4.substr(0, 4) + u16(53) + u8(3));
  body += fd_entry(has_length, 5, 6, ip6.substr(0, 16) + u16(54) + u8(200));
  body += fd_entry(has_length, 6, 8, u64(7) + u64(8) + str("/sock"));
  body += fd_entry(has_length, 7, 21, str("pidfd"));
  body += fd_entry(has_length, 8, 99, has_length ? "anything" : "");
  const Drained result = with_block(number, body);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.snapshots.at(0).fd_lists.size(), 1U);
  EXPECT_EQ(result.snapshots.at(0).fd_lists.at(0).tid, 42);
  return result.snapshots.at(0).fd_lists.at(0).fds;
}

TEST(FdLists, OfBothVersionsReadEveryType) {
  for (const std::uint32_t number : {0x203U, 0x8001ABCDU, 0x218U}) {
    const bool has_length = number == 0x218;
    const std::vector<FdSnapshot> fds = read_fds(number, has_length);
    ASSERT_EQ(fds.size(), 9U);
    EXPECT_EQ(fds[0].name, "/one");
    EXPECT_EQ(fds[0].type, FdType::kFile);
    EXPECT_EQ(fds[0].inode, 77U);
    EXPECT_EQ(fds[1].name, "/two");
    EXPECT_EQ(fds[1].type, FdType::kFile);
    EXPECT_EQ(fds[1].open_flags, 5U);
    EXPECT_EQ(fds[1].device, has_length ? 9U : 0U);
    EXPECT_EQ(fds[2].source_address[3], 4);
    EXPECT_EQ(fds[2].destination_address[0], 5);
    EXPECT_EQ(fds[2].source_port, 1000);
    EXPECT_EQ(fds[2].destination_port, 80);
    EXPECT_EQ(fds[2].l4proto, L4Proto::kTcp);
    EXPECT_EQ(fds[3].source_address[15], 'a');
    EXPECT_EQ(fds[3].destination_address[15], 'b');
    EXPECT_EQ(fds[4].destination_address[0], 1);
    EXPECT_EQ(fds[4].destination_port, 53);
    EXPECT_EQ(fds[5].destination_address[0], 'a');
    EXPECT_EQ(fds[5].l4proto, L4Proto::kUnknown);
    EXPECT_EQ(fds[6].unix_source, 7U);
    EXPECT_EQ(fds[6].unix_destination, 8U);
    EXPECT_EQ(fds[6].name, "/sock");
    EXPECT_EQ(fds[7].type, FdType::kPidfd);
    EXPECT_EQ(fds[8].type, FdType::kUnsupported);
    EXPECT_EQ(fds[8].name, "unknown-type:[99]");
  }
}

TEST(UserLists, OfBothVersions) {
  const std::string user = u8(0) + u32(1) + u32(2) + str("alice") + str("/home/a") + str("/bin/sh");
  const std::string group = u8(1) + u32(3) + str("staff");
  const auto entry = [](const std::string& body) {
    return u32(static_cast<std::uint32_t>(body.size() + 4)) + body;
  };
  for (const std::uint32_t number : {0x206U, 0x8012ABCDU, 0x220U}) {
    const Drained result = with_block(
        number, number == 0x220 ? entry(user + "later") + entry(u8(9) + "new kind") + entry(group)
                                : user + group);
    ASSERT_EQ(result.error, "");
    const Snapshot& snapshot = result.snapshots.at(0);
    ASSERT_EQ(snapshot.users.size(), 1U);
    EXPECT_EQ(snapshot.users[0].uid, 1U);
    EXPECT_EQ(snapshot.users[0].gid, 2U);
    EXPECT_EQ(snapshot.users[0].name, "alice");
    EXPECT_EQ(snapshot.users[0].home, "/home/a");
    EXPECT_EQ(snapshot.users[0].shell, "/bin/sh");
    ASSERT_EQ(snapshot.groups.size(), 1U);
    EXPECT_EQ(snapshot.groups[0].gid, 3U);
    EXPECT_EQ(snapshot.groups[0].name, "staff");
  }
}

TEST(InterfaceLists, OfBothVersions) {
  const std::string four = u16(1) + u16(2) + "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc"s + u64(1000) + "lo";
  const std::string six = u16(4) + u16(4) + std::string(48, 'x') + "eth0";
  const auto entry = [](const std::string& body) {
    return u32(static_cast<std::uint32_t>(body.size())) + body;
  };
  for (const std::uint32_t number : {0x205U, 0x8011ABCDU, 0x219U}) {
    const Drained result = with_block(
        number, number == 0x219 ? entry(four) + entry(u16(9) + u16(0)) + entry(six) : four + six);
    ASSERT_EQ(result.error, "");
    const std::vector<InterfaceSnapshot>& interfaces = result.snapshots.at(0).interfaces;
    ASSERT_EQ(interfaces.size(), 2U);
    EXPECT_FALSE(interfaces[0].is_ipv6);
    EXPECT_EQ(interfaces[0].name, "lo");
    EXPECT_EQ(interfaces[0].address[0], 1);
    EXPECT_EQ(interfaces[0].netmask[0], 5);
    EXPECT_EQ(interfaces[0].broadcast[3], 12);
    EXPECT_TRUE(interfaces[1].is_ipv6);
    EXPECT_EQ(interfaces[1].name, "eth0");
  }
}

TEST(MachineInfo, OfBothNumbers) {
  std::string body = u32(4) + u64(1 << 30) + u64(32768) + std::string("host");
  body.resize(20 + 128);
  body += u64(99) + u64(0) + u64(0) + u64(0);
  for (const std::uint32_t number : {0x201U, 0x8002ABCDU}) {
    const Drained result = with_block(number, body);
    ASSERT_EQ(result.error, "");
    const MachineSnapshot& machine = result.snapshots.at(0).machine;
    EXPECT_EQ(machine.cpu_count, 4U);
    EXPECT_EQ(machine.memory_bytes, 1U << 30);
    EXPECT_EQ(machine.hostname, "host");
    EXPECT_EQ(machine.boot_ts_ns, 99U);
  }
}

struct BadListCase {
  std::uint32_t number;
  std::string body;
  std::string error;
};

TEST(BadLists, NameTheBlockAndTheEntry) {
  const std::string thread = thread_entry(9, 1);
  const BadListCase cases[] = {
      {0x201, "short", "(byte 0) does not fit in the machine info block at offset 28"},
      {0x202, thread_entry(1, 1).substr(0, 50), "process list"},
      {0x202, thread_entry(1, 1) + i64(5), "(byte " + std::to_string(thread_entry(1, 1).size())},
      {0x215, u32(3) + thread, "process list"},
      {0x215, u32(0xffffffff) + thread, "process list"},
      {0x215, u32(20) + thread, "process list"},
      {0x218, "abc", "fd list"},
      {0x218, u64(1) + u32(10) + std::string(30, 'x'), "fd list"},
      {0x218, u64(1) + fd_entry(true, 1, 4, "short"), "fd list"},
      {0x203, u64(1) + fd_entry(false, 1, 1, u16(500)), "fd list"},
      {0x220, u32(9) + u8(0) + u32(0), "user list"},
      {0x206, u8(7) + u32(0), "user list"},
      {0x219, u32(500) + u16(1), "interface list"},
      {0x205, u16(9) + u16(0) + u64(0), "interface list"},
  };
  for (const BadListCase& row : cases) {
    const Drained result = with_block(row.number, row.body);
    EXPECT_THAT(result.error, HasSubstr("does not fit")) << row.number;
    EXPECT_THAT(result.error, HasSubstr(row.error));
    EXPECT_EQ(result.events.size(), 0U);
  }
}

TEST(SnapshotReader, DropsAndCountsWhatIsAboveTheBound) {
  std::string body = u64(1);
  for (int i = 0; i < 100; ++i) {
    body += fd_entry(false, i, 1, str("name"));
  }
  CaptureBytes capture;
  capture.block(0x203, body);
  BlockReader reader(capture.bytes());
  Block block;
  ASSERT_TRUE(reader.try_next(block));
  Snapshot snapshot;
  Counters counters;
  SnapshotReader snapshot_reader(snapshot, counters,
                                 sizeof(FdListSnapshot) + 40 * (sizeof(FdSnapshot) + 4) + 1);
  ASSERT_TRUE(snapshot_reader.add(block, find_block_type(block.number)));
  EXPECT_EQ(counters.get(Counter::kScapSnapshotDroppedFull), 60U);
  ASSERT_EQ(snapshot.fd_lists.size(), 1U);
  EXPECT_EQ(snapshot.fd_lists[0].fds.size(), 40U);
}

}  // namespace
}  // namespace saker::scap
