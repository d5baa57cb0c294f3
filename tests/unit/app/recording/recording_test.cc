// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The parts of recording: the memory before a match, the writer's queue, the words of the command.
#include <algorithm>
#include <filesystem>
#include <mutex>

#include <gtest/gtest.h>

#include "app/record_request.h"
#include "app/recording/capture_writer.h"
#include "app/recording/event_memory.h"
#include "compat/scap/scap_source.h"
#include "kit/base/duration.h"
#include "tests/support/event_builder.h"
#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

using testing::EventBuilder;
using testing::TempDir;

struct Kept {
  std::size_t thread_count = 0;
  std::vector<std::uint64_t> seconds;  // of the events
  std::vector<bool> is_state_only;
};

class Memory : public ::testing::Test {
protected:
  static constexpr std::uint64_t kSecond = 1'000'000'000;

  // An event every second, each second one that is needed for the state at tid 1, else tid 2.
  void second(std::uint64_t second, bool is_needed) {
    EventBuilder builder(EventType::kSyscallCloseX);
    builder.tid(is_needed ? 1 : 2).ts(second * kSecond);
    RawEvent raw;
    raw.bytes = builder.record();
    memory_.add(raw, second * kSecond, is_needed);
    if (memory_.wants_snapshot(second * kSecond)) {
      Snapshot snapshot;
      snapshot.threads.resize(second);
      memory_.begin(snapshot, second * kSecond);
    }
  }
  Kept at(std::uint64_t second) {
    Kept kept;
    memory_.replay(
        second * kSecond,
        [&](const Snapshot& snapshot) { kept.thread_count = snapshot.threads.size(); },
        [&](const RawEvent& event) {
          kept.seconds.push_back(load_le<std::uint64_t>(event.bytes, 0) / kSecond);
          kept.is_state_only.push_back(event.is_state_only);
        });
    return kept;
  }

  EventMemory memory_{{.keep_ns = 10 * kSecond, .max_bytes = 1 << 20}};
};

TEST_F(Memory, IsEmptyBeforeTheFirstSnapshot) {
  EXPECT_FALSE(memory_.replay(
      1, [](const Snapshot&) {}, [](const RawEvent&) {}));
}

TEST_F(Memory, GivesTheLastSecondsAndWhatTheirStateNeeds) {
  for (std::uint64_t i = 1; i <= 25; ++i) {
    second(i, i % 2 == 0);
  }
  // Segments began after seconds 1, 11 and 21; the second one is the oldest that is kept.
  const Kept kept = at(25);
  EXPECT_EQ(kept.thread_count, 11U);
  EXPECT_EQ(kept.seconds,
            (std::vector<std::uint64_t>{12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25}));
  EXPECT_TRUE(kept.is_state_only[0]) << "second 12 is too old for rules";
  EXPECT_TRUE(kept.is_state_only[1]);
  EXPECT_FALSE(kept.is_state_only[2]) << "second 15 is within the ten";
}

TEST_F(Memory, IsBounded) {
  EventMemory memory({.keep_ns = 1000 * kSecond, .max_bytes = 10'000});
  EventBuilder builder(EventType::kSyscallCloseX);
  RawEvent raw;
  raw.bytes = builder.record();
  memory.begin({}, 1);
  for (int i = 0; i < 10'000; ++i) {
    memory.add(raw, 1, true);
    if (memory.wants_snapshot(1)) {
      memory.begin({}, 1);
    }
    ASSERT_LE(memory.byte_count(), 10'000U + 200U);
    if (i > 1000) {
      ASSERT_GE(memory.byte_count(), 4'000U) << "what is kept, not how little";
    }
  }
  std::size_t count = 0;
  EXPECT_TRUE(memory.replay(
      1, [](const Snapshot&) {}, [&](const RawEvent&) { ++count; }));
  EXPECT_GT(count, 50U);
}

TEST_F(Memory, AnEventOlderThanTheSnapshotAsksForNone) {
  memory_.begin({}, 5 * kSecond);
  EXPECT_FALSE(memory_.wants_snapshot(4 * kSecond));
  EXPECT_FALSE(memory_.wants_snapshot(5 * kSecond));
  EXPECT_TRUE(memory_.wants_snapshot(15 * kSecond));
}

TEST(Writer, WritesWhatItIsGivenBesideTheCaller) {
  const TempDir folder;
  std::vector<CaptureReport> reports;
  {
    CaptureWriter writer(
        {.report = [&](const CaptureReport& report) { reports.push_back(report); }});
    EventBuilder builder(EventType::kSyscallCloseX);
    RawEvent raw;
    raw.bytes = builder.record();
    for (const char* name : {"one.scap", "two.scap"}) {
      writer.begin({.path = folder.file(name)}, {});
      for (int i = 0; i < 5000; ++i) {
        writer.add(raw);
      }
    }
    writer.begin({.path = folder.file("one.scap")}, {});  // is there: new files only
    writer.add(raw);
  }
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_EQ(reports[0].event_count, 5000U);
  EXPECT_EQ(reports[1].event_count, 5000U);
  EXPECT_EQ(reports[1].file_bytes, std::filesystem::file_size(folder.file("two.scap")));
  EXPECT_FALSE(reports[2].status);
  Counters counters;
  EXPECT_TRUE(scap::ScapSource::open(folder.file("one.scap"), counters));
}

TEST(Writer, LeavesEventsOutWhenTheQueueIsFull) {
  const TempDir folder;
  CaptureReport report;
  {
    CaptureWriter writer(
        {.max_queued_bytes = 0, .report = [&](const CaptureReport& done) { report = done; }});
    EventBuilder builder(EventType::kSyscallCloseX);
    RawEvent raw;
    raw.bytes = builder.record();
    writer.begin({.path = folder.file("x.scap")}, {});
    for (int i = 0; i < 100; ++i) {
      writer.add(raw);
    }
  }
  EXPECT_EQ(report.event_count, 0U);
  EXPECT_EQ(report.dropped_count, 100U);
}

// States count, too: they are larger than most events.
TEST(Writer, IsFullOfStates) {
  const TempDir folder;
  std::vector<CaptureReport> reports;
  std::mutex hold;
  {
    std::unique_lock held(hold);
    CaptureWriter writer({.max_queued_bytes = 10'000, .report = [&](const CaptureReport& done) {
                            const std::lock_guard wait(hold);
                            reports.push_back(done);
                          }});
    Snapshot snapshot;
    snapshot.threads.resize(1);
    snapshot.threads[0].env.assign(6000, 'x');
    EXPECT_FALSE(writer.is_full());
    writer.begin({.path = folder.file("a.scap")}, {});
    writer.end();  // the writer's thread is held in its report from here on
    writer.begin({.path = folder.file("b.scap")}, {});
    writer.begin({.path = folder.file("c.scap")}, snapshot);
    EXPECT_TRUE(writer.is_full());
    writer.refuse({.path = folder.file("d.scap")});
    writer.refuse({.path = folder.file("e.scap")});
    held.unlock();
  }
  ASSERT_EQ(reports.size(), 4U);
  EXPECT_TRUE(reports[0].status && reports[1].status);
  const auto refused =
      std::ranges::find_if(reports, [](const CaptureReport& report) { return !report.status; });
  ASSERT_NE(refused, reports.end());
  EXPECT_EQ(refused->path, folder.file("d.scap"));
  EXPECT_NE(refused->status.error().message.find("nor are 1 more"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder.file("d.scap")));
}

TEST(RecordRequest, TakesItsOwnWords) {
  std::vector<std::string> words = {"-w",
                                    "x.scap",
                                    "-c",
                                    "falco.yaml",
                                    "--filter=a = b",
                                    "--duration",
                                    "250ms",
                                    "--from",
                                    "in.scap",
                                    "--no-compression",
                                    "--max-events",
                                    "7",
                                    "--max-size-mb",
                                    "2"};
  const auto request = take_record_request(words);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->path, "x.scap");
  EXPECT_EQ(request->filter, "a = b");
  EXPECT_EQ(request->duration_ns, 250'000'000U);
  EXPECT_EQ(request->max_events, 7U);
  EXPECT_EQ(request->max_bytes, 2U << 20);
  EXPECT_FALSE(request->is_compressed);
  EXPECT_EQ(words, (std::vector<std::string>{"-c", "falco.yaml", "-o", "engine.kind=replay", "-o",
                                             "engine.replay.capture_file=in.scap"}));
}

TEST(RecordRequest, Durations) {
  struct Case {
    const char* text;
    std::uint64_t ns;  // 0: refused
  };
  for (const Case& test :
       {Case{"3", 3'000'000'000}, Case{"3s", 3'000'000'000}, Case{"5ms", 5'000'000},
        Case{"2m", 120'000'000'000}, Case{"1h", 3'600'000'000'000}, Case{"", 0}, Case{"0s", 0},
        Case{"s", 0}, Case{"1.5s", 0}, Case{"-1s", 0}, Case{"99999999999h", 0}}) {
    std::uint64_t ns = 0;
    EXPECT_EQ(kit::parse_duration(test.text, ns), test.ns != 0) << test.text;
    EXPECT_EQ(ns, test.ns) << test.text;
  }
}

}  // namespace
}  // namespace saker::app
