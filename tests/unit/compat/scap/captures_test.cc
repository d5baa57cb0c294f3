// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reads every recorded capture and compares event numbers and times with what the reference said of
// each event that its rules saw.
#include <zlib.h>

#include <charconv>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "compat/scap/scap_source.h"
#include "engine/event/event_view.h"
#include "tests/support/shared_data.h"

namespace saker::scap {
namespace {

struct Seen {
  std::uint64_t number = 0;
  std::uint64_t ts_ns = 0;
  EventType type{};
  bool is_state_only = false;
};

struct Reading {
  std::vector<Seen> events;
  std::size_t snapshot_count = 0;
  std::size_t malformed_count = 0;
  std::size_t thread_count = 0;
  std::size_t fd_count = 0;
  std::size_t user_count = 0;
};

Reading read_capture(const std::string& path) {
  Counters counters;
  Reading reading;
  auto source = ScapSource::open(path, counters);
  if (!source) {
    ADD_FAILURE() << path << ": " << source.error().message;
    return reading;
  }
  Batch batch;
  while (true) {
    const auto status = (*source)->next(batch);
    if (!status) {
      ADD_FAILURE() << path << ": " << status.error().message;
      return reading;
    }
    if (*status == SourceStatus::kEnd) {
      return reading;
    }
    if (batch.snapshot != nullptr) {
      ++reading.snapshot_count;
      reading.thread_count = batch.snapshot->threads.size();
      reading.user_count = batch.snapshot->users.size();
      for (const FdListSnapshot& list : batch.snapshot->fd_lists) {
        reading.fd_count += list.fds.size();
      }
    }
    for (const RawEvent& raw : batch.events) {
      EventView event;
      if (event.parse(raw.bytes) != EventFault::kNone) {
        ++reading.malformed_count;
        continue;
      }
      reading.events.push_back({raw.number, event.ts_ns(), event.type(), raw.is_state_only});
    }
  }
}

// Number after `"key": ` in a line of JSON.
std::uint64_t number_of(std::string_view line, std::string_view key) {
  const std::string quoted = "\"" + std::string(key) + "\": ";
  const std::size_t at = line.find(quoted);
  std::uint64_t value = 0;
  if (at != std::string_view::npos) {
    const char* digits = line.data() + at + quoted.size();
    std::from_chars(digits, line.data() + line.size(), value);
  }
  return value;
}

// Number and time of each event that the rules of the reference saw.
std::vector<Seen> read_recording(const std::string& path) {
  std::vector<Seen> rows;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) {
    ADD_FAILURE() << "cannot open " << path;
    return rows;
  }
  std::string line;
  std::vector<char> piece(65536);
  while (gzgets(file.get(), piece.data(), static_cast<int>(piece.size())) != nullptr) {
    line += piece.data();
    if (line.ends_with('\n')) {
      rows.push_back(
          {.number = number_of(line, "evt.num"), .ts_ns = number_of(line, "evt.rawtime")});
      line.clear();
    }
  }
  return rows;
}

struct Case {
  const char* name;
  std::size_t event_count;  // after conversion, state-only ones included
};

class Captures : public ::testing::TestWithParam<Case> {};

TEST_P(Captures, NumbersAndTimesAgreeWithTheRecording) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const std::string base = (dir / GetParam().name).string();
  const Reading reading = read_capture(base + ".scap");
  EXPECT_EQ(reading.events.size(), GetParam().event_count);
  EXPECT_EQ(reading.malformed_count, 0U);
  EXPECT_EQ(reading.snapshot_count, 1U);
  EXPECT_GT(reading.thread_count, 0U);
  EXPECT_GT(reading.user_count, 0U);
  std::size_t mistakes = 0;
  const std::vector<Seen> recorded = read_recording(base + ".fields.jsonl.gz");
  ASSERT_FALSE(recorded.empty());
  for (const Seen& row : recorded) {
    ASSERT_LE(row.number, reading.events.size());
    const Seen& event = reading.events[row.number - 1];
    if ((event.number != row.number || event.ts_ns != row.ts_ns || event.is_state_only) &&
        ++mistakes < 5) {
      ADD_FAILURE() << "event " << row.number << " at " << row.ts_ns << " is " << event.number
                    << " at " << event.ts_ns;
    }
  }
  EXPECT_EQ(mistakes, 0U);
  EXPECT_EQ(recorded.back().number, reading.events.back().number);
}

INSTANTIATE_TEST_SUITE_P(All, Captures,
                         ::testing::Values(Case{"data/attack", 38476}, Case{"data/build", 11856},
                                           Case{"data/container", 18741}, Case{"data/first", 2121},
                                           Case{"data/net", 13342}, Case{"data/syscalls", 7691},
                                           Case{"spec/replay/curl_google", 991},
                                           Case{"spec/replay/curl_google_comments", 991},
                                           Case{"spec/replay/single_ipv6_conn", 1717},
                                           Case{"spec/replay/synthetic", 89},
                                           Case{"spec/replay/test_ipv6_client", 297}),
                         [](const auto& param_info) {
                           return std::filesystem::path(param_info.param.name).filename().string();
                         });

TEST(BenchCapture, IsReadToItsEnd) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const Reading reading = read_capture((dir / "data/bench.scap").string());
  // 1,053,104 that rules see and 72 users and groups at the start.
  EXPECT_EQ(reading.events.size(), 1053176U);
  EXPECT_EQ(reading.malformed_count, 0U);
  ASSERT_FALSE(reading.events.empty());
  EXPECT_EQ(reading.events.back().number, reading.events.size());
}

}  // namespace
}  // namespace saker::scap
