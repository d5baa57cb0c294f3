// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A spool on a small file system of its own that runs full. Needs the right to mount one.
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>

#include "outputs/delivery/delivering_sink.h"
#include "outputs/make_sinks.h"
#include "outputs/spool/bypass_store.h"
#include "outputs/spool/spool.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using testing::FakeTransport;
using testing::numbered_messages;

class DiskFull : public ::testing::Test {
protected:
  void SetUp() override {
    if (::mount("tmpfs", dir_.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
      GTEST_SKIP() << "cannot mount a small tmpfs: " << std::strerror(errno);
    }
    is_mounted_ = true;
  }
  void TearDown() override {
    sink_.reset();
    if (is_mounted_) {
      ::umount2(dir_.path().c_str(), MNT_DETACH);
    }
  }

  testing::TempDir dir_;
  bool is_mounted_ = false;
  testing::LogLines log_;
  testing::CountingObserver observer_;
  testing::TestStop stop_;
  FakeTransport::Log accepted_;
  std::unique_ptr<DeliveringSink> sink_;
};

TEST_F(DiskFull, AlertsWaitInOrderAndNothingIsLost) {
  auto spool = Spool::open({.path = dir_.file("a.db")}, [](const std::string&) {});
  ASSERT_TRUE(spool) << spool.error().message;
  std::atomic<bool> is_away{true};
  DeliveryOptions delivery;
  delivery.first_pause = 2ms;
  delivery.longest_pause = 20ms;
  sink_ = std::make_unique<DeliveringSink>(DeliveringSink::Parts{
      std::make_unique<BypassStore>(std::move(*spool), 200),
      std::make_unique<FakeTransport>(
          accepted_,
          [&](const DeliveryRecord&) -> Outcome {
            using enum Outcome::Kind;
            return is_away ? Outcome{kUnavailable, "away", {}} : Outcome{kAcknowledged, {}, {}};
          }),
      EncoderOptions{}, delivery, log_.sink()});
  ASSERT_TRUE(sink_->open(observer_, stop_));
  // The receiver is away until neither disk nor memory takes more.
  std::uint64_t taken = 0;
  while (true) {
    const auto batch = numbered_messages(taken, 50);
    const WriteResult result = sink_->write(batch);
    if (result.taken == 0) {
      EXPECT_TRUE(result.is_retryable);
      break;
    }
    taken += 50;
    ASSERT_LT(taken, 100'000U) << "the disk does not run full";
  }
  EXPECT_GT(taken, 500U);
  EXPECT_TRUE(log_.has("alerts wait in the queue")) << log_.all();
  is_away = false;
  ASSERT_TRUE(eventually([&] { return observer_.delivered_count() == taken; })) << log_.all();
  // There is room again.
  const auto more = numbered_messages(taken, 50);
  ASSERT_EQ(sink_->write(more).taken, 50U);
  ASSERT_TRUE(sink_->drain(std::chrono::steady_clock::now() + 10s));
  const auto ids = accepted_.accepted_ids();
  ASSERT_EQ(ids.size(), taken + 50);
  for (std::uint64_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(ids[i], to_text(testing::numbered_message(i).id())) << i;
  }
}

TEST_F(DiskFull, ADeliveredSpoolGivesItsRoomBack) {
  const SpoolOptions options{.path = dir_.file("a.db")};
  auto opened = Spool::open(options, [](const std::string&) {});
  ASSERT_TRUE(opened) << opened.error().message;
  std::unique_ptr<Spool> spool = std::move(*opened);
  std::uint64_t stored = 0;
  for (int round = 0; round < 3; ++round) {
    const std::uint64_t before = stored;
    const auto append = [&] {
      std::vector<DeliveryRecord> batch;
      for (std::uint64_t i = 0; i < 20; ++i) {
        batch.push_back(testing::numbered_record(stored + i));
        batch.back().payload += std::string(300, 'x');
      }
      return spool->append(batch).has_value();
    };
    while (append()) {
      stored += 20;
    }
    ASSERT_GT(stored, before + 200) << "round " << round;
    EXPECT_EQ(spool->counts().waiting, stored - before);
    // The outcomes cannot be written; nothing is handed out twice all the same.
    std::uint64_t next = before;
    while (next < stored) {
      const auto records = spool->next(100, 1 << 20, {});
      ASSERT_TRUE(records) << records.error().message;
      std::vector<Settlement> settlements;
      for (const DeliveryRecord& record : *records) {
        ASSERT_EQ(record.id, "id" + std::to_string(next++));
        settlements.push_back({record.sequence, Settlement::Kind::kRemove, {}});
      }
      const auto own = spool->settle(settlements);
      ASSERT_TRUE(own) << own.error().message;
      EXPECT_EQ(*own, records->size());
    }
    EXPECT_EQ(spool->counts().waiting, 0U);
    EXPECT_TRUE(spool->next(100, 1 << 20, {})->empty());
  }
}

TEST_F(DiskFull, WhatIsSetAsideSurvives) {
  const SpoolOptions options{.path = dir_.file("a.db")};
  auto spool = Spool::open(options, [](const std::string&) {});
  ASSERT_TRUE(spool) << spool.error().message;
  std::vector<DeliveryRecord> first = {testing::numbered_record(1), testing::numbered_record(2)};
  ASSERT_TRUE((*spool)->append(first));
  ASSERT_TRUE((*spool)->settle(std::vector<Settlement>{{1, Settlement::Kind::kSetAside, "x"}}));
  std::ofstream(dir_.file("filler")) << std::string(2 << 20, 'x');
  ASSERT_TRUE((*spool)->settle(std::vector<Settlement>{{2, Settlement::Kind::kSetAside, "y"}}));
  EXPECT_TRUE((*spool)->next(10, 1 << 20, {})->empty());
  std::filesystem::remove(dir_.file("filler"));
  spool->reset();
  spool = Spool::open(options, [](const std::string&) {});
  ASSERT_TRUE(spool) << spool.error().message;
  const StoreCounts counts = (*spool)->counts();
  EXPECT_EQ(counts.waiting + counts.set_aside, 2U);
  EXPECT_GE(counts.set_aside, 1U);
}

TEST_F(DiskFull, AFullDiskAtTheStartIsSurvived) {
  std::ofstream(dir_.file("filler")) << std::string(2 << 20, 'x');
  DurabilityOptions durability;
  durability.spool = SpoolOptions{.path = dir_.file("a.db")};
  EXPECT_FALSE(make_http_sink({.url = "http://h"}, {}, durability, log_.sink()));
  durability.is_spool_required = false;
  EXPECT_TRUE(make_http_sink({.url = "http://h"}, {}, durability, log_.sink()));
}

}  // namespace
}  // namespace saker
