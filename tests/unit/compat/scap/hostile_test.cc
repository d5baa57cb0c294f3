// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Captures that were cut, changed or made up: reading must end with events, an error or both, and
// never touch memory that is not its own (run with the asan preset). Seeds are printed on failure.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compat/scap/byte_output.h"
#include "tests/unit/compat/scap/capture_bytes.h"

namespace saker::scap {
namespace {

using enum EventType;

std::string gzip(std::string_view plain) {
  std::vector<std::byte> bytes;
  auto output = make_gzip_output(make_memory_output(bytes));
  EXPECT_TRUE(output && (*output)->write(as_bytes(plain)) && (*output)->close());
  return std::string(as_text(bytes));
}

// A capture with a block of every kind, old and new events, and two sections.
std::string varied_capture() {
  const std::string thread = i64(1) + i64(1) + i64(0) + str("c") + str("e") + str("a") + str("/") +
                             u64(1) + u32(2) + u32(3) + u32(4);
  const std::string user = u8(0) + u32(1) + u32(2) + str("alice") + str("/a") + str("/sh");
  const std::string fd = i64(1) + u64(2) + u8(8) + u64(1) + u64(2) + str("/sock");
  const std::string four = u16(1) + u16(2) + std::string(12, 'i') + u64(1) + "lo";
  const auto entry = [](const std::string& body) {
    return u32(static_cast<std::uint32_t>(body.size() + 4)) + body;
  };
  CaptureBytes capture;
  for (int section = 0; section < 2; ++section) {
    capture.section()
        .block(0x201, std::string(180, 'm'))
        .block(0x202, thread + thread)
        .block(0x203, i64(1) + fd)
        .block(0x218, i64(1) + entry(fd) + entry(i64(2) + u64(3) + u8(77) + "?"))
        .block(0x206, user)
        .block(0x220, entry(user) + entry(u8(1) + u32(5) + str("staff")))
        .block(0x205, four)
        .block(0x219, u32(static_cast<std::uint32_t>(four.size())) + four)
        .block(0x4444, "unknown")
        .event(kSyscallReadE, {i64(5), u32(100)})
        .event(kSyscallReadX, {i64(3), "abc"})
        .event(kSyscallCloneV11X, {i64(77), text("bash"), "", i64(1), i64(2), i64(3), text("/"),
                                   i64(1024), u32(0), u32(10), u32(20)})
        .event(kContainerE, {text("id"), u32(0), text("name"), text("image")})
        .event(kAsynceventE, {u32(1), text("name"), "data"})
        .close_event()
        .block(0x204,
               u16(0) + record_of(static_cast<std::uint16_t>(kSyscallReadX), {i64(3), "abc"}, 1))
        .block(0x208,
               u16(0) + u32(1) + record_of(static_cast<std::uint16_t>(kSyscallCloseX), {i64(3)}, 1))
        .block(0x222, u16(0) + u32(1) +
                          record_of(static_cast<std::uint16_t>(kAsynceventE), {u32(1), "", "x"}))
        .event(kSocketConnectE, {i64(3), "address"})
        .close_event();
  }
  return capture.text();
}

// Reads it both ways in which blocks reach the reader; the results must agree.
void expect_it_ends(const std::string& bytes, const std::string& what) {
  const Drained plain = drain_memory(as_bytes(bytes));
  EXPECT_EQ(plain.error.find("does not end"), std::string::npos) << what;
  if (bytes.substr(0, 2) != "\x1f\x8b") {
    const Drained streamed = drain_memory(as_bytes(gzip(bytes)));
    EXPECT_EQ(streamed.error, plain.error) << what;
    EXPECT_TRUE(streamed.events == plain.events) << what;
  }
}

TEST(Hostile, VariedCaptureIsFine) {
  const Drained result = drain_memory(as_bytes(varied_capture()));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.events.size(), 20U);
  EXPECT_EQ(result.snapshots.size(), 2U);
}

TEST(Hostile, CutAnywhere) {
  const std::string capture = varied_capture();
  for (std::size_t size = 0; size < capture.size(); ++size) {
    expect_it_ends(capture.substr(0, size), "cut at " + std::to_string(size));
  }
}

TEST(Hostile, CutGzipAnywhere) {
  const std::string capture = gzip(varied_capture());
  for (std::size_t size = 0; size < capture.size(); ++size) {
    expect_it_ends(capture.substr(0, size), "cut at " + std::to_string(size));
    const Drained result = drain_memory(as_bytes(capture.substr(0, size)));
    EXPECT_NE(result.error, "") << size;
  }
}

TEST(Hostile, EveryByteReplaced) {
  const std::string capture = varied_capture();
  for (std::size_t at = 0; at < capture.size(); ++at) {
    for (const int value : {0x00, 0xff, 0x7f, 0x80}) {
      std::string changed = capture;
      changed[at] = static_cast<char>(value);
      const Drained result = drain_memory(as_bytes(changed));
      EXPECT_EQ(result.error.find("does not end"), std::string::npos) << at;
    }
  }
}

TEST(Hostile, EveryAlignedLengthReplaced) {
  const std::string capture = varied_capture();
  for (std::size_t at = 0; at + 4 <= capture.size(); at += 2) {
    for (const std::uint32_t value : {0U, 12U, 0xfffffffcU, 0x80000000U, 0x10000U, 0x01000000U}) {
      std::string changed = capture;
      changed.replace(at, 4, u32(value));
      const Drained result = drain_memory(as_bytes(changed));
      EXPECT_EQ(result.error.find("does not end"), std::string::npos) << at;
    }
  }
}

TEST(Hostile, RandomBytesFlipped) {
  // Other bytes in each run; SAKER_SEED repeats one.
  const char* wanted = std::getenv("SAKER_SEED");
  const unsigned seed = wanted == nullptr
                            ? std::random_device()()
                            : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
  SCOPED_TRACE("SAKER_SEED=" + std::to_string(seed));
  RecordProperty("seed", std::to_string(seed));
  std::mt19937 random(seed);
  const std::string plain = varied_capture();
  const std::string compressed = gzip(plain);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = round % 4 == 0 ? compressed : plain;
    const std::size_t flips = 1 + random() % 8;
    for (std::size_t i = 0; i < flips; ++i) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
    }
    if (round % 3 == 0) {
      bytes.resize(random() % bytes.size());
    }
    expect_it_ends(bytes, "round " + std::to_string(round));
  }
}

TEST(Hostile, GzipBombEndsWithinBounds) {
  // 300 MB of zeros in 300 kB: a list block that claims to be as long as that, and unknown blocks.
  CaptureBytes head;
  head.section();
  std::vector<std::byte> bytes;
  auto output = make_gzip_output(make_memory_output(bytes));
  ASSERT_TRUE(output && (*output)->write(head.bytes()));
  ASSERT_TRUE((*output)->write(as_bytes(u32(0x9999) + u32(300 << 20))));
  const std::string zeros(1 << 20, '\0');
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE((*output)->write(as_bytes(zeros)));
  }
  ASSERT_TRUE((*output)->close());
  EXPECT_LT(bytes.size(), 1U << 20);
  const Drained result = drain_memory(bytes);
  EXPECT_NE(result.error, "");
  EXPECT_TRUE(result.events.empty());
}

// The corpus of the fuzz target, so that every run of the tests goes through it.
TEST(Hostile, FuzzSeedsEnd) {
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  const auto dir =
      std::filesystem::path(source != nullptr ? source : ".") / "tests/fuzz/corpus/scap";
  if (!std::filesystem::is_directory(dir)) {
    GTEST_SKIP() << "no seeds beside the test; run it with ctest";
  }
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    expect_it_ends(bytes, file.path().string());
    ++count;
  }
  EXPECT_GT(count, 3U);
}

}  // namespace
}  // namespace saker::scap
