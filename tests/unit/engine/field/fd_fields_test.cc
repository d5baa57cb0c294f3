// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

class FdFields : public FieldFixture {
protected:
  void read(std::int64_t fd) {
    show(EventBuilder(kSyscallReadX).tid(kShell).with("res", 1).with("fd", fd).with("data", "x"));
  }
};

TEST_F(FdFields, File) {
  apply(EventBuilder(kSyscallOpenX)
            .tid(kShell)
            .with("fd", 3)
            .with("name", "notes//../a.txt")
            .with("flags", 1 | 0x8000)
            .with("dev", 0xfe00)
            .with("ino", 99));
  read(3);
  expect({{"fd.num", "3"},
          {"fd.name", "/home/alice/a.txt"},
          {"fd.nameraw", "notes/../a.txt"},
          {"fd.type", "file"},
          {"fd.typechar", "f"},
          {"fd.directory", "/home/alice"},
          {"fd.filename", "a.txt"},
          {"fd.uid", "6003"},
          {"fd.dev", "FE00"},
          {"fd.dev.major", "254"},
          {"fd.dev.minor", "0"},
          {"fd.ino", "99"},
          {"fd.is_upper_layer", "true"},
          {"fd.is_lower_layer", "false"},
          {"fd.name_changed", "false"},
          {"fd.connected", "false"},
          {"fd.l4proto", "<NA>"},
          {"fd.sockfamily", "<NA>"},
          {"fd.is_server", "false"},
          {"fd.cip", "<NA>"},
          {"fd.types", "(file,directory)"},
          {"fd.types[7]", "(directory)"},
          {"fd.types[55]", "<NA>"},
          {"fd.containername", ":/home/alice/a.txt"},
          {"fd.containerdirectory", ":/home/alice"}});
}

struct NameCase {
  const char* path;
  const char* directory;
  const char* file;
};

TEST_F(FdFields, DirectoryAndFileOfPaths) {
  for (const NameCase& row :
       {NameCase{"/a/b", "/a", "b"}, NameCase{"/a", "/", "a"}, NameCase{"/", "/", "/"}}) {
    open(kShell, 3, row.path);
    read(3);
    expect({{"fd.directory", row.directory}, {"fd.filename", row.file}});
  }
  show(EventBuilder(kSyscallFchdirX).tid(kShell).with("fd", 7));
  expect({{"fd.type", "directory"}, {"fd.directory", "/srv/data"}, {"fd.filename", "<NA>"}});
}

TEST_F(FdFields, ClientConnection) {
  connect(0);
  expect({{"fd.name", "10.0.0.5:5000->1.2.3.4:443"},
          {"fd.type", "ipv4"},
          {"fd.typechar", "4"},
          {"fd.sockfamily", "ip"},
          {"fd.l4proto", "tcp"},
          {"fd.connected", "true"},
          {"fd.name_changed", "true"},
          {"fd.is_server", "false"},
          {"fd.cip", "10.0.0.5"},
          {"fd.sip", "1.2.3.4"},
          {"fd.lip", "10.0.0.5"},
          {"fd.rip", "1.2.3.4"},
          {"fd.cport", "5000"},
          {"fd.sport", "443"},
          {"fd.lport", "5000"},
          {"fd.rport", "443"},
          {"fd.cproto", "5000"},
          {"fd.sproto", "443"},
          {"fd.cnet", "<IPNET>"},
          {"fd.directory", "<NA>"},
          {"fd.filename", "<NA>"},
          // These have no value of their own.
          {"fd.ip", "<NA>"},
          {"fd.port", "<NA>"},
          {"fd.net", "<NA>"},
          {"fd.proto", "<NA>"},
          {"fd.sip.name", "<NA>"}});
  expect_candidates({{"fd.ip", "(10.0.0.5,1.2.3.4)"},
                     {"fd.port", "(5000,443)"},
                     {"fd.proto", "(5000,443)"},
                     {"fd.sip.name", "1.2.3.4"}});
}

TEST_F(FdFields, SocketBeforeItHasARole) {
  apply(EventBuilder(kSocketSocketX).tid(kShell).with("fd", 4).with("domain", 2).with("type", 1));
  read(4);
  expect({{"fd.type", "ipv4"},
          {"fd.l4proto", "<NA>"},
          {"fd.cip", "<NA>"},
          {"fd.sip", "<NA>"},
          {"fd.cproto", "<NA>"}});
}

TEST_F(FdFields, BoundSocket) {
  apply(EventBuilder(kSocketSocketX)
            .tid(kShell)
            .with("fd", 4)
            .with("domain", 2)
            .with("type", 1)
            .with("proto", 0));
  show(EventBuilder(kSocketBindX).tid(kShell).with("addr", sockaddr("10.0.0.5", 80)).with("fd", 4));
  expect({{"fd.name", "10.0.0.5:80"},
          {"fd.is_server", "true"},
          {"fd.sip", "10.0.0.5"},
          {"fd.sport", "80"},
          {"fd.sproto", ""},
          {"fd.cproto", ""},
          {"fd.cip", "<NA>"},
          {"fd.lip", "<NA>"}});
  expect_candidates({{"fd.ip", "(10.0.0.5)"}, {"fd.port", "(80)"}});
}

TEST_F(FdFields, WithoutRecordTheNameComesFromTheCall) {
  show(EventBuilder(kSyscallOpenatV2X)
           .tid(kShell)
           .with("fd", -2)
           .with("dirfd", 7)
           .with("name", "x/../y"));
  expect({{"fd.num", "-1"},
          {"fd.name", "/srv/data/y"},
          {"fd.nameraw", "x/../y"},
          {"fd.directory", "/srv/data"},
          {"fd.typechar", "f"},
          {"fd.type", "<NA>"},
          {"fd.filename", "<NA>"},
          {"fd.ino", "<NA>"}});
  show(EventBuilder(kSyscallOpenatV2X)
           .tid(kShell)
           .with("fd", -2)
           .with("dirfd", 55)
           .with("name", "a/b"));
  expect({{"fd.name", "<UNKNOWN>a/b"}});
  show(EventBuilder(kSyscallOpenatV2X).tid(kShell).with("fd", -14).without("name"));
  expect({{"fd.name", "<NA>"}});
  read(55);
  expect({{"fd.name", ""}, {"fd.typechar", "o"}, {"fd.directory", "/"}, {"fd.num", "55"}});
  show(EventBuilder(kSocketAccept4V6X).tid(kShell).with("fd", -11).without("tuple"));
  expect({{"fd.name", "NULL"}, {"fd.typechar", "4"}});
}

TEST_F(FdFields, ExistOnlyForEventsThatWorkOnAnFd) {
  show(EventBuilder(kSyscallUnlinkV2X).tid(kShell).with("path", "/x"));
  expect({{"fd.num", "<NA>"}, {"fd.name", "<NA>"}, {"fd.types", "<NA>"}, {"fd.uid", "<NA>"}});
}

TEST_F(FdFields, OfPoll) {
  connect(0);
  const auto entry = [](char fd) { return std::string(1, fd) + std::string(9, '\0'); };
  show(EventBuilder(kSyscallPollX)
           .tid(kShell)
           .with("fds", std::string("\x03\0", 2) + entry(0) + entry(4) + entry(99)));
  expect({{"fdlist.nums", "0,4,99"},
          {"fdlist.names", "/dev/null,10.0.0.5:5000->1.2.3.4:443,<NA>"},
          {"fdlist.cips", "10.0.0.5"},
          {"fdlist.sips", "1.2.3.4"},
          {"fdlist.cports", "5000"},
          {"fdlist.sports", "443"}});
  read(0);
  expect({{"fdlist.nums", "<NA>"}});
}

}  // namespace
}  // namespace saker::testing
