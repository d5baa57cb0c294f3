// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Captures of 100 MB that lie about what they hold, given to the product: it ends by itself, with a
// result or an error, within bounds of processor time and memory that the kernel enforces.
#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/bounded_run.h"
#include "tests/unit/compat/scap/capture_bytes.h"

namespace saker::testing {
namespace {

using namespace scap;  // NOLINT(google-build-using-namespace): builders of captures

constexpr std::size_t kCaptureBytes = 100'000'000;
// A snapshot may take 1 GiB (SnapshotReader::kMaxSnapshotBytes), the tables made from it the rest.
constexpr std::size_t kMemory = std::size_t{3} << 30;
constexpr unsigned kSeconds = 60;

const char* const kRule = R"(
- rule: Anything
  desc: x
  condition: evt.type = openat and fd.name = /never
  output: x
  priority: INFO
)";

class LyingCapture : public ::testing::Test {
protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer's memory cannot be bounded";
#endif
    config_ = binary_.write("falco.yaml", quiet_config());
    rules_ = binary_.write("rules.yaml", kRule);
  }

  void make(const std::function<void(std::ofstream&)>& write) {
    std::ofstream file(capture(), std::ios::binary);
    CaptureBytes begin;
    begin.section();
    file << begin.text();
    write(file);
  }
  [[nodiscard]] std::string capture() const {
    return binary_.path("a.scap");
  }

  // Replays what make() wrote.
  void expect_it_ends(const std::string& expected = "") {
    std::filesystem::remove(binary_.path("stderr"));
    RunResult result;
    const std::string outcome =
        run_bounded({.cpu_seconds = kSeconds, .memory_bytes = kMemory}, [&] {
          result = binary_.run({"-c", config_, "-r", rules_, "-o", "engine.kind=replay", "-o",
                                "engine.replay.capture_file=" + capture()});
          rusage usage{};
          ::getrusage(RUSAGE_CHILDREN, &usage);
          std::fprintf(stderr, "%ld MB, %ld.%02ld s\n", usage.ru_maxrss / 1024,
                       usage.ru_utime.tv_sec + usage.ru_stime.tv_sec,
                       usage.ru_utime.tv_usec / 10000);
          return result.exit_code == 0 || result.exit_code == 1;
        });
    EXPECT_EQ(outcome, "true") << binary_.read("stderr");
    EXPECT_NE(binary_.read("stderr").find("Replaying the capture"), std::string::npos)
        << "it did not begin";
    EXPECT_NE(binary_.read("stderr").find(expected), std::string::npos) << binary_.read("stderr");
  }

  // A block whose content is `body`, repeated until there are 100 MB.
  void make_block(std::uint32_t number, const std::string& head, const std::string& body) {
    make([&](std::ofstream& file) {
      const std::size_t count = (kCaptureBytes - head.size()) / body.size() / 4 * 4;
      std::size_t size = head.size() + count * body.size();
      const std::size_t padding = (4 - size % 4) % 4;
      size += padding + kMinBlockBytes;
      file << u32(number) << u32(static_cast<std::uint32_t>(size)) << head;
      std::string many;
      for (std::size_t i = 0; i < 1000; ++i) {
        many += body;
      }
      for (std::size_t i = 0; i < count / 1000; ++i) {
        file << many;
      }
      for (std::size_t i = 0; i < count % 1000; ++i) {
        file << body;
      }
      file << std::string(padding, '\0') << u32(static_cast<std::uint32_t>(size));
    });
  }

  Binary binary_;
  std::string config_;
  std::string rules_;
};

std::string entry(const std::string& body) {
  return u32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

TEST_F(LyingCapture, ABlockThatIsLongerThanTheFile) {
  make([](std::ofstream& file) { file << u32(block_number::kProcessListV9) << u32(200'000'000); });
  std::filesystem::resize_file(capture(), kCaptureBytes);
  expect_it_ends("Is the file truncated?");
  make([](std::ofstream& file) { file << u32(block_number::kEventV2) << u32(0xfffffff0); });
  std::filesystem::resize_file(capture(), kCaptureBytes);
  expect_it_ends("above the limit");
}

TEST_F(LyingCapture, NothingButZeros) {
  make([](std::ofstream& /*file*/) {});
  std::filesystem::resize_file(capture(), kCaptureBytes);
  expect_it_ends("wrong block total length 0");
}

// Twelve bytes each, as many as fit: eight million.
TEST_F(LyingCapture, BlocksWithoutContent) {
  make([](std::ofstream& file) {
    const std::string block = u32(0x7777) + u32(kMinBlockBytes) + u32(kMinBlockBytes);
    std::string many;
    for (int i = 0; i < 1000; ++i) {
      many += block;
    }
    for (std::size_t i = 0; i < kCaptureBytes / many.size(); ++i) {
      file << many;
    }
  });
  expect_it_ends();
}

TEST_F(LyingCapture, ProcessesOfFewBytes) {
  const std::string thread = i64(1) + i64(1) + i64(0) + str("") + str("") + str("") + str("") +
                             u64(1) + u32(2) + u32(3) + u32(4);
  make_block(0x202, "", thread);
  expect_it_ends();
}

TEST_F(LyingCapture, FilesOfFewBytes) {
  make_block(0x203, i64(1), i64(3) + u64(1) + u8(1) + str(""));
  expect_it_ends();
}

TEST_F(LyingCapture, UsersOfFewBytes) {
  make_block(0x220, "", entry(u8(0) + u32(1) + u32(2) + str("") + str("") + str("")));
  expect_it_ends();
}

TEST_F(LyingCapture, EntriesWithoutLength) {
  for (const std::uint32_t number : {block_number::kProcessListV9, block_number::kUserListV2}) {
    make_block(number, "", u32(0));
    expect_it_ends("does not fit");
  }
  make_block(block_number::kFdListV2, i64(1), u32(0));
  expect_it_ends("does not fit");
}

// Each event says that it has four billion parameters, or parameters of 64 KB that are not there.
TEST_F(LyingCapture, EventsThatPromiseParameters) {
  const auto type = static_cast<std::uint16_t>(EventType::kSyscallOpenatV2X);
  for (const std::uint32_t count : {0xffffffffU, 6U}) {
    const std::string lengths = count == 6 ? std::string(12, '\xff') : std::string();
    const std::string record = u64(1000) + u64(7) +
                               u32(static_cast<std::uint32_t>(26 + lengths.size())) + u16(type) +
                               u32(count) + lengths;
    CaptureBytes one;
    one.block(block_number::kEventV2, u16(0) + record);
    make([&](std::ofstream& file) {
      std::string many;
      for (int i = 0; i < 1000; ++i) {
        many += one.text();
      }
      for (std::size_t i = 0; i < kCaptureBytes / many.size(); ++i) {
        file << many;
      }
    });
    expect_it_ends();
  }
}

// A thread per event, none of which was seen before.
TEST_F(LyingCapture, AThreadPerEvent) {
  make([](std::ofstream& file) {
    std::string many;
    std::size_t written = 0;
    for (std::uint64_t tid = 1; written < kCaptureBytes; ++tid) {
      CaptureBytes one;
      one.event(EventType::kSyscallCloseX, {i64(0), i64(3)}, {.ts_ns = 1000 + tid, .tid = tid});
      many += one.text();
      if (many.size() > 1'000'000) {
        file << many;
        written += many.size();
        many.clear();
      }
    }
  });
  expect_it_ends();
}

}  // namespace
}  // namespace saker::testing
