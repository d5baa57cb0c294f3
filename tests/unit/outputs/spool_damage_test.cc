// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>

#include "outputs/spool/spool.h"
#include "outputs/spool/sqlite.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using ::testing::HasSubstr;
using testing::numbered_record;
using testing::TempDir;

constexpr std::size_t kAll = 1'000'000;
constexpr std::uint64_t kRecordCount = 400;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class SpoolDamage : public ::testing::Test {
protected:
  void SetUp() override {
    auto spool = open();
    ASSERT_TRUE(spool);
    std::vector<DeliveryRecord> records;
    for (std::uint64_t i = 1; i <= kRecordCount; ++i) {
      records.push_back(numbered_record(i));
      records.back().payload += std::string(200, 'x');
    }
    ASSERT_TRUE((*spool)->append(records));
    spool->reset();  // the last connection moves everything from the log into the file
    bytes_ = read_file(path());
    ASSERT_GT(bytes_.size(), 50'000U);
  }

  [[nodiscard]] std::string path() const { return dir_.file("a.db"); }
  Result<std::unique_ptr<Spool>> open() {
    return Spool::open({.path = path()}, [this](const std::string& text) { log_ += text + "\n"; });
  }
  [[nodiscard]] std::size_t moved_aside_count() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      const std::string name = entry.path().filename().string();
      count += name.find(".corrupt-") != std::string::npos && !name.ends_with("-wal") &&
               !name.ends_with("-shm");
    }
    return count;
  }

  TempDir dir_;
  std::string bytes_;
  std::string log_;
};

TEST_F(SpoolDamage, AFileOfRubbishIsMovedAside) {
  write_file(path(), std::string(10'000, 'r'));
  const auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message;
  EXPECT_THAT(log_, HasSubstr("was damaged"));
  EXPECT_THAT(log_, HasSubstr(".corrupt-"));
  EXPECT_EQ(moved_aside_count(), 1U);
  std::vector<DeliveryRecord> records = {numbered_record(1)};
  EXPECT_TRUE((*spool)->append(records));
}

TEST_F(SpoolDamage, WhatCanBeReadIsSaved) {
  // One page in the middle is overwritten.
  std::string damaged = bytes_;
  const std::size_t page = damaged.size() / 4096 / 2;
  damaged.replace(page * 4096, 4096, std::string(4096, '\xa5'));
  write_file(path(), damaged);
  const auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message;
  EXPECT_THAT(log_, HasSubstr("records saved"));
  const auto records = (*spool)->next(kAll, kAll, {});
  ASSERT_TRUE(records);
  EXPECT_GT(records->size(), kRecordCount * 8 / 10);
  EXPECT_LT(records->size(), kRecordCount);
}

TEST_F(SpoolDamage, AnotherProgramsDatabaseIsLeftAlone) {
  std::filesystem::remove(path());
  write_file(path(), "");
  {
    auto other = sqlite::Database::open(path(), sqlite::Database::Access::kReadWrite);
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->execute("CREATE TABLE theirs(x)"));
  }
  const auto spool = open();
  ASSERT_FALSE(spool);
  EXPECT_EQ(spool.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(moved_aside_count(), 0U);
}

TEST_F(SpoolDamage, ANewerFormatIsLeftAlone) {
  {
    auto database = sqlite::Database::open(path(), sqlite::Database::Access::kReadWrite);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 9"));
  }
  const auto spool = open();
  ASSERT_FALSE(spool);
  EXPECT_EQ(spool.error().code, ErrorCode::kUnsupported);
}

TEST_F(SpoolDamage, AChangedByteInAPayloadIsFound) {
  std::string damaged = bytes_;
  const std::size_t at = damaged.find("payload 7x");
  ASSERT_NE(at, std::string::npos);
  damaged[at] = 'P';
  write_file(path(), damaged);
  const auto spool = open();
  ASSERT_TRUE(spool);
  const auto records = (*spool)->next(kAll, kAll, {});
  ASSERT_TRUE(records);
  EXPECT_EQ(records->size(), kRecordCount - 1);
  const auto aside = (*spool)->set_aside();
  ASSERT_EQ(aside->size(), 1U);
  EXPECT_EQ(aside->front().last_error, "damaged in the spool file");
  EXPECT_EQ(*(*spool)->requeue_set_aside(), 0U);
}

// Whatever happens to the bytes: the spool opens, and never gives a record that was not stored.
TEST_F(SpoolDamage, RandomDamageNeverHurts) {
  constexpr int kRounds = 60;
  std::mt19937 random(6);
  int opened = 0;
  std::size_t saved = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string damaged = bytes_;
    if (round % 3 == 0) {
      damaged.resize(random() % damaged.size());
    }
    for (std::size_t i = 0; i < 1 + random() % 40 && !damaged.empty(); ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    std::filesystem::remove(path() + "-wal");
    std::filesystem::remove(path() + "-shm");
    write_file(path(), damaged);
    const auto spool = open();
    if (!spool) {
      // Only a header that names another program or version may be refused.
      EXPECT_TRUE(spool.error().code == ErrorCode::kInvalidArgument ||
                  spool.error().code == ErrorCode::kUnsupported)
          << round << ": " << spool.error().message;
      continue;
    }
    ++opened;
    const auto records = (*spool)->next(kAll, kAll, {});
    ASSERT_TRUE(records) << round << ": " << records.error().message;
    saved += records->size();
    for (const DeliveryRecord& record : *records) {
      ASSERT_EQ("id" + std::to_string(record.created_ns), record.id);
      ASSERT_EQ(record.payload,
                "payload " + std::to_string(record.created_ns) + std::string(200, 'x'));
    }
    std::vector<DeliveryRecord> more = {numbered_record(1)};
    EXPECT_TRUE((*spool)->append(more)) << round;
  }
  // The header is a small part of the file.
  EXPECT_GT(opened, kRounds * 3 / 4);
  EXPECT_GT(saved, kRecordCount * kRounds / 10);
}

}  // namespace
}  // namespace saker
