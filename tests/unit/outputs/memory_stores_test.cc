// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <gmock/gmock.h>

#include "outputs/clocks.h"
#include "outputs/spool/bypass_store.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

using ::testing::ElementsAre;
using testing::numbered_record;

// A spool whose disk is full, or cannot be read, when the test says so.
class SometimesFull final : public RecordStore {
public:
  explicit SometimesFull(const bool& is_full, ErrorCode why = ErrorCode::kIo)
      : is_full_(is_full), why_(why) {}
  Result<DropCount> append(std::span<DeliveryRecord> records) override {
    return is_full_ ? fail(why_, "database or disk is full") : inner_.append(records);
  }
  Result<std::vector<DeliveryRecord>> next(std::size_t limit, std::size_t limit_bytes,
                                           const std::set<std::string>& without) override {
    return is_unreadable ? fail(ErrorCode::kIo, "disk I/O error")
                         : inner_.next(limit, limit_bytes, without);
  }
  Result<std::uint64_t> settle(std::span<const Settlement> settlements) override {
    return inner_.settle(settlements);
  }
  Result<DropCount> expire(std::uint64_t) override { return DropCount{}; }
  StoreCounts counts() const override { return inner_.counts(); }
  std::uint64_t finish() override { return 0; }
  bool survives_restart() const override { return true; }

  bool is_unreadable = false;

private:
  MemoryStore inner_{1000};
  const bool& is_full_;
  ErrorCode why_;
};

std::vector<std::string> ids(RecordStore& store) {
  std::vector<std::string> result;
  const auto records = store.next(100, 1'000'000, {});
  for (const DeliveryRecord& record : *records) {
    result.push_back(record.id);
  }
  return result;
}

TEST(MemoryStore, HoldsNoMoreThanItsCapacity) {
  MemoryStore store(3);
  std::vector<DeliveryRecord> two = {numbered_record(1), numbered_record(2)};
  ASSERT_TRUE(store.append(two));
  const auto refused = store.append(two);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_EQ(*store.settle(std::vector<Settlement>{{1, Settlement::Kind::kRemove, ""}}), 1U);
  EXPECT_TRUE(store.append(two));
}

TEST(BypassStore, PassesThroughMemoryWhileTheDiskIsFull) {
  bool is_full = false;
  BypassStore store(std::make_unique<SometimesFull>(is_full), 4);
  std::vector<DeliveryRecord> first = {numbered_record(1)};
  ASSERT_TRUE(store.append(first));
  is_full = true;
  std::vector<DeliveryRecord> second = {numbered_record(2), numbered_record(3)};
  ASSERT_TRUE(store.append(second));
  EXPECT_EQ(store.bypassed_count(), 2U);
  // The spool's records come first.
  EXPECT_THAT(ids(store), ElementsAre("id1"));
  ASSERT_TRUE(store.settle(std::vector<Settlement>{{1, Settlement::Kind::kRemove, ""}}));
  const auto handed = store.next(100, 1'000'000, {});
  ASSERT_EQ(handed->size(), 2U);
  // The disk has room again, but the transport has the older ones: order is kept in memory.
  is_full = false;
  std::vector<DeliveryRecord> third = {numbered_record(4)};
  ASSERT_TRUE(store.append(third));
  EXPECT_EQ(store.bypassed_count(), 3U);
  EXPECT_EQ(*store.settle(
                std::vector<Settlement>{{handed->front().sequence, Settlement::Kind::kRemove, ""}}),
            1U);
  // Nobody has them now: they move into the spool with the next batch.
  std::vector<DeliveryRecord> fourth = {numbered_record(5)};
  ASSERT_TRUE(store.append(fourth));
  EXPECT_EQ(store.bypassed_count(), 0U);
  EXPECT_THAT(ids(store), ElementsAre("id3", "id4", "id5"));
}

TEST(BypassStore, MemoryWaitsForElderRecordsOfTheSpool) {
  bool is_full = false;
  auto spool = std::make_unique<SometimesFull>(is_full);
  SometimesFull& inner = *spool;
  BypassStore store(std::move(spool), 4);
  std::vector<DeliveryRecord> first = {numbered_record(1, "a")};
  ASSERT_TRUE(store.append(first));
  is_full = true;
  std::vector<DeliveryRecord> second = {numbered_record(2, "a"), numbered_record(3, "b")};
  ASSERT_TRUE(store.append(second));
  // Its key is held back after a failure.
  EXPECT_TRUE(store.next(100, 1'000'000, {"a"})->empty());
  inner.is_unreadable = true;
  EXPECT_FALSE(store.next(100, 1'000'000, {}));
  inner.is_unreadable = false;
  EXPECT_THAT(ids(store), ElementsAre("id1"));
  ASSERT_TRUE(store.settle(std::vector<Settlement>{{1, Settlement::Kind::kRemove, ""}}));
  // A spool that holds nothing need not be readable.
  inner.is_unreadable = true;
  EXPECT_THAT(ids(store), ElementsAre("id2", "id3"));
}

TEST(BypassStore, MemoryDoesNotWaitForEverForADeadDisk) {
  bool is_full = false;
  auto spool = std::make_unique<SometimesFull>(is_full);
  SometimesFull& inner = *spool;
  BypassStore store(std::move(spool), 4);
  std::vector<DeliveryRecord> first = {numbered_record(1, "a")};
  ASSERT_TRUE(store.append(first));
  is_full = true;
  inner.is_unreadable = true;
  std::vector<DeliveryRecord> second = {numbered_record(2, "a")};
  ASSERT_TRUE(store.append(second));
  EXPECT_FALSE(store.next(100, 1'000'000, {})) << "for a while it does";
  ASSERT_TRUE(testing::eventually([&] { return store.next(100, 1'000'000, {}).has_value(); }));
  EXPECT_THAT(ids(store), ElementsAre("id2"));
  ASSERT_TRUE(store.settle(std::vector<Settlement>{
      {store.next(1, 1000, {})->front().sequence, Settlement::Kind::kRemove, ""}}));
  inner.is_unreadable = false;
  EXPECT_THAT(ids(store), ElementsAre("id1"));
}

TEST(BypassStore, MovesToTheSpoolWithoutNewRecords) {
  bool is_full = true;
  BypassStore store(std::make_unique<SometimesFull>(is_full), 4);
  std::vector<DeliveryRecord> records = {numbered_record(1)};
  ASSERT_TRUE(store.append(records));
  is_full = false;
  ASSERT_TRUE(store.expire(1));
  EXPECT_EQ(store.bypassed_count(), 0U);
  EXPECT_EQ(store.counts().waiting, 1U);
}

TEST(BypassStore, ASpoolAtItsOwnLimitIsNotBypassed) {
  const bool is_full = true;
  BypassStore store(std::make_unique<SometimesFull>(is_full, ErrorCode::kLimit), 4);
  std::vector<DeliveryRecord> records = {numbered_record(1)};
  EXPECT_FALSE(store.append(records));
  EXPECT_EQ(store.bypassed_count(), 0U);
}

TEST(BypassStore, FailsWhenMemoryIsFullToo) {
  const bool is_full = true;
  BypassStore store(std::make_unique<SometimesFull>(is_full), 2);
  std::vector<DeliveryRecord> two = {numbered_record(1), numbered_record(2)};
  ASSERT_TRUE(store.append(two));
  const auto refused = store.append(two);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);  // of memory
  EXPECT_EQ(store.finish(), 2U);
}

TEST(AgeClock, RunsNoFasterThanTimePasses) {
  constexpr std::uint64_t kDay = 86'400;
  AgeClock clock;
  EXPECT_EQ(clock.now(1'000'000, 50), 1'000'000U);
  EXPECT_EQ(clock.now(1'000'010, 60), 1'000'010U);
  EXPECT_EQ(clock.now(1'000'020 + kDay, 70), 1'000'020U) << "set forward";
  EXPECT_EQ(clock.now(1'000'030 + kDay, 80), 1'000'030U);
  EXPECT_EQ(clock.now(1'000'040 - kDay, 90), 1'000'040U - kDay) << "set back";
  EXPECT_EQ(clock.now(1'000'050, 100), 1'000'050U - kDay) << "and forward again";
}

}  // namespace
}  // namespace saker
