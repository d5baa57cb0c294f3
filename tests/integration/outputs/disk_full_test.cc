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
