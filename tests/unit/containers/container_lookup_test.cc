// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_lookup.h"

#include <map>

#include <gtest/gtest.h>

namespace saker::containers {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDeadline{10};

using Clock = std::chrono::steady_clock;

struct Script {
  RuntimeKind kind;
  std::vector<Inspected> answers;
  std::chrono::milliseconds takes{0};
  std::optional<std::uint32_t> owner = std::nullopt;
};

// Answers from a list, one entry per call; the last one for ever.
class ScriptedRuntime final : public RuntimeClient {
public:
  ScriptedRuntime(Script script, std::atomic<int>& calls)
      : script_(std::move(script)), calls_(calls) {}
  Inspected inspect(const std::string& /*id*/, Clock::time_point deadline) override {
    const auto call = static_cast<std::size_t>(calls_++);
    if (script_.takes > 0ms) {
      std::this_thread::sleep_until(std::min(Clock::now() + script_.takes, deadline));
    }
    return script_.answers[std::min(call, script_.answers.size() - 1)];
  }
  [[nodiscard]] RuntimeKind kind() const override { return script_.kind; }
  [[nodiscard]] std::optional<std::uint32_t> owner() const override { return script_.owner; }

private:
  Script script_;
  std::atomic<int>& calls_;
};

Inspected fault(LookupFault fault) {
  return tl::unexpected(fault);
}

Inspected named(const char* name) {
  return ContainerInfo{.name = name};
}

struct Lookup {
  Lookup(const ContainerOptions& options, std::vector<Script> scripts)
      : calls(scripts.size()), lookup(options, [&](const std::atomic<bool>&) {
          std::vector<std::unique_ptr<RuntimeClient>> clients;
          for (std::size_t i = 0; i < scripts.size(); ++i) {
            clients.push_back(std::make_unique<ScriptedRuntime>(std::move(scripts[i]), calls[i]));
          }
          return clients;
        }) {}

  LookupAnswer ask(const char* hint, std::optional<std::uint32_t> owner = std::nullopt) {
    EXPECT_TRUE(lookup.ask("some-id", hint, owner));
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!lookup.has_answers() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
    auto answers = lookup.take_answers();
    EXPECT_EQ(answers.size(), 1U);
    return answers.empty() ? LookupAnswer{} : answers.front();
  }

  std::vector<std::atomic<int>> calls;
  ContainerLookup lookup;
};

const ContainerOptions kQuick{.retry_interval = 1ms, .max_tries = 3, .first_rest = 60s};

TEST(ContainerLookup, AsksTheHintedRuntimeFirst) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {named("of docker")}},
                         {RuntimeKind::kPodman, {named("of podman")}}});
  EXPECT_EQ(lookup.ask("podman").info->name, "of podman");
  EXPECT_EQ(lookup.calls[0], 0);
  EXPECT_EQ(lookup.ask("docker").info->name, "of docker");
  EXPECT_EQ(lookup.ask("cri").info->name, "of docker");
}

TEST(ContainerLookup, AsksTheOthersToo) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNoRuntime)}},
                         {RuntimeKind::kPodman, {named("found")}}});
  EXPECT_EQ(lookup.ask("docker").info->name, "found");
  EXPECT_EQ(lookup.calls[0], 1);
}

TEST(ContainerLookup, RepeatsWhatIsNotFoundYet) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound), named("late")}}});
  EXPECT_EQ(lookup.ask("docker").info->name, "late");
  EXPECT_EQ(lookup.calls[0], 2);
}

TEST(ContainerLookup, AsksTheOthersOnlyWhenTheHintedOneHasHadItsTries) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound), named("real")}},
                         {RuntimeKind::kPodman, {named("another")}}});
  EXPECT_EQ(lookup.ask("docker").info->name, "real");
  EXPECT_EQ(lookup.calls[1], 0);
  Lookup missing(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}},
                          {RuntimeKind::kPodman, {named("another")}}});
  EXPECT_EQ(missing.ask("docker").info->name, "another");
  EXPECT_EQ(missing.calls[0], 3);
}

TEST(ContainerLookup, GivesUpAfterSomeTries) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}},
                         {RuntimeKind::kPodman, {fault(LookupFault::kNoRuntime)}}});
  const LookupAnswer answer = lookup.ask("docker");
  EXPECT_EQ(answer.info, nullptr);
  EXPECT_EQ(answer.fault, LookupFault::kNotFound);
  EXPECT_EQ(lookup.calls[0], 3);
}

TEST(ContainerLookup, WithoutARuntimeSaysSoAtOnce) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kNoRuntime)}}});
  EXPECT_EQ(lookup.ask("docker").fault, LookupFault::kNoRuntime);
  EXPECT_EQ(lookup.calls[0], 1);
  Lookup none(kQuick, {});
  EXPECT_EQ(none.ask("docker").fault, LookupFault::kNoRuntime);
}

TEST(ContainerLookup, LetsABrokenRuntimeRest) {
  Lookup lookup(kQuick, {{RuntimeKind::kDocker, {fault(LookupFault::kUnavailable)}},
                         {RuntimeKind::kPodman, {fault(LookupFault::kNotFound)}}});
  EXPECT_EQ(lookup.ask("docker").fault, LookupFault::kUnavailable);
  EXPECT_EQ(lookup.ask("docker").fault, LookupFault::kUnavailable);
  EXPECT_EQ(lookup.calls[0], 1);
  EXPECT_EQ(lookup.calls[1], 2);
}

// A user may say what is in this user's own containers, and nothing about others.
TEST(ContainerLookup, AsksAUsersRuntimeOnlyAboutTheUsersContainers) {
  constexpr std::uint32_t kUser = 1000;
  Lookup lookup(kQuick, {{RuntimeKind::kPodman, {named("of the user")}, 0ms, kUser},
                         {RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}}});
  EXPECT_EQ(lookup.ask("podman").fault, LookupFault::kNotFound);
  EXPECT_EQ(lookup.ask("podman", kUser + 1).fault, LookupFault::kNotFound);
  EXPECT_EQ(lookup.calls[0], 0);
  const LookupAnswer answer = lookup.ask("podman", kUser);
  ASSERT_NE(answer.info, nullptr);
  EXPECT_EQ(answer.info->name, "of the user");
  EXPECT_EQ(answer.owner, kUser);
}

TEST(ContainerLookup, AsksTheMachinesRuntimesBeforeAUsers) {
  constexpr std::uint32_t kUser = 1000;
  Lookup lookup(kQuick, {{RuntimeKind::kPodman, {named("of the user")}, 0ms, kUser},
                         {RuntimeKind::kDocker, {named("of docker")}}});
  EXPECT_EQ(lookup.ask("podman", kUser).info->name, "of docker");
  EXPECT_EQ(lookup.calls[0], 0);
}

TEST(ContainerLookup, LetsASlowRuntimeRest) {
  ContainerOptions options = kQuick;
  options.slow_answer = 20ms;
  Lookup lookup(options, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}, 30ms},
                          {RuntimeKind::kCri, {named("found")}, 30ms}});
  EXPECT_EQ(lookup.ask("docker").info->name, "found");
  EXPECT_EQ(lookup.ask("docker").info->name, "found");  // slow, but of use
  EXPECT_EQ(lookup.calls[0], 1);
  EXPECT_EQ(lookup.calls[1], 2);
}

// Or this user's containers would keep the others' waiting.
TEST(ContainerLookup, LetsAUsersSlowRuntimeRestWhateverItSays) {
  constexpr std::uint32_t kUser = 1000;
  ContainerOptions options = kQuick;
  options.slow_answer = 20ms;
  Lookup lookup(options, {{RuntimeKind::kPodman, {named("found")}, 30ms, kUser}});
  EXPECT_NE(lookup.ask("podman", kUser).info, nullptr);
  EXPECT_EQ(lookup.ask("podman", kUser).fault, LookupFault::kUnavailable);
  EXPECT_EQ(lookup.calls[0], 1);
}

TEST(ContainerLookup, OneContainerTakesNoLongerThanItMay) {
  ContainerOptions options = kQuick;
  options.lookup_timeout = 200ms;
  options.slow_answer = 60s;
  options.max_tries = 1000;
  std::vector<Script> scripts(5, {RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}, 150ms});
  Lookup lookup(options, std::move(scripts));
  EXPECT_EQ(lookup.ask("docker").info, nullptr);
  EXPECT_EQ(lookup.calls[0], 1);
  EXPECT_EQ(lookup.calls[4], 0);
}

TEST(ContainerLookup, HasABound) {
  ContainerOptions options = kQuick;
  options.max_waiting_lookups = 2;
  options.retry_interval = 60s;
  Lookup lookup(options, {{RuntimeKind::kDocker, {fault(LookupFault::kNotFound)}}});
  // The tries that are due do not come before the test is over, so the queue fills up.
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  bool is_accepted = true;
  while (is_accepted && std::chrono::steady_clock::now() < deadline) {
    is_accepted = lookup.lookup.ask("some-id", "docker");
  }
  EXPECT_FALSE(is_accepted);
}

}  // namespace
}  // namespace saker::containers
