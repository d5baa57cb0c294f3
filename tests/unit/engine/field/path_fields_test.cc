// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

struct Case {
  EventBuilder event;
  std::vector<Shown> rows;
};

class PathFields : public FieldFixture {};

TEST_F(PathFields, OfCallsWithOnePath) {
  const std::vector<Case> cases = {
      {EventBuilder(kSyscallUnlinkV2X).with("path", "a/../b"),
       {{"fs.path.name", "/home/alice/b"},
        {"fs.path.nameraw", "a/../b"},
        {"fs.path.source", "<NA>"}}},
      {EventBuilder(kSyscallUnlinkV2X).with("path", "/x").with("res", -2),
       {{"fs.path.name", "<NA>"}}},
      {EventBuilder(kSyscallUnlinkatV2X).with("dirfd", 7).with("name", "x"),
       {{"fs.path.name", "/srv/data/x"}}},
      // Compat: the current directory is not looked up here.
      {EventBuilder(kSyscallUnlinkatV2X).with("dirfd", -100).with("name", "x"),
       {{"fs.path.name", "<UNKNOWN>x"}, {"fs.path.nameraw", "x"}}},
      // Compat: of a failed relative open there is only this.
      {EventBuilder(kSyscallOpenatV2X).with("fd", -2).with("dirfd", -100).with("name", "x"),
       {{"fs.path.name", "<UNKNOWN>"}, {"fs.path.nameraw", "x"}}},
      {EventBuilder(kSyscallOpenatV2X).with("fd", -1).with("dirfd", -100).with("name", "x"),
       {{"fs.path.name", "<NA>"}}},
      {EventBuilder(kSyscallOpenatV2X).with("fd", 3).with("dirfd", -100).with("name", "x"),
       {{"fs.path.name", "/home/alice/x"}}},
      {EventBuilder(kSyscallFchmodX).with("fd", 7), {{"fs.path.name", "/srv/data"}}},
      {EventBuilder(kSyscallReadX).with("fd", 7), {{"fs.path.name", "<NA>"}}},
  };
  for (Case row : cases) {
    show(row.event.tid(kShell));
    expect(row.rows);
  }
}

TEST_F(PathFields, OfCallsWithTwoPaths) {
  const std::vector<Case> cases = {
      {EventBuilder(kSyscallRenameX).with("oldpath", "a").with("newpath", "/tmp/b"),
       {{"fs.path.source", "/home/alice/a"},
        {"fs.path.target", "/tmp/b"},
        {"fs.path.sourceraw", "a"},
        {"fs.path.targetraw", "/tmp/b"},
        {"fs.path.name", "<NA>"}}},
      {EventBuilder(kSyscallRenameat2X)
           .with("olddirfd", 7)
           .with("oldpath", "a")
           .with("newdirfd", -100)
           .with("newpath", "b"),
       {{"fs.path.source", "/srv/data/a"},
        {"fs.path.target", "/home/alice/b"},
        {"evt.abspath", "/srv/data/a"},
        {"evt.abspath.src", "/srv/data/a"},
        {"evt.abspath.dst", "/home/alice/b"}}},
      {EventBuilder(kSyscallSymlinkX).with("target", "/etc/shadow").with("linkpath", "l"),
       {{"fs.path.source", "/home/alice/l"}, {"fs.path.target", "/etc/shadow"}}},
      // The new name is the source of a hard link.
      {EventBuilder(kSyscallLinkV2X).with("oldpath", "/old").with("newpath", "new"),
       {{"fs.path.source", "/home/alice/new"}, {"fs.path.target", "/old"}}},
      {EventBuilder(kSyscallSymlinkatX)
           .with("target", "t")
           .with("linkdirfd", 7)
           .with("linkpath", "l"),
       {{"fs.path.source", "/srv/data/l"}, {"fs.path.target", "<UNKNOWN>t"}}},
  };
  for (Case row : cases) {
    show(row.event.tid(kShell));
    expect(row.rows);
  }
}

}  // namespace
}  // namespace saker::testing
