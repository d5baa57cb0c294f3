// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/spool.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "outputs/spool/sqlite.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::numbered_record;
using testing::TempDir;

constexpr std::size_t kAll = 1'000'000;

std::unique_ptr<Spool> open_spool(const SpoolOptions& options) {
  auto spool = Spool::open(options, [](const std::string&) {});
  EXPECT_TRUE(spool) << spool.error().message;
  return spool ? std::move(*spool) : nullptr;
}

void append(Spool& spool, std::vector<DeliveryRecord> records) {
  const auto dropped = spool.append(records);
  ASSERT_TRUE(dropped) << dropped.error().message;
}

std::vector<std::string> waiting_ids(Spool& spool, const std::set<std::string>& without = {}) {
  std::vector<std::string> ids;
  const auto records = spool.next(kAll, kAll, without);
  EXPECT_TRUE(records);
  for (const DeliveryRecord& record : *records) {
    ids.push_back(record.id);
  }
  return ids;
}

TEST(Spool, KeepsRecordsAcrossARestart) {
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("deep/kafka.db")};
  DeliveryRecord record = numbered_record(1, "host");
  record.destination = "topic";
  record.payload = std::string("bytes \0 \xff", 8);
  record.headers = {{"a", "1"}, {"empty", ""}, {"", std::string("\0x", 2)}};
  append(*open_spool(options), {record});

  const auto spool = open_spool(options);
  const auto records = spool->next(10, kAll, {});
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  const DeliveryRecord& found = records->front();
  EXPECT_EQ(found.id, record.id);
  EXPECT_EQ(found.destination, "topic");
  EXPECT_EQ(found.key, "host");
  EXPECT_EQ(found.payload, record.payload);
  EXPECT_EQ(found.headers, record.headers);
  EXPECT_EQ(found.created_ns, 1U);
  EXPECT_EQ(spool->counts().waiting, 1U);
  EXPECT_EQ(spool->counts().waiting_bytes, stored_size(record));
}

TEST(Spool, FilesAreOnlyForTheirOwner) {
  const TempDir dir;
  const auto spool = open_spool({.path = dir.file("s/a.db")});
  append(*spool, {numbered_record(1)});
  for (const char* name : {"s/a.db", "s/a.db-wal", "s/a.db-shm", "s/a.db.lock"}) {
    struct stat status {};
    ASSERT_EQ(::stat(dir.file(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 077U, 0U) << name;
  }
}

TEST(Spool, AFileThatWasThereBecomesPrivate) {
  const TempDir dir;
  for (const char* name : {"a.db", "a.db.lock"}) {
    std::ofstream(dir.file(name)).flush();
    ASSERT_EQ(::chmod(dir.file(name).c_str(), 0644), 0);
  }
  const auto spool = open_spool({.path = dir.file("a.db")});
  append(*spool, {numbered_record(1)});
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat(dir.file(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 077U, 0U) << name;
  }
}

// Its owner could read it whatever its mode.
TEST(Spool, AnothersFileIsRefused) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  const TempDir dir;
  std::ofstream(dir.file("a.db")).flush();
  ASSERT_EQ(::chown(dir.file("a.db").c_str(), 12345, 0), 0);
  const auto spool = Spool::open({.path = dir.file("a.db")}, [](const std::string&) {});
  ASSERT_FALSE(spool);
  EXPECT_EQ(spool.error().code, ErrorCode::kPermission);
  EXPECT_NE(spool.error().message.find("belongs to user 12345"), std::string::npos)
      << spool.error().message;
}

TEST(Spool, GivesTheOldestFirstAndLeavesOutHeldKeys) {
  const TempDir dir;
  const auto spool = open_spool({.path = dir.file("a.db")});
  append(*spool, {numbered_record(1, "a"), numbered_record(2, "b"), numbered_record(3, "a")});
  append(*spool, {numbered_record(4, "c")});
  EXPECT_THAT(waiting_ids(*spool), ElementsAre("id1", "id2", "id3", "id4"));
  EXPECT_THAT(waiting_ids(*spool, {"a", "c"}), ElementsAre("id2"));
  const auto two = spool->next(2, kAll, {});
  EXPECT_EQ(two->size(), 2U);
  const auto first = spool->next(kAll, 1, {});
  EXPECT_EQ(first->size(), 1U);
}

TEST(Spool, SettlesOutcomes) {
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("a.db")};
  auto spool = open_spool(options);
  append(*spool, {numbered_record(1), numbered_record(2), numbered_record(3)});
  const std::vector<Settlement> settlements = {
      {1, Settlement::Kind::kRemove, ""},
      {2, Settlement::Kind::kSetAside, "too large"},
      {3, Settlement::Kind::kCountTry, "busy"},
  };
  const auto own = spool->settle(settlements);
  ASSERT_TRUE(own);
  EXPECT_EQ(*own, 2U);
  EXPECT_EQ(spool->counts().waiting, 1U);
  EXPECT_EQ(spool->counts().set_aside, 1U);
  spool.reset();

  spool = open_spool(options);
  const auto waiting = spool->next(10, kAll, {});
  ASSERT_EQ(waiting->size(), 1U);
  EXPECT_EQ(waiting->front().tries, 1U);
  EXPECT_EQ(waiting->front().last_error, "busy");
  const auto aside = spool->set_aside();
  ASSERT_EQ(aside->size(), 1U);
  EXPECT_EQ(aside->front().id, "id2");
  EXPECT_EQ(aside->front().last_error, "too large");
  EXPECT_EQ(*spool->requeue_set_aside(), 1U);
  EXPECT_THAT(waiting_ids(*spool), ElementsAre("id3", "id2"));
  EXPECT_EQ(spool->counts().set_aside, 0U);
}

TEST(Spool, CountsOnlyRecordsOfThisRunAsItsOwn) {
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("a.db")};
  append(*open_spool(options), {numbered_record(1)});
  const auto spool = open_spool(options);
  append(*spool, {numbered_record(2)});
  const auto records = spool->next(10, kAll, {});
  std::vector<Settlement> settlements;
  for (const DeliveryRecord& record : *records) {
    settlements.push_back({record.sequence, Settlement::Kind::kRemove, ""});
  }
  EXPECT_EQ(*spool->settle(settlements), 1U);
  EXPECT_THAT(waiting_ids(*spool), IsEmpty());
}

TEST(Spool, DropsTheOldestWhenFull) {
  const TempDir dir;
  const std::uint64_t size = stored_size(numbered_record(1));
  const auto spool = open_spool({.path = dir.file("a.db"), .max_bytes = 3 * size});
  append(*spool, {numbered_record(1), numbered_record(2), numbered_record(3)});
  ASSERT_TRUE(spool->settle(std::vector<Settlement>{{1, Settlement::Kind::kSetAside, "x"}}));
  std::vector<DeliveryRecord> more = {numbered_record(4), numbered_record(5)};
  const auto dropped = spool->append(more);
  ASSERT_TRUE(dropped);
  // What was set aside goes first and has been counted before.
  EXPECT_EQ(dropped->all, 1U);
  EXPECT_EQ(dropped->own, 1U);
  EXPECT_THAT(waiting_ids(*spool), ElementsAre("id3", "id4", "id5"));
  EXPECT_EQ(spool->counts().set_aside, 0U);
  // A late acknowledgement of a dropped record is not counted twice.
  EXPECT_EQ(*spool->settle(std::vector<Settlement>{{2, Settlement::Kind::kRemove, ""}}), 0U);
}

TEST(Spool, RefusesWhenFullIfTold) {
  const TempDir dir;
  const std::uint64_t size = stored_size(numbered_record(1));
  const auto spool = open_spool({.path = dir.file("a.db"),
                                 .max_bytes = 2 * size,
                                 .when_full = SpoolOptions::WhenFull::kRefuse});
  append(*spool, {numbered_record(1), numbered_record(2)});
  std::vector<DeliveryRecord> more = {numbered_record(3)};
  const auto refused = spool->append(more);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_THAT(waiting_ids(*spool), ElementsAre("id1", "id2"));
}

TEST(Spool, GivesUpOldRecords) {
  const TempDir dir;
  const auto spool = open_spool({.path = dir.file("a.db"), .max_age_ns = 100});
  append(*spool, {numbered_record(10), numbered_record(20), numbered_record(300)});
  EXPECT_EQ(spool->expire(90)->all, 0U);
  EXPECT_EQ(spool->expire(121)->all, 2U);
  EXPECT_THAT(waiting_ids(*spool), ElementsAre("id300"));
}

// Somebody has the file locked, as a database shell can: that is an error soon, and counts() does
// not even wait for that.
TEST(Spool, ALockedFileHoldsNobodyUp) {
  using Clock = std::chrono::steady_clock;
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("a.db")};
  const auto spool = open_spool(options);
  append(*spool, {numbered_record(1)});
  auto other = sqlite::Database::open(options.path, sqlite::Database::Access::kReadWrite);
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  std::atomic<bool> is_done{false};
  const auto began = Clock::now();
  std::thread writer([&] {
    std::vector<DeliveryRecord> more = {numbered_record(2)};
    EXPECT_FALSE(spool->append(more));
    is_done = true;
  });
  Clock::duration longest{};
  while (!is_done) {
    const auto asked = Clock::now();
    EXPECT_EQ(spool->counts().waiting, 1U);
    longest = std::max(longest, Clock::now() - asked);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  writer.join();
  EXPECT_LT(longest, std::chrono::milliseconds(200));
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(3));
  ASSERT_TRUE(other->execute("COMMIT"));
  append(*spool, {numbered_record(3)});
  EXPECT_EQ(spool->counts().waiting, 2U);
}

TEST(Spool, BelongsToOneProcess) {
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("a.db")};
  const auto spool = open_spool(options);
  const auto second = Spool::open(options, [](const std::string&) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kPermission);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another process"));
}

// The child appends batches and writes the number of the last stored record to a pipe; it is killed
// at a random moment. Everything that it had said to be stored must be there, once and in order.
TEST(Spool, SurvivesKilledWriters) {
  const TempDir dir;
  const SpoolOptions options{.path = dir.file("a.db"), .sync = SpoolOptions::Sync::kNormal};
  std::mt19937 random(20261121);
  std::uint64_t next_number = 1;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto spool = Spool::open(options, [](const std::string&) {});
      if (!spool) {
        ::_exit(1);
      }
      for (std::uint64_t number = next_number;; number += 8) {
        std::vector<DeliveryRecord> batch;
        for (std::uint64_t i = 0; i < 8; ++i) {
          batch.push_back(numbered_record(number + i));
        }
        const std::uint64_t last = number + 7;
        if (!(*spool)->append(batch) || ::write(ends[1], &last, sizeof last) != sizeof last) {
          ::_exit(2);
        }
      }
    }
    ::close(ends[1]);
    std::uint64_t promised = 0;
    ASSERT_EQ(::read(ends[0], &promised, sizeof promised), static_cast<ssize_t>(sizeof promised));
    ::usleep(static_cast<useconds_t>(random() % 15000));
    ::kill(child, SIGKILL);
    while (::read(ends[0], &promised, sizeof promised) == static_cast<ssize_t>(sizeof promised)) {
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;

    const auto spool = open_spool(options);
    const auto records = spool->next(kAll, std::size_t{1} << 40, {});
    ASSERT_TRUE(records);
    ASSERT_GE(records->size(), promised);
    for (std::size_t i = 0; i < records->size(); ++i) {
      ASSERT_EQ((*records)[i].payload, "payload " + std::to_string(i + 1));
    }
    next_number = records->size() + 1;
  }
}

}  // namespace
}  // namespace saker
