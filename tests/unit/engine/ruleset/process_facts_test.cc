// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What is kept of a process ends with whatever makes it untrue: each case changes something between
// two events of the same thread, and a matcher that keeps facts must see the change like one that
// does not.
#include <set>

#include "engine/field/container_metadata.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/matcher.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

constexpr const char* kContainerId =
    "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e";

class LateMetadata : public ContainerMetadata {
public:
  [[nodiscard]] const ContainerInfo* find(std::string_view id) const override {
    return is_known && id == kContainerId ? &info : nullptr;
  }
  [[nodiscard]] std::uint64_t generation() const override { return is_known ? 2 : 1; }

  ContainerInfo info;
  bool is_known = false;
};

std::shared_ptr<const RuleSet> compile(const std::vector<std::string>& conditions) {
  RuleSetBuilder builder(std::make_shared<const FieldCatalogue>());
  for (const std::string& condition : conditions) {
    const auto tree = parse_condition(condition, SourceId::kNone, kMaxRuleDepth);
    Rule rule;
    rule.name = condition;
    EXPECT_TRUE(tree.has_value() && builder.add(std::move(rule), **tree).has_value()) << condition;
  }
  return std::move(builder).build();
}

// A rule per fact, and more than enough other rules for an index.
std::vector<std::string> conditions_about(const std::string& fact) {
  std::vector<std::string> all = {"evt.type in (open, openat) and " + fact,
                                  "evt.type in (open, openat) and not " + fact,
                                  "evt.type = open and fd.name startswith /etc and " + fact};
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    all.push_back("evt.type = open and fd.name = /opt/file" + number);
    all.push_back("evt.type = open and proc.name = program" + number);
  }
  return all;
}

class ProcessFacts : public StateFixture {
protected:
  void watch(const std::string& fact) {
    rules_ = compile(conditions_about(fact));
    keeping_.emplace(rules_, MatcherOptions{.matching = RuleMatching::kAll});
    asking_.emplace(rules_,
                    MatcherOptions{.matching = RuleMatching::kAll, .caches_process_facts = false});
  }

  // Whether the fact holds for the thread, by the matcher that keeps facts. Asked often enough for
  // everything that it keeps.
  bool holds(std::int64_t tid) {
    bool is_first_rule = false;
    for (int i = 0; i < 70; ++i) {
      const Applied& applied = apply(EventBuilder(kSyscallOpenX)
                                         .tid(tid)
                                         .ts(++ts_ns_)
                                         .with("fd", -2)
                                         .with("name", i % 2 == 0 ? "/etc/passwd" : "/x"));
      const FieldContext context{.event = view(),
                                 .applied = applied,
                                 .state = state,
                                 .arena = arena_,
                                 .number = 7,
                                 .containers = &metadata_};
      const auto kept = keeping_->match(context);
      const auto asked = asking_->match(context);
      EXPECT_EQ(std::vector(kept.begin(), kept.end()), std::vector(asked.begin(), asked.end()));
      is_first_rule = !kept.empty() && kept.front() == RuleId{0};
      arena_.clear();
    }
    return is_first_rule;
  }

  LateMetadata metadata_;

private:
  std::shared_ptr<const RuleSet> rules_;
  std::optional<Matcher> keeping_;
  std::optional<Matcher> asking_;
  Arena arena_;
  std::uint64_t ts_ns_ = 10 * kSecond;
};

TEST_F(ProcessFacts, EndWithAnExec) {
  watch("proc.name = cat");
  EXPECT_FALSE(holds(kShell));
  apply(exec_event(kShell, "cat"));
  EXPECT_TRUE(holds(kShell));
}

TEST_F(ProcessFacts, OfTheChildrenEndWithTheParentsExec) {
  fork(kShell, 610);
  fork(610, 620);
  watch("proc.aname = vim");
  EXPECT_FALSE(holds(620));
  apply(exec_event(kShell, "vim").with("ptid", 1));
  EXPECT_TRUE(holds(620));
}

TEST_F(ProcessFacts, EndWhenTheParentDies) {
  fork(kShell, 610);
  watch("proc.pname = bash");
  EXPECT_TRUE(holds(610));
  exit(kShell);
  EXPECT_FALSE(holds(610));
}

TEST_F(ProcessFacts, EndWhenAGrandparentDies) {
  fork(kShell, 610);
  apply(exec_event(610, "make").with("ptid", kShell));
  fork(610, 620);
  watch("proc.aname[2] = bash");
  EXPECT_TRUE(holds(620));
  exit(kShell);
  EXPECT_FALSE(holds(620));
}

TEST_F(ProcessFacts, AreNotThoseOfAnEarlierThreadOfTheTid) {
  watch("proc.name = bash");
  EXPECT_TRUE(holds(kShell));
  exit(kShell);
  apply(clone_event(kShell, 0, kServer)
            .with("pid", kShell)
            .with("ptid", kServer)
            .with("comm", "server"));
  EXPECT_EQ(thread(kShell).image->comm, "server");
  EXPECT_FALSE(holds(kShell));
}

TEST_F(ProcessFacts, EndWithAChangeOfTheDirectory) {
  watch("proc.cwd = /srv/data/");
  EXPECT_FALSE(holds(kServerThread));
  apply(EventBuilder(kSyscallChdirX).tid(kServer).with("res", 0).with("path", "/srv/data"));
  EXPECT_TRUE(holds(kServerThread));
}

TEST_F(ProcessFacts, EndWithAChangeByASecondThread) {
  watch("proc.cwd = /srv/data/");
  EXPECT_FALSE(holds(kServer));
  apply(EventBuilder(kSyscallChdirX).tid(kServerThread).with("res", 0).with("path", "/srv/data"));
  EXPECT_TRUE(holds(kServer));
}

TEST_F(ProcessFacts, EndWithNewIds) {
  watch("user.uid = 0");
  EXPECT_FALSE(holds(kShell));
  apply(EventBuilder(kSyscallSetuidX).tid(kShell).with("res", 0).with("uid", 0));
  EXPECT_TRUE(holds(kShell));
}

TEST_F(ProcessFacts, EndWithNewCapabilities) {
  watch("thread.cap_effective contains CAP_SYS_ADMIN");
  EXPECT_FALSE(holds(kShell));
  apply(EventBuilder(kSyscallCapsetX)
            .tid(kShell)
            .with("res", 0)
            .with("cap_effective", std::int64_t{1} << 21));
  EXPECT_TRUE(holds(kShell));
}

TEST_F(ProcessFacts, EndWithANewSession) {
  watch("proc.is_sid_leader = true");
  fork(kShell, 610);
  EXPECT_FALSE(holds(610));
  apply(EventBuilder(kSyscallSetsidX).tid(610).with("res", 610));
  EXPECT_TRUE(holds(610));
}

// A leader may be any process, so what is asked of it is not kept.
TEST_F(ProcessFacts, OfLeadersFollowTheirExec) {
  fork(kServer, 610);
  apply(EventBuilder(kSyscallSetsidX).tid(610).with("res", kShell));
  watch("proc.sname = vim");
  EXPECT_FALSE(holds(610));
  apply(exec_event(kShell, "vim"));
  EXPECT_TRUE(holds(610));
}

TEST_F(ProcessFacts, EndWhenAnUnknownThreadIsIntroduced) {
  watch("proc.name = ls");
  EXPECT_FALSE(holds(9000));
  apply(exec_event(9000, "ls").with("ptid", kShell));
  EXPECT_TRUE(holds(9000));
}

TEST_F(ProcessFacts, EndWithAFamilyTooLargeToTouch) {
  for (std::int64_t tid = 10'000; tid < 10'200; ++tid) {
    fork(kShell, tid);
  }
  watch("proc.pname = vim");
  EXPECT_FALSE(holds(10'000));
  EXPECT_FALSE(holds(10'199));
  const std::uint64_t epoch = state.facts_epoch();
  apply(exec_event(kShell, "vim"));
  EXPECT_NE(state.facts_epoch(), epoch);
  EXPECT_TRUE(holds(10'000));
  EXPECT_TRUE(holds(10'199));
}

TEST_F(ProcessFacts, EndWhenMetadataOfTheContainerArrives) {
  metadata_.info.image_repository = "nginx";
  Snapshot snapshot = small_system();
  snapshot.threads[1].cgroups = pieces({"cpuset=/docker/" + std::string(kContainerId)});
  state.reset(snapshot);
  watch("container.image.repository = nginx");
  EXPECT_FALSE(holds(kShell));
  metadata_.is_known = true;
  EXPECT_TRUE(holds(kShell));
}

TEST_F(ProcessFacts, EndWhenTheStateStartsAnew) {
  watch("proc.name = bash");
  EXPECT_TRUE(holds(kShell));
  Snapshot snapshot = small_system();
  snapshot.threads[1].comm = "zsh";
  retire();
  state.reset(snapshot);
  EXPECT_FALSE(holds(kShell));
}

// The same for what is kept of an fd while events work on it.
class FdFacts : public ProcessFacts {
protected:
  void watch_reads(const std::string& fact) {
    const auto rules = compile({"evt.type = read and " + fact, "evt.type = read and not " + fact});
    keeping_.emplace(rules, MatcherOptions{.matching = RuleMatching::kAll});
  }
  bool holds_of(std::int64_t tid, std::int64_t fd) {
    bool result = false;
    for (int i = 0; i < 3; ++i) {
      const Applied& applied =
          apply(EventBuilder(kSyscallReadX).tid(tid).with("res", 1).with("fd", fd));
      const FieldContext context{
          .event = view(), .applied = applied, .state = state, .arena = arena_};
      const auto matched = keeping_->match(context);
      result = !matched.empty() && matched.front() == RuleId{0};
    }
    return result;
  }

private:
  std::optional<Matcher> keeping_;
  Arena arena_;
};

TEST_F(FdFacts, EndWhenTheNumberIsUsedAgain) {
  watch_reads("fd.name = /etc/shadow");
  open(kShell, 5, "/tmp/a");
  EXPECT_FALSE(holds_of(kShell, 5));
  apply(EventBuilder(kSyscallCloseX).tid(kShell).with("res", 0).with("fd", 5));
  open(kShell, 5, "/etc/shadow");
  EXPECT_TRUE(holds_of(kShell, 5));
}

TEST_F(FdFacts, AreNotThoseOfAnotherFdOrProcess) {
  watch_reads("fd.name = /etc/shadow");
  open(kShell, 5, "/etc/shadow");
  open(kShell, 6, "/tmp/a");
  open(kServer, 5, "/tmp/b");
  EXPECT_TRUE(holds_of(kShell, 5));
  EXPECT_FALSE(holds_of(kShell, 6));
  EXPECT_TRUE(holds_of(kShell, 5));
  EXPECT_FALSE(holds_of(kServer, 5));
}

TEST_F(FdFacts, EndWithADuplicate) {
  watch_reads("fd.name = /etc/shadow");
  open(kShell, 5, "/etc/shadow");
  open(kShell, 6, "/tmp/a");
  EXPECT_FALSE(holds_of(kShell, 6));
  apply(EventBuilder(kSyscallDup2X).tid(kShell).with("res", 6).with("oldfd", 5).with("newfd", 6));
  EXPECT_TRUE(holds_of(kShell, 6));
}

TEST_F(FdFacts, WithPartsOfTheProcessEndWithThem) {
  watch_reads("fd.name = val(proc.exepath)");
  open(kShell, 5, "/usr/bin/vim");
  EXPECT_FALSE(holds_of(kShell, 5));
  apply(exec_event(kShell, "vim").with("trusted_exepath", "/usr/bin/vim"));
  EXPECT_TRUE(holds_of(kShell, 5));
}

}  // namespace
}  // namespace saker::testing
