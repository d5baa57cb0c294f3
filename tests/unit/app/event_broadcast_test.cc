// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/event_broadcast.h"

#include <cstring>

#include <gtest/gtest.h>

namespace saker::app {
namespace {

// Batches of one event each, whose only byte is its number; the memory is overwritten by the next.
class Counting final : public EventSource {
public:
  explicit Counting(std::uint8_t last, bool fails = false) : last_(last), fails_(fails) {}

  Result<SourceStatus> next(Batch& batch) override {
    if (byte_ == last_) {
      if (fails_) {
        return fail(ErrorCode::kIo, "broken");
      }
      return SourceStatus::kEnd;
    }
    ++byte_;
    event_ = RawEvent{.bytes = Bytes(reinterpret_cast<const std::byte*>(&byte_), 1)};
    batch.events = std::span(&event_, 1);
    return SourceStatus::kEvents;
  }

private:
  std::uint8_t byte_ = 0;
  std::uint8_t last_;
  bool fails_;
  RawEvent event_;
};

struct Seen {
  std::vector<int> bytes;
  Status end;
};

Seen read_all(EventSource& source) {
  Seen seen;
  for (Batch batch;;) {
    const auto status = source.next(batch);
    for (const RawEvent& event : batch.events) {
      seen.bytes.push_back(static_cast<int>(event.bytes.front()));
    }
    if (!status) {
      seen.end = tl::unexpected(status.error());
      return seen;
    }
    if (*status == SourceStatus::kEnd) {
      return seen;
    }
  }
}

std::vector<int> numbers_to(int last) {
  std::vector<int> numbers;
  for (int i = 1; i <= last; ++i) {
    numbers.push_back(i);
  }
  return numbers;
}

TEST(EventBroadcast, EveryReaderSeesEverythingInOrder) {
  Counting source(200);
  const std::atomic<bool> stop{false};
  EventBroadcast broadcast(source, 3, stop);
  std::vector<Seen> seen(3);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    threads.emplace_back([&, i] {
      seen[i] = read_all(broadcast.reader(i));
      broadcast.leave(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const Seen& reader : seen) {
    EXPECT_EQ(reader.bytes, numbers_to(200));
  }
}

TEST(EventBroadcast, AnErrorReachesTheReaderBehindTheEvents) {
  Counting source(5, true);
  const std::atomic<bool> stop{false};
  EventBroadcast broadcast(source, 1, stop);
  const Seen seen = read_all(broadcast.reader(0));
  EXPECT_EQ(seen.bytes, numbers_to(5));
  ASSERT_FALSE(seen.end.has_value());
  EXPECT_EQ(seen.end.error().message, "broken");
}

TEST(EventBroadcast, StoppedItEnds) {
  Counting source(200);
  const std::atomic<bool> stop{true};
  EventBroadcast broadcast(source, 1, stop);
  EXPECT_EQ(read_all(broadcast.reader(0)).bytes, std::vector<int>{});
}

TEST(EventBroadcast, MayBeLeftInTheMiddle) {
  Counting source(200);
  const std::atomic<bool> stop{false};
  EventBroadcast broadcast(source, 2, stop);
  Batch batch;
  ASSERT_TRUE(broadcast.reader(1).next(batch).has_value());
  broadcast.leave(1);
  EXPECT_EQ(read_all(broadcast.reader(0)).bytes, numbers_to(200));
}

}  // namespace
}  // namespace saker::app
