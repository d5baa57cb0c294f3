// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/scap_writer.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/compat/scap/capture_bytes.h"
#include "tests/unit/compat/scap/snapshot_text.h"

namespace saker::scap {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;

RawEvent raw_event(const std::string& record, bool is_state_only = false) {
  return {.bytes = as_bytes(record), .cpu = 3, .is_state_only = is_state_only};
}

Snapshot full_snapshot() {
  Snapshot snapshot;
  snapshot.machine = {.cpu_count = 8, .memory_bytes = 1ULL << 34, .boot_ts_ns = 5, .hostname = "h"};
  ThreadSnapshot thread;
  thread.tid = 100;
  thread.pid = 99;
  thread.comm = "comm";
  thread.exe = "exe";
  thread.exepath = "/bin/exe";
  thread.args = "a\0b\0"s;
  thread.env = "X=1\0"s;
  thread.cgroups = "cpu=/\0"s;
  thread.cwd = "/tmp";
  thread.root = "/";
  thread.uid = 1;
  thread.loginuid = 1000;
  thread.tty = 34816;
  thread.is_exe_writable = true;
  thread.is_exe_lower_layer = true;
  thread.exe_ino = 7;
  thread.exe_ino_ctime_ns = 8;
  thread.exe_ino_mtime_ns = 9;
  thread.cap_effective = 0x1ff;
  thread.pgid = 12;
  snapshot.threads = {thread, ThreadSnapshot{}};
  FdListSnapshot fds;
  fds.tid = 100;
  for (std::uint8_t type = 0; type <= static_cast<std::uint8_t>(FdType::kPidfd); ++type) {
    FdSnapshot fd;
    fd.fd = type;
    fd.type = FdType{type} == FdType::kFileV2 ? FdType::kFile : FdType{type};
    fd.inode = 1000U + type;
    const bool is_ipv4 = fd.type == FdType::kIpv4Socket || fd.type == FdType::kIpv4Server;
    const bool is_ipv6 = fd.type == FdType::kIpv6Socket || fd.type == FdType::kIpv6Server;
    if (is_ipv4 || is_ipv6) {
      fd.destination_address.fill(0);
      std::fill_n(fd.destination_address.begin(), is_ipv6 ? 16 : 4, type);
      fd.destination_port = 443;
      fd.l4proto = L4Proto::kTcp;
      if (fd.type == FdType::kIpv4Socket || fd.type == FdType::kIpv6Socket) {
        std::fill_n(fd.source_address.begin(), is_ipv6 ? 16 : 4, 9);
        fd.source_port = 40000;
      }
    } else {
      fd.name = "name" + std::to_string(type);
    }
    if (fd.type == FdType::kFile) {
      fd.open_flags = 3;
      fd.device = 8;
    }
    if (fd.type == FdType::kUnixSocket) {
      fd.unix_source = 1;
      fd.unix_destination = 2;
    }
    fds.fds.push_back(fd);
  }
  snapshot.fd_lists = {fds, FdListSnapshot{.tid = 5, .fds = {}}};
  snapshot.users = {{.uid = 1, .gid = 2, .name = "u", .home = "/h", .shell = "/s"}};
  snapshot.groups = {{.gid = 2, .name = "g"}};
  InterfaceSnapshot six;
  six.is_ipv6 = true;
  six.name = "eth0";
  six.address.fill(6);
  six.netmask.fill(255);
  InterfaceSnapshot four;
  four.name = "lo";
  four.address[0] = 127;
  snapshot.interfaces = {six, four};
  return snapshot;
}

TEST(ScapWriter, WritesWhatTheReaderReads) {
  const std::string close =
      record_of(static_cast<std::uint16_t>(EventType::kSyscallCloseX), {i64(0), i64(1)});
  const std::string large = record_of(static_cast<std::uint16_t>(EventType::kAsynceventE),
                                      {u32(1), text("name"), std::string(200000, 'd')});
  const Snapshot snapshot = full_snapshot();
  for (const Compression compression : {Compression::kNone, Compression::kGzip}) {
    std::vector<std::byte> bytes;
    auto writer = ScapWriter::create(make_memory_output(bytes), compression);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write_snapshot(snapshot));
    ASSERT_TRUE((*writer)->write_event(raw_event(close)));
    ASSERT_TRUE((*writer)->write_event(raw_event(large)));
    ASSERT_TRUE((*writer)->write_event(raw_event(close, true)));
    ASSERT_TRUE((*writer)->write_event(raw_event(large, true)));
    ASSERT_TRUE((*writer)->write_snapshot(Snapshot{}));
    ASSERT_TRUE((*writer)->write_event(raw_event(close + "bytes behind the record")));
    EXPECT_EQ((*writer)->event_count(), 5U);
    ASSERT_TRUE((*writer)->close());
    const Drained result = drain_memory(bytes);
    EXPECT_EQ(result.error, "");
    ASSERT_EQ(result.snapshots.size(), 2U);
    EXPECT_EQ(to_text(result.snapshots[0]), to_text(snapshot));
    EXPECT_EQ(to_text(result.snapshots[1]), to_text(Snapshot{}));
    ASSERT_EQ(result.events.size(), 5U);
    const std::string* records[] = {&close, &large, &close, &large, &close};
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(result.events[i].bytes, *records[i]);
      EXPECT_EQ(result.events[i].is_state_only, i == 2 || i == 3);
      EXPECT_EQ(result.events[i].cpu, 3);
    }
  }
}

TEST(ScapWriter, BeginsASectionByItself) {
  std::vector<std::byte> bytes;
  auto writer = ScapWriter::create(make_memory_output(bytes), Compression::kNone);
  const std::string close =
      record_of(static_cast<std::uint16_t>(EventType::kSyscallCloseX), {i64(0), i64(1)});
  ASSERT_TRUE(writer && (*writer)->write_event(raw_event(close)) && (*writer)->close());
  EXPECT_EQ(drain_memory(bytes).events.size(), 1U);
}

TEST(ScapWriter, CutsTextsToWhatReadersTake) {
  Snapshot snapshot;
  ThreadSnapshot thread;
  thread.comm = std::string(5000, 'c');
  thread.args = std::string(5000, 'a');
  snapshot.threads = {thread};
  std::vector<std::byte> bytes;
  auto writer = ScapWriter::create(make_memory_output(bytes), Compression::kNone);
  ASSERT_TRUE(writer && (*writer)->write_snapshot(snapshot));
  CaptureBytes event;
  event.close_event();
  bytes.insert(bytes.end(), event.bytes().begin(), event.bytes().end());
  const Drained result = drain_memory(bytes);
  ASSERT_EQ(result.snapshots.size(), 1U) << result.error;
  EXPECT_EQ(result.snapshots[0].threads.at(0).comm.size(), 1024U);
  EXPECT_EQ(result.snapshots[0].threads.at(0).args, std::string(4095, 'a') + '\0');
}

TEST(ScapWriter, SplitsListsThatAreTooLongForOneBlock) {
  Snapshot snapshot;
  ThreadSnapshot thread;
  thread.env = std::string(4095, 'e') + '\0';
  snapshot.threads.assign(9000, thread);
  for (std::size_t i = 0; i < snapshot.threads.size(); ++i) {
    snapshot.threads[i].tid = static_cast<std::int64_t>(i);
  }
  std::vector<std::byte> bytes;
  auto writer = ScapWriter::create(make_memory_output(bytes), Compression::kNone);
  ASSERT_TRUE(writer && (*writer)->write_snapshot(snapshot));
  CaptureBytes event;
  event.close_event();
  bytes.insert(bytes.end(), event.bytes().begin(), event.bytes().end());
  const Drained result = drain_memory(bytes);
  ASSERT_EQ(result.snapshots.size(), 1U) << result.error;
  ASSERT_EQ(result.snapshots[0].threads.size(), 9000U);
  EXPECT_EQ(result.snapshots[0].threads[8999].tid, 8999);
}

TEST(ScapWriter, RefusesWhatIsNoRecord) {
  std::vector<std::byte> bytes;
  auto writer = ScapWriter::create(make_memory_output(bytes), Compression::kNone);
  ASSERT_TRUE(writer);
  const std::uint16_t type = static_cast<std::uint16_t>(EventType::kSyscallCloseX);
  std::string wrong_length = record_of(type, {i64(0), i64(1)});
  wrong_length[16] = 30;
  for (const std::string& record : {std::string("short"), record_of(454, {}), wrong_length,
                                    record_of(type, {}).substr(0, 25)}) {
    const Status status = (*writer)->write_event(raw_event(record));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  }
  const std::string too_long = record_of(type, {std::string(40000, 'x'), std::string(40000, 'x')});
  const Status status = (*writer)->write_event(raw_event(too_long));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kLimit);
  ASSERT_TRUE((*writer)->write_event(raw_event(record_of(type, {i64(0), i64(1)}))));
  ASSERT_TRUE((*writer)->close());
  EXPECT_FALSE((*writer)->close());
  EXPECT_FALSE((*writer)->write_event(raw_event(record_of(type, {}))));
  EXPECT_EQ(drain_memory(bytes).events.size(), 1U);
}

TEST(ScapWriter, TakesTheLongestRecordThatTheReaderTakes) {
  const std::uint16_t type = static_cast<std::uint16_t>(EventType::kSyscallWriteX);
  std::size_t longest = 0;
  for (std::size_t size = 65450; size < 65536; ++size) {
    std::vector<std::byte> bytes;
    auto writer = ScapWriter::create(make_memory_output(bytes), Compression::kNone);
    const std::string record =
        record_of(type, {i64(0), std::string(size - 26 - 8 - 20, 'x'), i64(1), u32(1)});
    ASSERT_EQ(record.size(), size);
    const Status status = (*writer)->write_event(raw_event(record));
    CaptureBytes capture;
    capture.section().block(block_number::kEventV2, u16(0) + record);
    EXPECT_EQ(drain_memory(capture.bytes()).events.size(), status ? 1U : 0U) << size;
    longest = status ? size : longest;
  }
  EXPECT_GT(longest, 65500U);
}

TEST(ScapWriter, ReportsAFullDisk) {
  if (!std::filesystem::exists("/dev/full")) {
    GTEST_SKIP() << "no /dev/full";
  }
  const std::string record =
      record_of(static_cast<std::uint16_t>(EventType::kSyscallCloseX), {i64(0), i64(1)});
  for (const Compression compression : {Compression::kNone, Compression::kGzip}) {
    auto writer = ScapWriter::create("/dev/full", compression);
    ASSERT_TRUE(writer) << writer.error().message;
    ASSERT_TRUE((*writer)->write_event(raw_event(record)));
    const Status closed = (*writer)->close();
    ASSERT_FALSE(closed) << "buffered bytes must not be lost silently";
    EXPECT_EQ(closed.error().code, ErrorCode::kIo);
    EXPECT_THAT(closed.error().message, HasSubstr("/dev/full: No space left on device"));

    auto endless = ScapWriter::create("/dev/full", compression);
    ASSERT_TRUE(endless);
    Status status;
    std::uint64_t events = 0;
    while (status && events < 10000000) {
      status = (*endless)->write_event(raw_event(record));
      ++events;
    }
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kIo);
    EXPECT_FALSE((*endless)->write_event(raw_event(record)));
  }
}

TEST(ScapWriter, AFileThatWasThereBecomesPrivateAndEmpty) {
  const testing::TempDir dir;
  const std::string path = dir.file("x.scap");
  std::ofstream(path) << std::string(1000, 'x');
  std::filesystem::permissions(path, std::filesystem::perms(0666));
  auto output = create_file_output(path);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
  EXPECT_TRUE((*output)->close());
  EXPECT_EQ(std::filesystem::file_size(path), 0U);
}

// Its owner could read it whatever its mode.
TEST(ScapWriter, AnothersFileIsRefusedAndStays) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  const testing::TempDir dir;
  const std::string path = dir.file("x.scap");
  std::ofstream(path) << "theirs";
  ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
  const auto output = create_file_output(path);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ErrorCode::kPermission);
  EXPECT_NE(output.error().message.find("belongs to user 12345"), std::string::npos)
      << output.error().message;
  EXPECT_EQ(std::filesystem::file_size(path), 6U);
}

TEST(ScapWriter, NamesTheFileThatItCannotCreate) {
  const auto writer = ScapWriter::create("/nonexistent/x.scap", Compression::kNone);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, HasSubstr("cannot create /nonexistent/x.scap"));
}

// Copies a capture; returns the path.
std::string rewrite(const std::string& from, const std::string& to, Compression compression) {
  Counters counters;
  auto source = ScapSource::open(from, counters);
  auto writer = ScapWriter::create(to, compression);
  EXPECT_TRUE(source && writer);
  Batch batch;
  while (true) {
    const auto status = (*source)->next(batch);
    if (!status || *status == SourceStatus::kEnd) {
      EXPECT_TRUE(status);
      break;
    }
    if (batch.snapshot != nullptr) {
      EXPECT_TRUE((*writer)->write_snapshot(*batch.snapshot));
    }
    for (const RawEvent& event : batch.events) {
      EXPECT_TRUE((*writer)->write_event(event));
    }
  }
  EXPECT_TRUE((*writer)->close());
  return to;
}

class Rewriting : public ::testing::TestWithParam<const char*> {};

TEST_P(Rewriting, GivesAnEqualCapture) {
  const auto shared = testing::shared_dir();
  if (shared.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const testing::TempDir dir;
  const std::string from = (shared / GetParam()).string();
  const Drained original = drain_file(from);
  ASSERT_EQ(original.error, "");
  ASSERT_EQ(original.snapshots.size(), 1U);
  const auto reader = shared / "spec/scripts/scapread.py";
  const bool has_python = std::filesystem::exists(reader) &&
                          std::system("python3 -c 'import gzip' >/dev/null 2>&1") == 0;
  for (const Compression compression : {Compression::kNone, Compression::kGzip}) {
    const std::string copy = rewrite(from, dir.file("copy.scap"), compression);
    const Drained result = drain_file(copy);
    EXPECT_EQ(result.error, "");
    EXPECT_TRUE(result.events == original.events);
    ASSERT_EQ(result.snapshots.size(), 1U);
    EXPECT_EQ(to_text(result.snapshots[0]), to_text(original.snapshots[0]));
    if (has_python && compression == Compression::kGzip) {
      const std::string command = "python3 " + reader.string() + " " + copy + " >/dev/null";
      EXPECT_EQ(std::system(command.c_str()), 0) << command;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Rewriting,
                         ::testing::Values("data/first.scap", "data/container.scap",
                                           "data/net.scap", "spec/replay/curl_google.scap",
                                           "spec/replay/single_ipv6_conn.scap",
                                           "spec/replay/synthetic.scap",
                                           "spec/replay/test_ipv6_client.scap"));

}  // namespace
}  // namespace saker::scap
