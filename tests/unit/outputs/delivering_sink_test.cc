// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/delivery/delivering_sink.h"

#include <map>

#include <gmock/gmock.h>

#include "outputs/spool/memory_store.h"
#include "outputs/spool/spool.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::acknowledge;
using testing::eventually;
using testing::FakeTransport;
using ::testing::HasSubstr;
using testing::numbered_messages;

using Kind = Outcome::Kind;

class DeliveringSinkTest : public ::testing::Test {
protected:
  void start(std::unique_ptr<RecordStore> store, FakeTransport::Answer answer,
             DeliveryOptions options = {}) {
    options.first_pause = 2ms;
    options.longest_pause = 20ms;
    EncoderOptions encoder;
    encoder.render.hostname = "host";
    sink_ = std::make_unique<DeliveringSink>(DeliveringSink::Parts{
        std::move(store), std::make_unique<FakeTransport>(accepted_, std::move(answer)), encoder,
        options, log_.sink()});
    ASSERT_TRUE(sink_->open(observer_, stop_));
  }
  std::unique_ptr<Spool> open_spool() {
    auto spool = Spool::open({.path = dir_.file("a.db")}, [](const std::string&) {});
    EXPECT_TRUE(spool);
    return std::move(*spool);
  }
  void write(std::uint64_t first, std::uint64_t count) {
    const auto messages = numbered_messages(first, count);
    ASSERT_EQ(sink_->write(messages).taken, count);
  }
  void end(std::chrono::milliseconds patience = 10s) {
    ASSERT_TRUE(sink_->drain(std::chrono::steady_clock::now() + patience));
    sink_.reset();
  }

  testing::TempDir dir_;
  testing::LogLines log_;
  testing::CountingObserver observer_;
  testing::TestStop stop_;
  FakeTransport::Log accepted_;
  std::unique_ptr<DeliveringSink> sink_;
};

std::vector<std::string> ids_of(std::uint64_t first, std::uint64_t count) {
  std::vector<std::string> ids;
  for (const OutputMessage& message : numbered_messages(first, count)) {
    ids.push_back(to_text(message.id()));
  }
  return ids;
}

TEST_F(DeliveringSinkTest, DeliversInOrderAndEmptiesTheSpool) {
  start(open_spool(), acknowledge);
  write(0, 700);
  write(700, 50);
  end();
  EXPECT_EQ(accepted_.accepted_ids(), ids_of(0, 750));
  EXPECT_EQ(observer_.delivered_count(), 750U);
  EXPECT_EQ(observer_.failed_count(), 0U);
  EXPECT_EQ(open_spool()->counts().waiting, 0U);
}

TEST_F(DeliveringSinkTest, OutagesCostNothingHoweverLongTheyLast) {
  std::atomic<bool> is_away{true};
  start(open_spool(), [&](const DeliveryRecord&) -> Outcome {
    return is_away ? Outcome{.kind = Kind::kUnavailable, .reason = "no route"}
                   : Outcome{.kind = Kind::kAcknowledged};
  });
  write(0, 20);
  // Many more outages than tries that a record has.
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard guard(accepted_.mutex);
    return accepted_.tries > 30;
  }));
  is_away = false;
  end();
  EXPECT_EQ(accepted_.accepted_ids(), ids_of(0, 20));
  EXPECT_TRUE(log_.has("no route; alerts wait"));
  EXPECT_TRUE(log_.has("delivering again"));
}

TEST_F(DeliveringSinkTest, SetsPoisonAsideAfterItsTries) {
  const std::string poison = to_text(testing::numbered_message(3).id());
  start(open_spool(),
        [&](const DeliveryRecord& record) -> Outcome {
          return record.id == poison ? Outcome{.kind = Kind::kFailed, .reason = "answered 500"}
                                     : Outcome{.kind = Kind::kAcknowledged};
        },
        {.max_tries = 4});
  write(0, 6);
  end();
  EXPECT_EQ(observer_.delivered_count(), 5U);
  EXPECT_EQ(observer_.failed_count(), 1U);
  EXPECT_EQ(accepted_.tries, 5U + 4U);
  // All have the same key: those behind the poison waited for it, in order.
  auto expected = ids_of(0, 6);
  expected.erase(expected.begin() + 3);
  EXPECT_EQ(accepted_.accepted_ids(), expected);
  const auto aside = open_spool()->set_aside();
  ASSERT_EQ(aside->size(), 1U);
  EXPECT_EQ(aside->front().tries, 4U);
  EXPECT_EQ(aside->front().last_error, "answered 500");
}

TEST_F(DeliveringSinkTest, SetsRejectedRecordsAsideAtOnce) {
  start(open_spool(), [](const DeliveryRecord&) -> Outcome {
    return {.kind = Kind::kRejected, .reason = "answered 413"};
  });
  write(0, 3);
  end();
  EXPECT_EQ(accepted_.tries, 3U);
  EXPECT_EQ(observer_.failed_count(), 3U);
  EXPECT_EQ(open_spool()->counts().set_aside, 3U);
}

TEST_F(DeliveringSinkTest, WhatIsLeftIsDeliveredByTheNextRunOnce) {
  start(open_spool(), [](const DeliveryRecord&) -> Outcome {
    return {.kind = Kind::kUnavailable, .reason = "down"};
  });
  write(0, 30);
  const auto began = std::chrono::steady_clock::now();
  end(200ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_TRUE(log_.has("30 alerts not delivered before the end; they stay in the spool"));

  start(open_spool(), acknowledge);
  EXPECT_TRUE(log_.has("30 alerts of an earlier run are waiting"));
  write(30, 5);
  end();
  EXPECT_EQ(accepted_.accepted_ids(), ids_of(0, 35));
  // Only the second run's own: the first run's observer has never heard of the others.
  EXPECT_EQ(observer_.delivered_count(), 5U);
}

TEST_F(DeliveringSinkTest, DuplicatesCarryTheSameId) {
  std::map<std::string, int> seen;
  start(open_spool(), [&](const DeliveryRecord& record) -> Outcome {
    // The acknowledgement of every first delivery gets lost.
    return ++seen[record.id] == 1 ? Outcome{.kind = Kind::kUnavailable, .reason = "reset"}
                                  : Outcome{.kind = Kind::kAcknowledged};
  });
  write(0, 10);
  end();
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_EQ(observer_.delivered_count(), 10U);
}

TEST_F(DeliveringSinkTest, KeysAreHeldBackByTheirOwnFailuresOnly) {
  std::atomic<bool> is_blocked{true};
  auto store = std::make_unique<MemoryStore>(100);
  std::vector<DeliveryRecord> records;
  for (std::uint64_t i = 0; i < 20; ++i) {
    records.push_back(testing::numbered_record(i, i % 2 == 0 ? "even" : "odd"));
  }
  ASSERT_TRUE(store->append(records));
  start(std::move(store),
        [&](const DeliveryRecord& record) -> Outcome {
          return record.key == "odd" && is_blocked ? Outcome{.kind = Kind::kFailed, .reason = "no"}
                                                   : Outcome{.kind = Kind::kAcknowledged};
        },
        {.max_tries = 1000});
  ASSERT_TRUE(eventually([&] { return accepted_.accepted_count() == 10; }));
  is_blocked = false;
  end();
  std::map<std::string, std::vector<std::string>> by_key;
  for (const DeliveryRecord& record : accepted_.accepted) {
    by_key[record.key].push_back(record.id);
  }
  for (std::uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(by_key["even"][i], "id" + std::to_string(2 * i));
    EXPECT_EQ(by_key["odd"][i], "id" + std::to_string(2 * i + 1));
  }
}

TEST_F(DeliveringSinkTest, AFullStoreMakesTheQueueWait) {
  start(std::make_unique<MemoryStore>(10), [](const DeliveryRecord&) -> Outcome {
    return {.kind = Kind::kUnavailable, .reason = "down"};
  });
  write(0, 10);
  const auto messages = numbered_messages(10, 5);
  const WriteResult result = sink_->write(messages);
  EXPECT_EQ(result.taken, 0U);
  EXPECT_TRUE(result.is_retryable);
  end(50ms);
  EXPECT_EQ(observer_.failed_count(), 10U);  // nothing keeps them
}

TEST_F(DeliveringSinkTest, WithoutASpoolAnAlertIsLostAfterItsTries) {
  start(std::make_unique<MemoryStore>(10),
        [](const DeliveryRecord&) -> Outcome {
          return {.kind = Kind::kUnavailable, .reason = "timed out"};
        },
        {.max_tries = 6, .counts_outages = true});
  write(0, 1);
  EXPECT_TRUE(eventually([&] { return observer_.failed_count() == 1; }));
  EXPECT_EQ(accepted_.tries, 6U);
  EXPECT_TRUE(log_.has("lost: timed out"));
  end();
}

TEST_F(DeliveringSinkTest, GivesUpAtOnceWhenStopped) {
  start(open_spool(), [&](const DeliveryRecord&) -> Outcome {
    while (!stop_.is_set()) {
      std::this_thread::sleep_for(1ms);
    }
    return {};
  });
  write(0, 3);
  ASSERT_TRUE(eventually([&] { return sink_->counts().waiting == 3; }));
  stop_.set();
  const auto began = std::chrono::steady_clock::now();
  end(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST_F(DeliveringSinkTest, TheEndWaitsForWhatIsUnderWay) {
  start(open_spool(),
        [](const DeliveryRecord&) -> Outcome {
          std::this_thread::sleep_for(600ms);
          return {.kind = Kind::kAcknowledged};
        },
        {.drain_patience = 100ms});
  write(0, 2);
  end();
  EXPECT_EQ(observer_.delivered_count(), 2U);
}

TEST_F(DeliveringSinkTest, AllThatWasGivenUpIsTold) {
  auto spool = Spool::open({.path = dir_.file("a.db"), .max_bytes = 2000}, [](const auto&) {});
  ASSERT_TRUE(spool);
  start(std::move(*spool), [](const DeliveryRecord&) -> Outcome {
    return {.kind = Kind::kUnavailable, .reason = "down"};
  });
  for (std::uint64_t i = 0; i < 40; ++i) {
    write(i, 1);
  }
  end(100ms);
  ASSERT_GT(observer_.failed_count(), 1U);
  EXPECT_TRUE(log_.has("1 alerts given up: the spool is full"));
  EXPECT_TRUE(
      log_.has(std::to_string(observer_.failed_count() - 1) + " more alerts given up by the spool"))
      << log_.all();
}

TEST_F(DeliveringSinkTest, AnOddAcknowledgementIsToldOnce) {
  start(open_spool(), [](const DeliveryRecord&) -> Outcome {
    return {.kind = Kind::kAcknowledged, .reason = "odd"};
  });
  write(0, 3);
  end();
  EXPECT_EQ(observer_.delivered_count(), 3U);
  EXPECT_EQ(log_.all(), "fake output: odd; such alerts count as delivered (told once)\n");
}

// A receiver that fails and asks for a pause of years gets no more than the longest one.
TEST_F(DeliveringSinkTest, AReceiverCannotHoldAnAlertBack) {
  std::atomic<int> calls{0};
  start(open_spool(), [&](const DeliveryRecord&) -> Outcome {
    return ++calls == 1 ? Outcome{Kind::kFailed, "no", std::chrono::milliseconds::max()}
                        : Outcome{Kind::kAcknowledged, {}, {}};
  });
  write(0, 1);
  end();
  EXPECT_EQ(accepted_.accepted_ids(), ids_of(0, 1));
  EXPECT_EQ(open_spool()->counts().waiting, 0U);
}

}  // namespace
}  // namespace saker
