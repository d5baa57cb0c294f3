// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

constexpr std::uint64_t kNoon = 1'800'014'400ULL * kSecond + 42;  // 2027-01-15 12:00:00.000000042

class EventFields : public FieldFixture {};

TEST_F(EventFields, AnyEvent) {
  show(EventBuilder(kSyscallOpenX).tid(kShell).ts(kNoon).with("fd", 3).with("name", "x"));
  expect({{"evt.num", "7"},
          {"evt.time", "12:00:00.000000042"},
          {"evt.time.s", "12:00:00"},
          {"evt.time.iso8601", "2027-01-15T12:00:00.000000042+0000"},
          {"evt.datetime", "2027-01-15 12:00:00.000000042"},
          {"evt.datetime.s", "2027-01-15 12:00:00"},
          {"evt.outputtime", "12:00:00.000000042"},
          {"evt.rawtime", "1800014400000000042"},
          {"evt.rawtime.s", "1800014400"},
          {"evt.rawtime.ns", "000000042"},
          {"evt.reltime.s", "1800014399"},
          {"evt.reltime.ns", "000000042"},
          {"evt.deltatime.s", "1800014398"},
          {"evt.pluginname", "<NA>"},
          {"evt.plugininfo", "<NA>"},
          {"evt.source", "syscall"},
          {"evt.is_async", "false"},
          {"evt.asynctype", "<NA>"},
          {"evt.hostname", "box"},
          {"evt.cpu", "3"},
          {"evt.dir", "<"},
          {"evt.count", "1"},
          {"evt.count.exit", "1"},
          {"evt.latency", "0"},
          {"evt.latency.human", "0ns"},
          {"util.cnt", "7"}});
}

TEST_F(EventFields, SuccessfulCall) {
  show(EventBuilder(kSyscallOpenX)
           .tid(kShell)
           .with("fd", 3)
           .with("name", "made")
           .with("flags", 1 | 4 | 0x4000)
           .with("mode", 0755));
  expect({{"evt.type", "open"},
          {"syscall.type", "open"},
          {"evt.type.is.open", "1"},
          {"evt.type.is.read", "0"},
          {"evt.type.is.3", "1"},
          {"evt.type.is.2", "0"},
          {"evt.category", "file"},
          {"evt.res", "SUCCESS"},
          {"evt.rawres", "3"},
          {"evt.failed", "false"},
          {"evt.is_open_read", "true"},
          {"evt.is_open_write", "false"},
          {"evt.is_open_exec", "true"},
          {"evt.is_open_create", "true"},
          {"evt.is_io", "false"},
          {"evt.io_dir", "<NA>"},
          {"evt.is_wait", "false"},
          {"evt.count.error", "0"},
          {"evt.count.error.file", "0"},
          {"evt.count.error.net", "<NA>"},
          {"evt.count.error.other", "<NA>"}});
}

TEST_F(EventFields, FailedCall) {
  show(EventBuilder(kSyscallOpenatV2X)
           .tid(kShell)
           .with("fd", -2)
           .with("dirfd", -100)
           .with("name", "none")
           .with("flags", 2));
  expect({{"evt.res", "ENOENT"},
          {"evt.rawres", "-2"},
          {"evt.failed", "true"},
          {"evt.is_open_write", "true"},
          {"evt.is_open_create", "false"},
          {"evt.count.error.file", "1"},
          {"evt.abspath", "/home/alice/none"}});
}

TEST_F(EventFields, CallWithoutEventOfItsOwn) {
  const SyscallInfo* alarm = syscall_by_name("alarm");
  ASSERT_NE(alarm, nullptr);
  show(EventBuilder(kGenericX).tid(kShell).with("ID", alarm->code));
  expect({{"evt.type", "alarm"},
          {"syscall.type", "alarm"},
          {"evt.args", ""},
          {"evt.arg[0]", "alarm"},
          {"evt.res", "<NA>"},
          {"evt.rawres", "<NA>"},
          {"evt.failed", "<NA>"},
          {"evt.count.error", "<NA>"}});
}

TEST_F(EventFields, AsynchronousEvent) {
  show(EventBuilder(kAsynceventE).tid(-1).with("name", "container"));
  expect({{"evt.type", "container"},
          {"syscall.type", "<NA>"},
          {"evt.is_async", "true"},
          {"evt.asynctype", "container"},
          {"evt.dir", ">"},
          {"proc.name", "<NA>"},
          {"fd.name", "<NA>"}});
}

TEST_F(EventFields, InputAndOutput) {
  open(kShell, 3, "/tmp/f");
  show(EventBuilder(kSyscallReadX).tid(kShell).with("res", 5).with("fd", 3).with("data", "a\nbcd"));
  expect({{"evt.buffer", "a.bcd"},
          {"evt.buflen", "5"},
          {"evt.buflen.in", "5"},
          {"evt.buflen.out", "<NA>"},
          {"evt.buflen.file", "5"},
          {"evt.buflen.file.in", "5"},
          {"evt.buflen.net", "<NA>"},
          {"evt.category", "file"},
          {"evt.is_io", "true"},
          {"evt.is_io_read", "true"},
          {"evt.is_io_write", "false"},
          {"evt.io_dir", "read"},
          {"evt.is_syslog", "false"}});
  show(EventBuilder(kSyscallReadX).tid(kShell).with("res", -9).with("fd", 77).without("data"));
  expect({{"evt.buffer", "NULL"}, {"evt.buflen", "<NA>"}, {"evt.category", "unknown"}});
}

struct DistanceCase {
  std::uint64_t ts_ns;
  const char* expected;
};

TEST_F(EventFields, AroundIsADistanceInMilliseconds) {
  for (const DistanceCase& row :
       {DistanceCase{1'000'000'000, "0"}, DistanceCase{1'002'000'000, "2"},
        DistanceCase{998'000'000, "2"}, DistanceCase{1'002'000'001, "3"}}) {
    show(EventBuilder(kSyscallCloseX).tid(kShell).ts(row.ts_ns));
    EXPECT_EQ(text_of("evt.around[1000000000]"), row.expected) << row.ts_ns;
  }
}

struct ParamCase {
  const char* name;  // of a parameter of the event below
  const char* arg;
  const char* raw;
};

TEST_F(EventFields, Parameters) {
  open(kShell, 3, "/etc/passwd");
  show(EventBuilder(kSyscallOpenatV2X)
           .tid(kShell)
           .with("fd", 3)
           .with("dirfd", 7)
           .with("name", "sub/../x")
           .with("flags", 4097)
           .with("mode", 0644)
           .with("dev", 0xfe00)
           .with("ino", -1));
  for (const ParamCase& row :
       {ParamCase{"fd", "<f>/srv/data/x", "3"}, ParamCase{"dirfd", "<d>/srv/data", "7"},
        ParamCase{"name", "/srv/data/x", "sub/../x"},
        ParamCase{"flags", "O_RDONLY|O_CLOEXEC", "1001"}, ParamCase{"mode", "0644", "644"},
        ParamCase{"dev", "FE00", "FE00"},
        // Decimal numbers are shown signed.
        ParamCase{"ino", "-1", "18446744073709551615"}, ParamCase{"data", "<NA>", "<NA>"}}) {
    EXPECT_EQ(text_of(std::string("evt.arg.") + row.name), row.arg) << row.name;
    EXPECT_EQ(text_of(std::string("evt.rawarg.") + row.name), row.raw) << row.name;
  }
  expect({{"evt.arg[2]", "/srv/data/x"},
          {"evt.arg[30]", "<NA>"},
          {"evt.args",
           "fd=3(<f>/srv/data/x) dirfd=7(<d>/srv/data) name=sub/../x(/srv/data/x) "
           "flags=4097(O_RDONLY|O_CLOEXEC) mode=0644 dev=FE00 ino=-1"},
          {"evt.abspath", "/srv/data/x"}});
}

struct TextCase {
  EventBuilder event;
  const char* field;
  const char* expected;
};

TEST_F(EventFields, TextsOfParameterTypes) {
  const std::string poll_fds = std::string("\x02\0", 2) +
                               std::string("\x01\0\0\0\0\0\0\0\x41\0", 10) +
                               std::string("\x63\0\0\0\0\0\0\0\x01\0", 10);
  const std::vector<TextCase> rows = {
      {EventBuilder(kSyscallCloseX).with("fd", -100), "evt.arg.fd", "AT_FDCWD"},
      {EventBuilder(kSyscallCloseX).with("res", -9), "evt.arg.res", "EBADF"},
      {EventBuilder(kSyscallCloseX).with("res", -512), "evt.arg.res", "ERESTARTSYS"},
      {EventBuilder(kSyscallCloseX).with("res", -4000), "evt.arg.res", "-4000"},
      {EventBuilder(kSyscallKillX).with("pid", kServer).with("sig", 9), "evt.args",
       "res=0 pid=700(server) sig=9(SIGKILL)"},
      {EventBuilder(kSyscallSetuidX).with("uid", -1), "evt.arg.uid", "<NONE>"},
      {EventBuilder(kSyscallSetuidX).with("uid", 4242), "evt.args", "res=0 uid=4242(<NA>)"},
      {EventBuilder(kSocketSocketX).with("domain", 1), "evt.arg.domain", "AF_LOCAL|AF_UNIX"},
      {EventBuilder(kSyscallChmodX).with("mode", 04700).with("filename", "/x"), "evt.args",
       "res=0 filename=/x mode=04700(S_IXUSR|S_IWUSR|S_IRUSR|S_ISUID)"},
      {EventBuilder(kSocketBindX).with("addr", sockaddr("10.0.0.5", 80)), "evt.arg.addr",
       "10.0.0.5:80"},
      {EventBuilder(kSocketBindX).with("addr", unix_sockaddr("/run/s")), "evt.arg.addr", "/run/s"},
      {EventBuilder(kSocketBindX).without("addr"), "evt.arg.addr", "<NA>"},
      {EventBuilder(kSocketConnectX).with("tuple", socktuple("::1", 5, "::2", 6)), "evt.arg.tuple",
       "::1:5->::2:6"},
      {EventBuilder(kSocketConnectX)
           .with("tuple", socktuple("::ffff:1.2.3.4", 5, "::ffff:5.6.7.8", 6)),
       "evt.arg.tuple", "1.2.3.4:5->5.6.7.8:6"},
      {EventBuilder(kSocketConnectX).with("tuple", unix_socktuple(0xab, 0xcd, "/s")),
       "evt.arg.tuple", "ab->cd /s"},
      {EventBuilder(kSocketConnectX).without("tuple"), "evt.arg.tuple", "NULL"},
      {EventBuilder(kSyscallPollX).with("fds", poll_fds), "evt.arg.fds", "1:f41 99:?1"},
      {EventBuilder(kSyscallNanosleepX).with("interval", 1500000000), "evt.args",
       "res=0 interval=1500000000(1.5s)"},
      {EventBuilder(kSyscallUnlinkV2X).with("path", "(NULL)"), "evt.arg.path", "<NA>"},
      {EventBuilder(kSyscallUnlinkV2X).with("path", ""), "evt.arg.path", ""},
  };
  for (TextCase row : rows) {
    show(row.event.tid(kShell));
    EXPECT_EQ(text_of(row.field), row.expected);
  }
}

}  // namespace
}  // namespace saker::testing
