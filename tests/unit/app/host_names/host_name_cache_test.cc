// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/host_names/host_name_cache.h"

#include <atomic>
#include <cstring>
#include <future>
#include <map>

#include <gtest/gtest.h>

namespace saker::app {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using Clock = std::chrono::steady_clock;

HostAddress v4(std::uint8_t last) {
  HostAddress address;
  address.bytes = {10, 0, 0, last};
  return address;
}

Value value(const HostAddress& address) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, address.bytes.data(), sizeof bytes);
  return address.is_ipv6 ? Value::ipv6(address.bytes.data()) : Value::ipv4(bytes);
}

// A name server whose answers a test holds back and changes.
class Server {
public:
  std::vector<HostAddress> operator()(const std::string& name) {
    std::unique_lock lock(mutex_);
    ++look_ups_[name];
    ++under_way_;
    most_under_way_ = std::max(most_under_way_, under_way_);
    changed_.notify_all();
    changed_.wait(lock, [&] { return !is_held_; });
    const std::vector<HostAddress> answer = answers_[name];
    --under_way_;
    changed_.notify_all();
    return answer;
  }
  void set(const std::string& name, std::vector<HostAddress> addresses) {
    const std::lock_guard lock(mutex_);
    answers_[name] = std::move(addresses);
  }
  void hold(bool is_held) {
    const std::lock_guard lock(mutex_);
    is_held_ = is_held;
    changed_.notify_all();
  }
  int look_ups(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return look_ups_[name];
  }
  // False: it took more than 10 s.
  bool wait_for_look_ups(const std::string& name, int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return look_ups_[name] >= count; });
  }
  int under_way() {
    const std::lock_guard lock(mutex_);
    return under_way_;
  }
  // Until no look-up is under way; false: it took more than 10 s.
  bool wait_for_end() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return under_way_ == 0; });
  }
  int most_under_way() {
    const std::lock_guard lock(mutex_);
    return most_under_way_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::vector<HostAddress>> answers_;
  std::map<std::string, int> look_ups_;
  bool is_held_ = false;
  int under_way_ = 0;
  int most_under_way_ = 0;
};

class HostNameCacheTest : public ::testing::Test {
protected:
  void open(const HostNameOptions& options) {
    cache_.emplace(options, [this](const std::string& name) { return server_(name); });
  }
  bool has(const std::vector<std::string>& names, const HostAddress& address) {
    return cache_->any_has(names, value(address));
  }
  // Whether it becomes true within 10 s.
  bool comes_to_have(const std::string& name, const HostAddress& address) {
    const auto end = Clock::now() + 10s;
    while (!has({name}, address)) {
      if (Clock::now() > end) {
        return false;
      }
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  Server server_;
  std::optional<HostNameCache> cache_;
};

TEST_F(HostNameCacheTest, TheFirstQuestionWaitsForItsAnswer) {
  server_.set("a", {v4(1), v4(2)});
  open({.wait = 30s});
  EXPECT_TRUE(has({"a"}, v4(2)));
  EXPECT_FALSE(has({"a"}, v4(3)));
  EXPECT_EQ(server_.look_ups("a"), 1);
}

TEST_F(HostNameCacheTest, AnUnknownNameHasNoAddressAndIsNotWaitedForTwice) {
  open({.wait = 30s});
  EXPECT_FALSE(has({"a"}, v4(1)));
  EXPECT_FALSE(has({"a"}, v4(1)));
  EXPECT_EQ(server_.look_ups("a"), 1);
}

TEST_F(HostNameCacheTest, ASilentServerIsWaitedForOnceAndUsedWhenItAnswers) {
  server_.set("a", {v4(1)});
  server_.hold(true);
  open({.wait = 50ms});
  EXPECT_FALSE(has({"a"}, v4(1)));
  const auto began = Clock::now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(has({"a"}, v4(1)));
  }
  EXPECT_LT(Clock::now() - began, 100 * 50ms);
  server_.hold(false);
  EXPECT_TRUE(comes_to_have("a", v4(1)));
}

TEST_F(HostNameCacheTest, ASilentServerDoesNotHoldUpTheEnd) {
  server_.hold(true);
  open({.wait = 10ms});
  EXPECT_FALSE(has({"a"}, v4(1)));
  EXPECT_TRUE(server_.wait_for_look_ups("a", 1));
  cache_.reset();
  EXPECT_EQ(server_.under_way(), 1);
  server_.hold(false);
  EXPECT_TRUE(server_.wait_for_end());
}

TEST_F(HostNameCacheTest, NamesOfAListAreLookedUpTogether) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  server_.set("d", {v4(4)});
  server_.hold(true);
  open({.wait = 30s, .threads = 4});
  auto answer = std::async(std::launch::async, [&] { return has(names, v4(4)); });
  for (const std::string& name : names) {
    EXPECT_TRUE(server_.wait_for_look_ups(name, 1));
  }
  EXPECT_EQ(server_.most_under_way(), 4);
  server_.hold(false);
  EXPECT_TRUE(answer.get());
}

TEST_F(HostNameCacheTest, AnAddressOfOneNameIsEnoughToEndTheWait) {
  server_.set("a", {v4(1)});
  open({.wait = 30s});
  EXPECT_TRUE(has({"a"}, v4(1)));
  server_.hold(true);
  EXPECT_TRUE(has({"a", "silent"}, v4(1)));
  server_.hold(false);
}

TEST_F(HostNameCacheTest, LooksAgainAndKeepsWhatItSawForAWhile) {
  server_.set("a", {v4(1)});
  open({.wait = 30s, .refresh = 1s});
  EXPECT_TRUE(has({"a"}, v4(1)));
  server_.set("a", {v4(2)});
  EXPECT_TRUE(comes_to_have("a", v4(2)));
  EXPECT_TRUE(has({"a"}, v4(1)));
  EXPECT_GE(server_.look_ups("a"), 2);
}

TEST_F(HostNameCacheTest, ForgetsNamesAndAddressesInTime) {
  server_.set("a", {v4(1)});
  open({.wait = 400ms, .refresh = 1s, .keep = 2s});
  EXPECT_TRUE(has({"a"}, v4(1)));
  server_.set("a", {v4(2)});
  const auto end = Clock::now() + 20s;
  while (has({"a"}, v4(1)) && Clock::now() < end) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_FALSE(has({"a"}, v4(1)));
  EXPECT_TRUE(has({"a"}, v4(2)));
}

TEST_F(HostNameCacheTest, KnowsTheNameOfAnAddressThatWasAskedFor) {
  HostAddress v6;
  v6.is_ipv6 = true;
  v6.bytes = {0x20, 1, 0xd, 0xb8};
  server_.set("six", {v6});
  server_.set("b", {v4(1)});
  server_.set("a", {v4(1)});
  open({.wait = 30s});
  EXPECT_EQ(cache_->name_of(value(v4(1))), "");
  EXPECT_TRUE(has({"six"}, v6));
  EXPECT_FALSE(has({"a", "b"}, v4(9)));
  EXPECT_EQ(cache_->name_of(value(v6)), "six");
  EXPECT_EQ(cache_->name_of(value(v4(1))), "a");
}

TEST_F(HostNameCacheTest, AServerCannotFillTheMemory) {
  std::vector<HostAddress> many(100'000);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].bytes = {10, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                     static_cast<std::uint8_t>(i)};
  }
  server_.set("a", many);
  open({.wait = 30s});
  EXPECT_TRUE(has({"a"}, many.front()));
  EXPECT_FALSE(has({"a"}, many.back()));
}

TEST(ResolveHost, AsksTheMachine) {
  const std::vector<HostAddress> literal = resolve_host("10.0.0.7");
  ASSERT_EQ(literal.size(), 1U);
  EXPECT_EQ(literal.front(), v4(7));
  EXPECT_TRUE(resolve_host("no such host").empty());
}

}  // namespace
}  // namespace saker::app
