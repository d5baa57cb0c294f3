// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Single facts of threads: directories, credentials, limits, memory; users and groups.
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class Directories : public StateFixture {};

TEST_F(Directories, ChdirJoins) {
  const std::pair<const char*, const char*> steps[] = {
      {"/tmp", "/tmp/"}, {"x", "/tmp/x/"}, {"../y/./z/", "/tmp/y/z/"},
      {"../../..", "/"}, {"..", "/"},      {"/a//b", "/a/b/"},
  };
  for (const auto& [path, expected] : steps) {
    apply(EventBuilder(kSyscallChdirX).tid(kShell).with("path", path));
    EXPECT_EQ(state.cwd(thread(kShell)), expected);
  }
  apply(EventBuilder(kSyscallChdirX).tid(kShell).with("path", "/no").with("res", -2));
  EXPECT_EQ(state.cwd(thread(kShell)), "/a/b/");
}

TEST_F(Directories, FchdirTakesTheNameOfTheFd) {
  apply(EventBuilder(kSyscallFchdirX).tid(kShell).with("fd", 7));
  EXPECT_EQ(state.cwd(thread(kShell)), "/srv/data/");
  apply(EventBuilder(kSyscallFchdirX).tid(kShell).with("fd", 99).with("res", -9));
  EXPECT_EQ(state.cwd(thread(kShell)), "/srv/data/");
}

TEST_F(Directories, AnUnknownFdMakesTheCwdUnknown) {
  apply(EventBuilder(kSyscallFchdirX).tid(kShell).with("fd", 99));
  const std::pair<const char*, const char*> steps[] = {
      {".", "<UNKNOWN>/"},  {"sub", "<UNKNOWN>/sub/"}, {"..", "<UNKNOWN>/"},
      {"..", "<UNKNOWN>/"}, {"../../x", "<UNKNOWN>/"}, {"/etc", "/etc/"}};
  for (const auto& [path, expected] : steps) {
    apply(EventBuilder(kSyscallChdirX).tid(kShell).with("path", path));
    EXPECT_EQ(state.cwd(thread(kShell)), expected) << path;
  }
}

TEST_F(Directories, GetcwdCorrects) {
  apply(EventBuilder(kSyscallGetcwdX).tid(kShell).with("res", 5).with("path", "/var"));
  EXPECT_EQ(state.cwd(thread(kShell)), "/var/");
}

TEST_F(Directories, ChrootIsMadeAbsolute) {
  apply(EventBuilder(kSyscallChrootX).tid(kShell).with("path", "jail"));
  EXPECT_EQ(thread(kShell).folders->root, "/home/alice/jail");
  apply(EventBuilder(kSyscallChrootX).tid(kShell).with("path", "/jail"));
  EXPECT_EQ(thread(kShell).folders->root, "/jail");
}

struct IdCase {
  EventType type;
  const char* param;
  std::uint32_t Thread::*id;
};

class Ids : public StateFixture, public ::testing::WithParamInterface<IdCase> {};

TEST_P(Ids, AreSetWhenTheCallSucceeds) {
  const IdCase& row = GetParam();
  apply(EventBuilder(row.type).tid(kShell).with(row.param, 42));
  EXPECT_EQ(thread(kShell).*row.id, 42U);
  apply(EventBuilder(row.type).tid(kShell).with(row.param, 43).with("res", -1));
  EXPECT_EQ(thread(kShell).*row.id, 42U);
  apply(EventBuilder(row.type).tid(kShell).with(row.param, -1));
  EXPECT_EQ(thread(kShell).*row.id, 0xffffffff);
}

INSTANTIATE_TEST_SUITE_P(Table, Ids,
                         ::testing::Values(IdCase{kSyscallSetuidX, "uid", &Thread::uid},
                                           IdCase{kSyscallSetreuidX, "euid", &Thread::uid},
                                           IdCase{kSyscallSetresuidX, "euid", &Thread::uid},
                                           IdCase{kSyscallSetgidX, "gid", &Thread::gid},
                                           IdCase{kSyscallSetregidX, "egid", &Thread::gid},
                                           IdCase{kSyscallSetresgidX, "egid", &Thread::gid}));

class Facts : public StateFixture {};

TEST_F(Facts, SetsidSetsTheSessionOnly) {
  apply(EventBuilder(kSyscallSetsidX).tid(kServer).with("res", 5));
  EXPECT_EQ(thread(kServer).sid, 5);
  EXPECT_EQ(thread(kServer).vpgid, kServer);
  apply(EventBuilder(kSyscallSetsidX).tid(kServer).with("res", -1));
  EXPECT_EQ(thread(kServer).sid, 5);
}

TEST_F(Facts, CapsetSetsAllThree) {
  apply(EventBuilder(kSyscallCapsetX)
            .tid(kShell)
            .with("cap_inheritable", 1)
            .with("cap_permitted", 2)
            .with("cap_effective", 3));
  EXPECT_EQ(thread(kShell).cap_inheritable, 1U);
  EXPECT_EQ(thread(kShell).cap_permitted, 2U);
  EXPECT_EQ(thread(kShell).cap_effective, 3U);
}

TEST_F(Facts, ANewUserNamespaceGivesAllCapabilities) {
  apply(EventBuilder(kSyscallUnshareX).tid(kShell).with("flags", 1 << 4));
  EXPECT_EQ(thread(kShell).cap_effective, 0U);
  apply(EventBuilder(kSyscallUnshareX).tid(kShell).with("flags", 1 << 20));
  EXPECT_EQ(thread(kShell).cap_effective, (1ULL << 41) - 1);
}

TEST_F(Facts, LimitOfOpenFiles) {
  apply(EventBuilder(kSyscallSetrlimitX).tid(kShell).with("cur", 2048).with("resource", 7));
  EXPECT_EQ(thread(kShell).fdlimit, 2048);
  apply(EventBuilder(kSyscallSetrlimitX).tid(kShell).with("cur", 1).with("resource", 3));
  EXPECT_EQ(thread(kShell).fdlimit, 2048);
  apply(EventBuilder(kSyscallPrlimitX)
            .tid(1)
            .with("newcur", 9)
            .with("pid", kShell)
            .with("resource", 7));
  EXPECT_EQ(thread(kShell).fdlimit, 9);
  apply(EventBuilder(kSyscallPrlimitX).tid(kShell).with("newcur", -1).with("resource", 7));
  EXPECT_EQ(thread(kShell).fdlimit, 9);  // only asked
}

TEST_F(Facts, MemoryFollowsTheEventsThatTell) {
  apply(EventBuilder(kSyscallMunmapX)
            .tid(kShell)
            .with("vm_size", 3)
            .with("vm_rss", 2)
            .with("vm_swap", 1));
  EXPECT_EQ(thread(kShell).vmsize_kb, 3U);
  EXPECT_EQ(thread(kShell).vmrss_kb, 2U);
  EXPECT_EQ(thread(kShell).vmswap_kb, 1U);
  apply(EventBuilder(kSchedswitchV6E).tid(kServerThread).with("pgft_maj", 7).with("vm_size", 8));
  EXPECT_EQ(thread(kServerThread).pfmajor, 7U);
  EXPECT_EQ(thread(kServer).vmsize_kb, 8U);
}

TEST_F(Facts, UsersComeAndGo) {
  apply(EventBuilder(kUserAddedE)
            .with("uid", 5)
            .with("gid", 6)
            .with("name", "bob")
            .with("home", "/home/bob"));
  apply(EventBuilder(kUserAddedE).with("uid", 5).with("name", "inner").with("container_id", "abc"));
  ASSERT_NE(state.users().find_user("", 5), nullptr);
  EXPECT_EQ(state.users().find_user("", 5)->name, "bob");
  EXPECT_EQ(state.users().find_user("abc", 5)->name, "inner");
  apply(EventBuilder(kUserDeletedE).with("uid", 5));
  EXPECT_EQ(state.users().find_user("", 5), nullptr);
  EXPECT_NE(state.users().find_user("abc", 5), nullptr);
  apply(EventBuilder(kGroupAddedE).with("gid", 6).with("name", "staff"));
  EXPECT_EQ(state.users().find_group("", 6)->name, "staff");
  apply(EventBuilder(kGroupDeletedE).with("gid", 6));
  EXPECT_EQ(state.users().find_group("", 6), nullptr);
}

TEST_F(Facts, ResetForgetsEverything) {
  open(kShell, 30, "/tmp/x");
  fork(kShell, 650);
  state.reset(Snapshot{});
  EXPECT_EQ(state.thread_count(), 0U);
  EXPECT_EQ(state.fd_count(), 0U);
  EXPECT_TRUE(state.interfaces().all().empty());
}

}  // namespace
}  // namespace saker::testing
