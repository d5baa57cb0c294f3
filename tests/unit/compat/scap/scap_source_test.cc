// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/scap_source.h"

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compat/scap/byte_output.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/compat/scap/capture_bytes.h"

namespace saker::scap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::uint16_t kClose = static_cast<std::uint16_t>(EventType::kSyscallCloseX);

std::string gzip(std::string_view plain) {
  std::vector<std::byte> bytes;
  auto output = make_gzip_output(make_memory_output(bytes));
  EXPECT_TRUE(output && (*output)->write(as_bytes(plain)) && (*output)->close());
  return std::string(as_text(bytes));
}

std::string one_event() {
  CaptureBytes capture;
  capture.section().close_event();
  return capture.text();
}

// Header of the section's block with some fields replaced.
std::string section_with(std::uint32_t magic, std::uint16_t major) {
  CaptureBytes capture;
  capture.block(block_number::kSectionHeader,
                u32(magic) + u16(major) + u16(kMinorVersion) + u64(~0ULL));
  return capture.text();
}

std::string big_endian_section() {
  std::string bytes = section_with(0x4D3C2B1A, 0x0100);
  for (const std::size_t at : {std::size_t{4}, bytes.size() - 4}) {
    std::swap(bytes[at], bytes[at + 3]);
    std::swap(bytes[at + 1], bytes[at + 2]);
  }
  return bytes;
}

std::string damaged_trailer() {
  std::string bytes = one_event();
  bytes[bytes.size() - 4] ^= 4;
  return bytes;
}

std::string with_length(std::string bytes, std::size_t at, std::uint32_t length) {
  const std::string value = u32(length);
  return bytes.replace(at, 4, value);
}

struct FaultCase {
  const char* name;
  std::string bytes;
  std::string error;  // begins with
  std::size_t event_count = 0;
};

void PrintTo(const FaultCase& row, std::ostream* out) {
  *out << row.name;
}

std::vector<FaultCase> fault_cases() {
  const std::string header = CaptureBytes().section().text();
  const std::string event = one_event().substr(header.size());
  CaptureBytes bad_record;
  bad_record.section().close_event().block(
      block_number::kEventV2, u16(0) + with_length(record_of(kClose, {i64(0), i64(1)}), 16, 27));
  CaptureBytes long_record;
  long_record.section().block(block_number::kEventV2,
                              u16(0) + with_length(record_of(kClose, {i64(0), i64(1)}), 16, 999));
  CaptureBytes many_params;
  many_params.section().block(
      block_number::kEventV2,
      u16(0) + with_length(record_of(kClose, {i64(0), i64(1)}), 22, 0xffffffff));
  CaptureBytes short_event;
  short_event.section().block(block_number::kEventV2, std::string(20, '\0'));
  CaptureBytes huge_event;
  huge_event.section().block(block_number::kEventV2, u16(0) + record_of(kClose, {i64(0), i64(1)}) +
                                                         std::string(kMaxSmallBlockBytes, '\0'));
  CaptureBytes odd_v1;
  odd_v1.section().block(0x204, u16(0) + with_length(record_of(kClose, {i64(0)}, 1), 16, 31));
  return {
      {"Empty", "", "error reading from file (1)"},
      {"Short", "\n\r\r\n", "error reading from file (1)"},
      {"HalfHeader", header.substr(0, 20), "error reading from file (1)"},
      {"NotACapture", "#!/bin/sh\necho hello, this is no capture\n", "invalid block type"},
      {"OtherByteOrder", big_endian_section(), "invalid magic number"},
      {"WrongMagic", section_with(1, 1), "invalid magic number"},
      {"NewMajor", section_with(kSectionMagic, 2), "capture version 2 is not supported"},
      {"HeaderOnly", header, "no events in file"},
      {"CutHeaderTrailer", header.substr(0, 26),
       "expecting 20 bytes, read 18 of the section header block at offset 0. Is the file "
       "truncated?"},
      {"CutBlockHeader", one_event() + event.substr(0, 5),
       "expecting 8 bytes, read 5 of the block header at offset 88. Is the file truncated?", 1},
      {"CutBody", one_event() + event.substr(0, event.size() - 1),
       "expecting 52 bytes, read 51 of the event block at offset 88. Is the file truncated?", 1},
      {"CutFirstEvent", header + event.substr(0, 30), "expecting 52 bytes, read 22"},
      {"Trailer", damaged_trailer(),
       "wrong block total length, header 60, trailer 56 in the event"},
      {"LengthTooSmall", header + u32(0x216) + u32(8) + u32(8), "wrong block total length 8"},
      {"LengthNotAligned", header + u32(0x216) + u32(65) + std::string(70, '\0'),
       "wrong block total length 65"},
      {"LyingEventLength", header + u32(0x216) + u32(0xfffffffc) + std::string(64, '\0'),
       "block total length 4294967292 is above the limit in the event block at offset 28"},
      {"LyingListLength", header + u32(0x215) + u32(0x0ffffffc) + std::string(64, '\0'),
       "expecting 268435444 bytes, read 64 of the process list block"},
      {"LyingUnknownLength", header + u32(0x7777) + u32(0xfffffffc) + std::string(64, '\0'),
       "expecting 4294967284 bytes, read 64 of the block of type 0x7777"},
      {"RecordTooShort", bad_record.text(),
       "the lengths of an event do not fit in the event block at offset 88", 1},
      {"RecordTooLong", long_record.text(), "the lengths of an event do not fit"},
      {"ManyParams", many_params.text(), "the lengths of an event do not fit"},
      {"ShortEvent", short_event.text(), "too few bytes for an event"},
      {"HugeEvent", huge_event.text(), "block total length"},
      {"OddV1", odd_v1.text(), "the lengths of an event do not fit"},
      {"OtherBlockAfterEvents", one_event() + CaptureBytes().block(0x215, "").text(),
       "could not restart capture: invalid block type in the process list block at offset 88", 1},
      {"UnknownBlockAfterEvents", one_event() + CaptureBytes().block(0x7777, "x").text(),
       "could not restart capture: invalid block type", 1},
      {"HugeUnknownBlockAfterEvents",
       one_event() + CaptureBytes().block(0x7777, std::string(1 << 20, 'x')).text(),
       "could not restart capture: invalid block type", 1},
      {"SectionWithoutEvents", one_event() + header, "could not restart capture: no events in file",
       1},
  };
}

class Faults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(Faults, AreReportedAfterTheEventsBefore) {
  const FaultCase& row = GetParam();
  const Drained result = drain_memory(as_bytes(row.bytes));
  EXPECT_THAT(result.error, StartsWith(row.error));
  EXPECT_EQ(result.events.size(), row.event_count);
  const Drained compressed = drain_memory(as_bytes(gzip(row.bytes)));
  EXPECT_EQ(compressed.error, result.error);
  EXPECT_EQ(compressed.events, result.events);
  const testing::TempDir dir;
  std::ofstream(dir.file("x.scap"), std::ios::binary) << row.bytes;
  const Drained from_file = drain_file(dir.file("x.scap"));
  EXPECT_EQ(from_file.error, result.error);
  EXPECT_EQ(from_file.events, result.events);
}

INSTANTIATE_TEST_SUITE_P(All, Faults, ::testing::ValuesIn(fault_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(ScapSource, ReadsEventsOfEveryBlockKind) {
  const std::string close = record_of(kClose, {i64(0), i64(1)});
  CaptureBytes capture;
  capture.section()
      .block(0x216, u16(1) + close)
      .block(0x217, u16(2) + u32(0) + close)
      .block(0x217, u16(3) + u32(1) + close)
      .block(0x221, u16(4) + close)
      .block(0x222, u16(5) + u32(1) + close)
      .block(0x204, u16(6) + record_of(kClose, {i64(0), i64(1)}, 1))
      .block(0x208, u16(7) + u32(1) + record_of(kClose, {i64(0), i64(1)}, 1))
      .block(0x8010ABCD, u16(8) + record_of(kClose, {i64(0), i64(1)}, 1));
  const Drained result = drain_memory(capture.bytes());
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(result.events.size(), 8U);
  const bool state_only[] = {false, false, true, false, true, false, true, false};
  for (std::size_t i = 0; i < result.events.size(); ++i) {
    EXPECT_EQ(result.events[i].bytes, close) << i;
    EXPECT_EQ(result.events[i].number, i + 1);
    EXPECT_EQ(result.events[i].cpu, i + 1);
    EXPECT_EQ(result.events[i].is_state_only, state_only[i]) << i;
  }
}

TEST(ScapSource, IgnoresBytesBehindTheRecord) {
  const std::string close = record_of(kClose, {i64(0), i64(1)});
  CaptureBytes capture;
  capture.section().block(0x216, u16(0) + close + "a comment of pcapng");
  const Drained result = drain_memory(capture.bytes());
  ASSERT_EQ(result.events.size(), 1U) << result.error;
  EXPECT_EQ(result.events[0].bytes, close);
}

TEST(ScapSource, DoesNotCountTypesThatTheCatalogueDoesNotHave) {
  CaptureBytes capture;
  capture.section()
      .block(0x216, u16(0) + record_of(454, {"abc"}))
      .block(0x204, u16(0) + record_of(0xffff, {}, 1))
      .close_event();
  const Drained result = drain_memory(capture.bytes());
  ASSERT_EQ(result.events.size(), 1U) << result.error;
  EXPECT_EQ(result.events[0].number, 1U);
  EXPECT_EQ(result.count(Counter::kEventsUnknownType), 2U);
}

TEST(ScapSource, SkipsUnknownBlocksBeforeTheFirstEvent) {
  CaptureBytes capture;
  capture.section().block(0x7777, "short").block(0x7778, std::string(3 << 20, 'x')).close_event();
  for (const std::string& bytes : {capture.text(), gzip(capture.text())}) {
    const Drained result = drain_memory(as_bytes(bytes));
    EXPECT_EQ(result.events.size(), 1U) << result.error;
    EXPECT_EQ(result.count(Counter::kScapBlocksSkipped), 2U);
  }
}

TEST(ScapSource, BeginsAnewAtEverySection) {
  CaptureBytes first;
  first.section()
      .block(0x206, u8(0) + u32(1) + u32(2) + str("alice") + str("/a") + str("/sh"))
      .close_event(1)
      .close_event(2);
  CaptureBytes second;
  second.section().block(0x206, u8(1) + u32(9) + str("staff")).close_event(3);
  // The enter event of the first section must not meet the exit event of the second.
  CaptureBytes third;
  third.section().event(EventType::kSyscallReadX, {i64(1), "x"});
  CaptureBytes enter;
  enter.event(EventType::kSyscallReadE, {i64(55), u32(66)});
  const std::string all = first.text() + second.text() + enter.text() + third.text();
  for (const std::string& bytes :
       {all, gzip(all),
        gzip(first.text()) + gzip(second.text() + enter.text()) + gzip(third.text())}) {
    const Drained result = drain_memory(as_bytes(bytes));
    EXPECT_EQ(result.error, "");
    EXPECT_THAT(result.snapshot_at, ElementsAre(0, 2, 3));
    ASSERT_EQ(result.events.size(), 4U);
    EXPECT_EQ(result.events[3].number, 4U);
    EXPECT_EQ(result.events[3].param(2), i64(0)) << "an enter event of another section was used";
    ASSERT_EQ(result.snapshots.size(), 3U);
    EXPECT_EQ(result.snapshots[0].users.size(), 1U);
    EXPECT_EQ(result.snapshots[1].users.size(), 0U);
    EXPECT_EQ(result.snapshots[1].groups.size(), 1U);
    EXPECT_EQ(result.snapshots[2].groups.size(), 0U);
  }
}

TEST(ScapSource, GivesEventsInBatchesWithoutLosingAny) {
  CaptureBytes capture;
  capture.section();
  constexpr std::size_t kCount = 20000;
  for (std::size_t i = 0; i < kCount; ++i) {
    // Blocks of many sizes, so that the window ends everywhere in them.
    capture.event(EventType::kSyscallWriteX,
                  {i64(1), std::string(i % 257, 'd'), i64(static_cast<std::int64_t>(i)), u32(1)});
  }
  for (const std::string& bytes : {capture.text(), gzip(capture.text())}) {
    const Drained result = drain_memory(as_bytes(bytes));
    EXPECT_EQ(result.error, "");
    ASSERT_EQ(result.events.size(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
      ASSERT_EQ(result.events[i].param(2), i64(static_cast<std::int64_t>(i)));
      ASSERT_EQ(result.events[i].number, i + 1);
    }
  }
}

TEST(ScapSource, IgnoresBytesBehindTheLastGzipMember) {
  const Drained result = drain_memory(as_bytes(gzip(one_event()) + std::string(100, '\0')));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.events.size(), 1U);
}

TEST(ScapSource, ReportsACutGzipStreamAfterItsEvents) {
  CaptureBytes capture;
  capture.section();
  for (int i = 0; i < 1000; ++i) {
    capture.event(EventType::kSyscallCloseX, {i64(i), i64(i * 7919)});
  }
  const std::string whole = gzip(capture.text());
  const Drained result = drain_memory(as_bytes(whole).first(whole.size() / 2));
  EXPECT_THAT(result.error, StartsWith("expecting "));
  EXPECT_THAT(result.error, HasSubstr("Is the file truncated?"));
  EXPECT_GT(result.events.size(), 10U);
  // Cut within the checksum: every block is there, yet the stream has no end.
  const Drained almost = drain_memory(as_bytes(whole).first(whole.size() - 3));
  EXPECT_EQ(almost.events.size(), 1000U);
  EXPECT_THAT(almost.error, StartsWith("expecting 8 bytes, read 0"));
}

TEST(ScapSource, ReportsADamagedGzipStream) {
  std::string bytes = gzip(one_event());
  bytes[bytes.size() - 6] ^= 1;  // checksum
  const Drained result = drain_memory(as_bytes(bytes));
  EXPECT_THAT(result.error, HasSubstr("damaged gzip stream"));
  EXPECT_EQ(result.events.size(), 1U);
}

TEST(ScapSource, NamesTheFileThatItCannotOpen) {
  const Drained missing = drain_file("/nonexistent/x.scap");
  EXPECT_TRUE(missing.failed_to_open);
  EXPECT_THAT(missing.error, HasSubstr("/nonexistent/x.scap"));
  const Drained folder = drain_file(std::filesystem::temp_directory_path().string());
  EXPECT_TRUE(folder.failed_to_open);
  EXPECT_THAT(folder.error, HasSubstr("Is a directory"));
}

TEST(ScapSource, ReadsAFileThatShrinksMeanwhile) {
  const testing::TempDir dir;
  CaptureBytes capture;
  capture.section();
  for (int i = 0; i < 100000; ++i) {
    capture.close_event(i);
  }
  std::ofstream(dir.file("x.scap"), std::ios::binary) << capture.text();
  Counters counters;
  auto source = ScapSource::open(dir.file("x.scap"), counters);
  ASSERT_TRUE(source);
  Batch batch;
  ASSERT_TRUE((*source)->next(batch));
  std::filesystem::resize_file(dir.file("x.scap"), 100);
  Result<SourceStatus> status = SourceStatus::kEvents;
  while (status && *status == SourceStatus::kEvents) {
    status = (*source)->next(batch);
  }
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("Is the file truncated?"));
}

}  // namespace
}  // namespace saker::scap
