// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the commands show: the spool's contents, and the test of sinks.
#include <fstream>

#include <gmock/gmock.h>

#include "outputs/make_sinks.h"
#include "outputs/spool/spool.h"
#include "outputs/spool/spool_tool.h"
#include "outputs/spool/sqlite.h"
#include "outputs/stream_sink.h"
#include "outputs/test_sinks.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::numbered_record;

class SpoolTool : public ::testing::Test {
protected:
  void SetUp() override {
    options_.path = dir_.file("a.db");
    spool_ = std::move(*Spool::open(options_, [](const std::string&) {}));
    DeliveryRecord json = numbered_record(1, "k");
    json.payload = R"({"rule":"r"})";
    std::vector<DeliveryRecord> records = {json, numbered_record(2), numbered_record(3)};
    ASSERT_TRUE(spool_->append(records));
    ASSERT_TRUE(
        spool_->settle(std::vector<Settlement>{{3, Settlement::Kind::kSetAside, "too \"large\""}}));
  }
  std::vector<std::string> list(SpoolPart part) {
    std::vector<std::string> lines;
    EXPECT_TRUE(list_spool(options_.path, part, [&](std::string_view line) {
      lines.emplace_back(line);
      return true;
    }));
    return lines;
  }

  testing::TempDir dir_;
  SpoolOptions options_;
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolTool, ListsWhileTheSpoolIsInUse) {
  EXPECT_THAT(
      list(SpoolPart::kWaiting),
      ElementsAre(
          R"({"rule":"r","spool":{"sequence":1,"id":"id1","state":"waiting","key":"k","destination":"","tries":0,"error":"","stored":"1970-01-01T00:00:00.000000001Z"}})",
          R"({"output":"payload 2","spool":{"sequence":2,"id":"id2","state":"waiting","key":"","destination":"","tries":0,"error":"","stored":"1970-01-01T00:00:00.000000002Z"}})"));
  const auto aside = list(SpoolPart::kSetAside);
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_THAT(
      aside[0],
      HasSubstr(
          R"("state":"set aside","key":"","destination":"","tries":1,"error":"too \"large\"")"));
}

TEST_F(SpoolTool, AListThatWaitsKeepsNoLog) {
  auto database = sqlite::Database::open(options_.path, sqlite::Database::Access::kReadWrite);
  ASSERT_TRUE(database);
  std::size_t lines = 0;
  ASSERT_TRUE(list_spool(options_.path, SpoolPart::kWaiting, [&](std::string_view) {
    std::vector<DeliveryRecord> more = {numbered_record(10 + lines)};
    EXPECT_TRUE(spool_->append(more));
    // Its first column is 1 when a reader is in the way.
    EXPECT_EQ(*database->query_integer("PRAGMA wal_checkpoint(TRUNCATE)"), 0);
    ++lines;
    return true;
  }));
  EXPECT_EQ(lines, 2U) << "those of the beginning";
}

TEST_F(SpoolTool, ListsMoreThanAPage) {
  std::vector<DeliveryRecord> many;
  for (std::uint64_t i = 0; i < 1200; ++i) {
    many.push_back(numbered_record(100 + i));
  }
  ASSERT_TRUE(spool_->append(many));
  const auto lines = list(SpoolPart::kWaiting);
  ASSERT_EQ(lines.size(), 1202U);
  EXPECT_THAT(lines.back(), HasSubstr("\"id1299\""));
}

TEST_F(SpoolTool, Checks) {
  auto report = check_spool(options_.path);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->is_sound) << report->problem;
  EXPECT_EQ(report->waiting, 2U);
  EXPECT_EQ(report->set_aside, 1U);
  EXPECT_EQ(report->oldest_ns, 1U);
  spool_.reset();
  std::ofstream(options_.path, std::ios::trunc)
      << "rubbish, and long enough to be read as a header";
  report = check_spool(options_.path);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->is_sound);
  EXPECT_FALSE(report->problem.empty());
  const auto missing = check_spool(dir_.file("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_F(SpoolTool, RetriesWhatWasSetAside) {
  EXPECT_FALSE(retry_set_aside(options_));  // in use
  spool_.reset();
  const auto count = retry_set_aside(options_);
  ASSERT_TRUE(count) << count.error().message;
  EXPECT_EQ(*count, 1U);
  EXPECT_TRUE(list(SpoolPart::kSetAside).empty());
  const auto waiting = list(SpoolPart::kWaiting);
  ASSERT_EQ(waiting.size(), 3U);
  EXPECT_THAT(waiting[2], HasSubstr(R"("id":"id3","state":"waiting")"));
  EXPECT_EQ(*retry_set_aside(options_), 0U);
}

TEST_F(SpoolTool, Empties) {
  EXPECT_FALSE(empty_spool(options_, [](std::string_view) { return true; }));  // in use
  spool_.reset();
  std::string lines;
  const auto emptied = empty_spool(options_, [&](std::string_view line) {
    lines += line;
    return true;
  });
  ASSERT_TRUE(emptied);
  EXPECT_EQ(*emptied, 2U);
  EXPECT_THAT(lines, HasSubstr("payload 2"));
  EXPECT_TRUE(list(SpoolPart::kWaiting).empty());
  EXPECT_EQ(list(SpoolPart::kSetAside).size(), 1U);
}

TEST(SinkTest, SaysWhatBecameOfTheAlert) {
  const testing::TempDir dir;
  {
    const SinkTest test;
    FileSink sink({.path = dir.file("out")}, {});
    const SinkTestResult result = test.run(sink, 5s);
    EXPECT_TRUE(result.is_delivered) << result.reason;
    EXPECT_THAT(to_text(result), HasSubstr("file: delivered in"));
    std::ifstream file(dir.file("out"));
    std::string line;
    std::getline(file, line);
    EXPECT_THAT(line, HasSubstr("Test of the configured outputs"));
  }
  {
    const SinkTest test;
    FileSink sink({.path = "/nonexistent/out"}, {});
    EXPECT_THAT(to_text(test.run(sink, 5s)), HasSubstr("file: FAILED: cannot open /nonexistent"));
  }
  {
    const SinkTest test;
    auto sink = make_http_sink({.url = "http://127.0.0.1:1/", .max_consecutive_timeouts = 0}, {},
                               {}, test.log());
    ASSERT_TRUE(sink);
    EXPECT_THAT(to_text(test.run(**sink, 10s)), HasSubstr("http: FAILED: "));
  }
  {
    const SinkTest test;
    auto sink = make_kafka_sink({.brokers = "127.0.0.1:1"}, {}, {}, test.log());
    ASSERT_TRUE(sink);
    EXPECT_EQ(to_text(test.run(**sink, 1s)), "kafka: FAILED: kafka_output.topic: is missing");
  }
}

TEST(MakeSinks, ASpoolThatNobodyAskedForMayBeMissing) {
  testing::LogLines log;
  DurabilityOptions durability;
  durability.spool = SpoolOptions{.path = "/proc/none/spool.db"};
  EXPECT_FALSE(make_http_sink({.url = "http://h"}, {}, durability, log.sink()));
  durability.is_spool_required = false;
  EXPECT_TRUE(make_http_sink({.url = "http://h"}, {}, durability, log.sink()));
  EXPECT_TRUE(log.has("alerts wait in memory only"));
}

}  // namespace
}  // namespace saker
