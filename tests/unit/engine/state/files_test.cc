// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {
namespace {

class Open : public StateFixture {};

TEST_F(Open, MakesARecord) {
  const Applied& applied = apply(EventBuilder(kSyscallOpenX)
                                     .tid(kShell)
                                     .with("fd", 3)
                                     .with("name", "/etc//passwd")
                                     .with("flags", 1 | 0x8000)
                                     .with("dev", 8)
                                     .with("ino", 100));
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(applied.fd_number, 3);
  EXPECT_TRUE(applied.is_fd_name_changed);
  EXPECT_EQ(applied.fd->type, FdType::kFile);
  EXPECT_EQ(applied.fd->name, "/etc/passwd");
  EXPECT_EQ(applied.fd->name_raw, "/etc/passwd");
  EXPECT_EQ(applied.fd->device, 8U);
  EXPECT_EQ(applied.fd->inode, 100U);
  EXPECT_TRUE(applied.fd->is_upper_layer);
  EXPECT_FALSE(applied.fd->is_lower_layer);
  EXPECT_EQ(fd_name(kShell, 3), "/etc/passwd");
}

TEST_F(Open, FailureMakesNone) {
  const Applied& applied =
      apply(EventBuilder(kSyscallOpenX).tid(kShell).with("fd", -2).with("name", "/x"));
  EXPECT_EQ(applied.fd, nullptr);
  EXPECT_EQ(applied.fd_number, -1);
  EXPECT_EQ(state.fds(thread(kShell))->size(), 4U);
}

struct NameCase {
  EventType type;
  std::int64_t dirfd;
  const char* name;
  const char* expected;
};

// Without it a row is printed byte by byte, padding and all.
std::ostream& operator<<(std::ostream& out, const NameCase& row) {
  return out << event_info(row.type).name << " of " << row.name;
}

class OpenNames : public StateFixture, public ::testing::WithParamInterface<NameCase> {};

TEST_P(OpenNames, AreMadeAbsolute) {
  EventBuilder event(GetParam().type);
  event.tid(kShell).with("fd", 9);
  if (GetParam().type == kSyscallOpenByHandleAtX) {
    event.with("path", GetParam().name);
  } else {
    event.with("name", GetParam().name);
  }
  if (GetParam().type == kSyscallOpenatV2X || GetParam().type == kSyscallOpenat2X) {
    event.with("dirfd", GetParam().dirfd);
  }
  EXPECT_EQ(apply(event).fd->name, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, OpenNames,
                         ::testing::Values(NameCase{kSyscallOpenX, 0, "a", "/home/alice/a"},
                                           NameCase{kSyscallOpenX, 0, "../bob/./a", "/home/bob/a"},
                                           NameCase{kSyscallCreatX, 0, "a", "/home/alice/a"},
                                           NameCase{kSyscallOpenatV2X, -100, "a", "/home/alice/a"},
                                           NameCase{kSyscallOpenatV2X, 7, "a", "/srv/data/a"},
                                           NameCase{kSyscallOpenatV2X, 7, "/a", "/a"},
                                           NameCase{kSyscallOpenatV2X, 55, "a", "<UNKNOWN>a"},
                                           NameCase{kSyscallOpenat2X, 7, "..", "/srv"},
                                           NameCase{kSyscallOpenByHandleAtX, 0, "/a/b", "/a/b"},
                                           NameCase{kSyscallOpenByHandleAtX, 0, "a/b", "/a/b"}));

TEST_F(Open, TheRootDirectoryGivesNoDoubleSlash) {
  open(kShell, 8, "/", 1 | 1024);
  EXPECT_EQ(fd(kShell, 8)->type, FdType::kDirectory);
  apply(EventBuilder(kSyscallOpenatV2X)
            .tid(kShell)
            .with("fd", 9)
            .with("dirfd", 8)
            .with("name", "etc"));
  EXPECT_EQ(fd_name(kShell, 9), "/etc");
}

TEST_F(Open, WhatTheEnterEventSawCounts) {
  apply(EventBuilder(kSyscallOpenatV2E)
            .tid(kShell)
            .with("dirfd", 7)
            .with("name", "true")
            .with("flags", 2));
  const Applied& applied = apply(EventBuilder(kSyscallOpenatV2X)
                                     .tid(kShell)
                                     .with("fd", 9)
                                     .with("dirfd", -100)
                                     .with("name", "false")
                                     .with("flags", 1 | 0x4000));
  EXPECT_EQ(applied.fd->name, "/srv/data/true");
  EXPECT_EQ(applied.fd->open_flags, 2U | 0x4000U);
  ASSERT_NE(applied.enter, nullptr);
  EXPECT_EQ(applied.enter->text(1), "true");
}

TEST_F(Open, EnterEventsThatDoNotBelongAreIgnored) {
  const auto open_x = [] {
    return EventBuilder(kSyscallOpenX).tid(kShell).with("fd", 9).with("name", "/exit");
  };
  // Of another call.
  apply(EventBuilder(kSyscallOpenatV2E).tid(kShell).with("name", "/enter"));
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
  // Used already.
  apply(EventBuilder(kSyscallOpenE).tid(kShell).with("name", "/enter"));
  EXPECT_EQ(apply(open_x()).fd->name, "/enter");
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
  // Without a name.
  apply(EventBuilder(kSyscallOpenE).tid(kShell));
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
  // Followed by another event that begins something.
  apply(EventBuilder(kSyscallOpenE).tid(kShell).with("name", "/enter"));
  apply(EventBuilder(kSignaldeliverE).tid(kShell));
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
  // Of another thread.
  apply(EventBuilder(kSyscallOpenE).tid(kServer).with("name", "/enter"));
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
  // Too large to keep.
  apply(EventBuilder(kSyscallOpenE).tid(kShell).with("name", std::string(5000, 'a')));
  EXPECT_EQ(apply(open_x()).fd->name, "/exit");
}

TEST_F(Open, MissingNameReadsAsNotAvailable) {
  EXPECT_EQ(apply(EventBuilder(kSyscallOpenX).tid(kShell).with("fd", 9)).fd->name,
            "/home/alice/<NA>");
}

class Fds : public StateFixture {};

TEST_F(Fds, CloseTakesEffectAfterTheRules) {
  const Applied& applied = apply(EventBuilder(kSyscallCloseX).tid(kShell).with("fd", 7));
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(applied.fd->name, "/srv/data");
  retire();
  EXPECT_EQ(fd(kShell, 7), nullptr);
}

// Linux frees the number before it finds out that the file cannot be written.
TEST_F(Fds, FailedCloseKeepsTheFdIfItDoesInLinux) {
  const std::pair<int, bool> results[] = {{-9, true},  {-1, true},   {-4, false},
                                          {-5, false}, {-28, false}, {-122, false}};
  for (const auto& [result, is_kept] : results) {
    state.reset(small_system());
    apply(EventBuilder(kSyscallCloseX).tid(kShell).with("fd", 7).with("res", result));
    retire();
    EXPECT_EQ(fd(kShell, 7) != nullptr, is_kept) << result;
  }
}

TEST_F(Fds, Dup2OfItselfChangesNothing) {
  open(kShell, 10, "/tmp/x", 1 | 4096);
  apply(
      EventBuilder(kSyscallDup2X).tid(kShell).with("oldfd", 10).with("newfd", 10).with("res", 10));
  EXPECT_EQ(fd(kShell, 10)->open_flags & 4096U, 4096U);
}

TEST_F(Fds, UnknownOnesAreCounted) {
  const Applied& applied = apply(EventBuilder(kSyscallReadX).tid(kShell).with("fd", 99));
  EXPECT_EQ(applied.fd, nullptr);
  EXPECT_EQ(applied.fd_number, 99);
  EXPECT_EQ(counters.get(Counter::kFdLookupsFailed), 1U);
}

TEST_F(Fds, CloseRangeTakesEffectAtOnce) {
  apply(EventBuilder(kSyscallCloseRangeX).tid(kShell).with("first", 1).with("last", -1));
  EXPECT_EQ(state.fds(thread(kShell))->size(), 1U);
  apply(EventBuilder(kSyscallCloseRangeX)
            .tid(kShell)
            .with("first", 0)
            .with("last", 10)
            .with("flags", 4));
  EXPECT_NE(fd(kShell, 0), nullptr);
  apply(exec_event(kShell, "cat"));
  EXPECT_EQ(fd(kShell, 0), nullptr);
}

TEST_F(Fds, DupCopiesTheRecord) {
  for (const EventType type : {kSyscallDupV1X, kSyscallDup2X, kSyscallDup3X}) {
    const Applied& applied = apply(EventBuilder(type).tid(kShell).with("res", 30).with("oldfd", 7));
    EXPECT_EQ(applied.fd_number, 30);
    EXPECT_EQ(applied.fd->name, "/srv/data");
    EXPECT_FALSE(applied.is_fd_name_changed);
    EXPECT_EQ(fd(kShell, 30)->type, FdType::kDirectory);
    EXPECT_NE(fd(kShell, 30)->id, fd(kShell, 7)->id);
  }
}

TEST_F(Fds, FailedDupShowsTheOldFd) {
  const Applied& applied =
      apply(EventBuilder(kSyscallDup2X).tid(kShell).with("res", -9).with("oldfd", 7));
  EXPECT_EQ(applied.fd_number, 7);
  EXPECT_EQ(state.fds(thread(kShell))->size(), 4U);
}

TEST_F(Fds, PipesHaveTwoEnds) {
  const Applied& applied = apply(
      EventBuilder(kSyscallPipeX).tid(kShell).with("fd1", 10).with("fd2", 11).with("ino", 77));
  EXPECT_EQ(applied.fd_number, 11);
  for (const std::int64_t end : {10, 11}) {
    EXPECT_EQ(fd(kShell, end)->type, FdType::kFifo);
    EXPECT_EQ(fd(kShell, end)->inode, 77U);
    EXPECT_EQ(fd_name(kShell, end), "");
  }
}

struct KindCase {
  EventType type;
  const char* result;
  FdType kind;
  char letter;
  const char* word;
};

std::ostream& operator<<(std::ostream& out, const KindCase& row) {
  return out << event_info(row.type).name << " makes " << row.word;
}

class NewFds : public StateFixture, public ::testing::WithParamInterface<KindCase> {};

TEST_P(NewFds, HaveTheKindOfTheirCall) {
  const KindCase& row = GetParam();
  const Applied& applied = apply(EventBuilder(row.type).tid(kShell).with(row.result, 12));
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(applied.fd_number, 12);
  EXPECT_EQ(applied.fd->type, row.kind);
  EXPECT_EQ(type_char(row.kind), row.letter);
  EXPECT_EQ(type_name(row.kind), row.word);
}

INSTANTIATE_TEST_SUITE_P(
    Table, NewFds,
    ::testing::Values(KindCase{kSyscallEventfd2X, "res", FdType::kEvent, 'e', "event"},
                      KindCase{kSyscallEventfdX, "res", FdType::kEvent, 'e', "event"},
                      KindCase{kSyscallSignalfd4X, "res", FdType::kSignal, 's', "signalfd"},
                      KindCase{kSyscallTimerfdCreateX, "res", FdType::kTimerfd, 't', "timerfd"},
                      KindCase{kSyscallInotifyInit1X, "res", FdType::kInotify, 'i', "inotify"},
                      KindCase{kSyscallEpollCreate1X, "res", FdType::kEventpoll, 'l', "eventpoll"},
                      KindCase{kSyscallBpfV2X, "fd", FdType::kBpf, 'b', "bpf"},
                      KindCase{kSyscallUserfaultfdX, "res", FdType::kUserfaultfd, 'u',
                               "userfaultfd"},
                      KindCase{kSyscallIoUringSetupX, "res", FdType::kIoUring, 'r', "io_uring"},
                      KindCase{kSyscallMemfdCreateX, "fd", FdType::kMemfd, 'm', "memfd"},
                      KindCase{kSyscallPidfdOpenX, "fd", FdType::kPidfd, 'P', "pidfd"}));

TEST_F(Fds, MemfdAndPidfdHaveNames) {
  apply(EventBuilder(kSyscallMemfdCreateX).tid(kShell).with("fd", 9).with("name", "secret"));
  EXPECT_EQ(fd_name(kShell, 9), "secret");
  apply(EventBuilder(kSyscallPidfdOpenX).tid(kShell).with("fd", 10).with("pid", kServer));
  EXPECT_EQ(fd_name(kShell, 10), "/proc/700");
  apply(EventBuilder(kSyscallPidfdGetfdX)
            .tid(kShell)
            .with("fd", 11)
            .with("pid_fd", 10)
            .with("target_fd", 0));
  EXPECT_EQ(fd_name(kShell, 11), "/dev/null");
}

TEST_F(Fds, FailedMemfdLeavesARecordWithoutKind) {
  const Applied& applied = apply(EventBuilder(kSyscallMemfdCreateX).tid(kShell).with("fd", -14));
  EXPECT_EQ(applied.fd_number, -14);
  ASSERT_NE(applied.fd, nullptr);
  EXPECT_EQ(type_char(applied.fd->type), '?');
  EXPECT_EQ(state.fds(thread(kShell))->size(), 5U);
}

struct FdParamCase {
  EventType type;
  const char* param;
};

std::ostream& operator<<(std::ostream& out, const FdParamCase& row) {
  return out << event_info(row.type).name << " by " << row.param;
}

class FdOfEvent : public StateFixture, public ::testing::WithParamInterface<FdParamCase> {};

TEST_P(FdOfEvent, IsFoundByItsParameter) {
  const Applied& applied =
      apply(EventBuilder(GetParam().type).tid(kShell).with(GetParam().param, 7));
  EXPECT_EQ(applied.fd_number, 7);
  EXPECT_NE(applied.fd, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FdOfEvent,
    ::testing::Values(FdParamCase{kSyscallReadX, "fd"}, FdParamCase{kSyscallMmapX, "fd"},
                      FdParamCase{kSocketRecvmsgX, "fd"}, FdParamCase{kSyscallSpliceX, "fd_out"},
                      FdParamCase{kSyscallSendfileX, "out_fd"},
                      FdParamCase{kSyscallCopyFileRangeX, "fdout"},
                      FdParamCase{kSyscallUnlinkatV2X, "dirfd"},
                      FdParamCase{kSyscallSymlinkatX, "linkdirfd"},
                      FdParamCase{kSocketConnectE, "fd"}, FdParamCase{kSyscallFcntlX, "fd"}));

}  // namespace
}  // namespace saker::testing
