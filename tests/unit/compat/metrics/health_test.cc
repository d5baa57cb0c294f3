// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/health.h"

#include <gtest/gtest.h>

namespace saker::metrics {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class HealthTest : public ::testing::Test {
protected:
  std::vector<std::string> look(std::uint64_t second) {
    input_.now_ns = second * kSecond;
    return monitor_.look(input_);
  }

  HealthMonitor monitor_{{.drop_threshold = 0.1}};
  HealthInput input_{.is_live = true, .hits = 1};
};

TEST_F(HealthTest, RedWhenTheKernelIsSilent) {
  EXPECT_TRUE(look(1).empty());
  EXPECT_TRUE(look(5).empty());
  const auto troubles = look(6);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_TRUE(troubles[0].starts_with("blind: ")) << troubles[0];
  ++input_.hits;
  EXPECT_TRUE(look(7).empty()) << "sees again";
}

TEST_F(HealthTest, FollowsANewThreshold) {
  EXPECT_TRUE(look(1).empty());
  const auto lose = [this] {
    ++input_.hits;
    input_.events += 100;
    input_.drops += 50;
  };
  lose();
  EXPECT_EQ(look(2).size(), 1U);
  monitor_.set_drop_threshold(0.6);
  lose();
  EXPECT_TRUE(look(3).empty());
}

TEST_F(HealthTest, SilenceIsFineWithoutAKernel) {
  input_.is_live = false;
  EXPECT_TRUE(look(1).empty());
  EXPECT_TRUE(look(100).empty());
}

TEST_F(HealthTest, RedWhileLosingMoreThanTheThreshold) {
  look(1);
  ++input_.hits;
  input_.events = 1000;
  input_.drops = 100;
  EXPECT_TRUE(look(2).empty()) << "a tenth is tolerated";
  ++input_.hits;
  input_.events = 1100;
  input_.drops = 150;
  const auto troubles = look(3);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_NE(troubles[0].find("50 %"), std::string::npos) << troubles[0];
  ++input_.hits;
  EXPECT_TRUE(look(4).empty());
}

TEST_F(HealthTest, RedWhenAnOutputDeliversNothing) {
  input_.is_live = false;
  input_.outputs = {{.name = "http", .waiting = 0, .delivered = 5}};
  EXPECT_TRUE(look(1).empty());
  input_.outputs[0].waiting = 3;
  EXPECT_TRUE(look(2).empty());
  EXPECT_TRUE(look(30).empty());
  const auto troubles = look(31);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_NE(troubles[0].find("output http"), std::string::npos);
  ++input_.outputs[0].delivered;
  EXPECT_TRUE(look(32).empty());
}

TEST_F(HealthTest, RedWhenAnOutputLosesEverything) {
  input_.is_live = false;
  input_.outputs = {{.name = "file"}};
  look(1);
  for (std::uint64_t second = 2; second < 40; ++second) {
    ++input_.outputs[0].lost;
    EXPECT_EQ(look(second).empty(), second < 31) << second;
  }
}

TEST_F(HealthTest, SlowLossesOfEverythingAreSeen) {
  input_.is_live = false;
  input_.outputs = {{.name = "file"}};
  bool is_red = false;
  for (std::uint64_t second = 1; second < 60; ++second) {
    input_.outputs[0].lost += second % 10 == 0;
    is_red = !look(second).empty();
    EXPECT_EQ(is_red, second >= 40) << second;
  }
  for (std::uint64_t second = 60; second < 100; ++second) {
    is_red = !look(second).empty();
  }
  EXPECT_FALSE(is_red) << "nothing comes any more";
}

TEST_F(HealthTest, AnEarlierLossMakesNoIdleOutputRed) {
  input_.is_live = false;
  input_.outputs = {{.name = "http", .delivered = 1}};
  look(1);
  input_.outputs[0].lost = 1;
  for (std::uint64_t second = 2; second < 100; ++second) {
    // One alert every 35 s, which takes two seconds to deliver.
    input_.outputs[0].waiting = second % 35 < 2 ? 1 : 0;
    input_.outputs[0].delivered += second % 35 == 2;
    EXPECT_TRUE(look(second).empty()) << second;
  }
}

TEST_F(HealthTest, RedWhileLookupsFail) {
  input_.is_live = false;
  look(1);
  for (std::uint64_t second = 2; second < 40; ++second) {
    ++input_.lookups_failed;
    EXPECT_EQ(look(second).empty(), second < 31) << second;
  }
  EXPECT_FALSE(look(60).empty()) << "the last failure is not long ago";
  EXPECT_TRUE(look(100).empty()) << "nobody asks any more";
  ++input_.lookups_failed;
  EXPECT_TRUE(look(101).empty());
  ++input_.lookups_found;
  EXPECT_TRUE(look(140).empty());
}

TEST_F(HealthTest, OthersMayAddTheirTroubles) {
  input_.other_troubles = {"containers: the runtime does not answer"};
  EXPECT_EQ(look(1), input_.other_troubles);
}

TEST(HealthBody, IsFalcosWhileGreen) {
  EXPECT_EQ(health_body({}), R"({"status": "ok"})");
  EXPECT_EQ(health_body({"a \"b\"", "c\n"}),
            R"({"status": "failing", "reasons": ["a \"b\"", "c "]})");
}

}  // namespace
}  // namespace saker::metrics
