// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/live_selection.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/event/catalogue.h"
#include "rules/loader/load_rules.h"

namespace saker::app {
namespace {

sensor::Selection select(const std::string& condition, const config::BaseSyscalls& base) {
  const std::vector<RuleFile> files = {
      {"r.yaml", "- rule: R\n  desc: x\n  condition: " + condition +
                     "\n  output: x\n  priority: INFO\n  warn_evttypes: false\n"}};
  const auto rules = load_rules(files, {}, std::make_shared<const FieldCatalogue>()).rules;
  return select_events(base, *rules);
}

bool has(const sensor::Selection& selection, std::string_view name) {
  return std::ranges::count(selection.syscall_codes, syscall_by_name(name)->code) > 0;
}
bool has(const sensor::Selection& selection, EventType type) {
  return std::ranges::count(selection.events, type) > 0;
}

TEST(LiveSelection, RulesAndState) {
  const auto selection = select("evt.type = chmod", {});
  EXPECT_TRUE(has(selection, "chmod"));
  for (const char* name :
       {"execve", "clone3", "close", "socket", "connect", "dup2", "chdir", "unshare"}) {
    EXPECT_TRUE(has(selection, name)) << name;
  }
  for (const char* name : {"read", "write", "mmap", "getpid", "futex"}) {
    EXPECT_FALSE(has(selection, name)) << name;
  }
  EXPECT_TRUE(has(selection, EventType::kProcexitV1E));
  EXPECT_FALSE(has(selection, EventType::kSignaldeliverE));
}

TEST(LiveSelection, SystemCallsWithoutAnEventOfTheirOwnGoByName) {
  const auto selection = select("evt.type in (getpid, sysinfo)", {});
  EXPECT_TRUE(has(selection, "getpid"));
  EXPECT_TRUE(has(selection, "sysinfo"));
  EXPECT_FALSE(has(selection, "getppid"));
}

TEST(LiveSelection, ConditionsWithoutATypeWantAllButTheDataMovers) {
  const auto selection = select("proc.name = x", {});
  EXPECT_TRUE(has(selection, "getpid"));
  EXPECT_TRUE(has(selection, "futex"));
  EXPECT_FALSE(has(selection, "read"));
  EXPECT_TRUE(has(select("proc.name = x", {.all = true}), "read"));
}

TEST(LiveSelection, DataMoversNeedAll) {
  EXPECT_FALSE(has(select("evt.type = write", {}), "write"));
  EXPECT_TRUE(has(select("evt.type = write", {.all = true}), "write"));
}

TEST(LiveSelection, CustomSetStandsForTheState) {
  const auto selection = select("evt.type = chmod", {.custom_set = {"clone", "!chmod", "bogus"}});
  EXPECT_TRUE(has(selection, "clone"));
  EXPECT_FALSE(has(selection, "chmod"));
  EXPECT_FALSE(has(selection, "dup2"));
  EXPECT_TRUE(has(select("evt.type = chmod", {.custom_set = {"!dup2"}}), "dup3"))
      << "only exclusions: the state's set stays";
  EXPECT_FALSE(has(select("evt.type = chmod", {.custom_set = {"!dup2"}}), "dup2"));
}

TEST(LiveSelection, RepairIsMinimal) {
  const auto selection = select("evt.type = chmod", {.repair = true});
  EXPECT_TRUE(has(selection, "execve"));
  EXPECT_TRUE(has(selection, "close"));
  EXPECT_FALSE(has(selection, "dup2"));
}

TEST(LiveSelection, EnterEventsGoWithTheirExits) {
  EXPECT_TRUE(has(select("evt.type = openat", {}), EventType::kSyscallOpenatV2E));
  EXPECT_FALSE(
      has(select("evt.type = chmod", {.custom_set = {"clone"}}), EventType::kSyscallOpenatV2E));
}

}  // namespace
}  // namespace saker::app
