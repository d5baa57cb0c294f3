// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// docs/fields.md is generated from the catalogue: SAKER_UPDATE_DOCS=1 writes it, otherwise this
// test fails when it is out of date.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

constexpr const char* kIntroduction =
    R"(# Fields
<!-- Generated: SAKER_UPDATE_DOCS=1 build/tests/unit/engine/field/test_unit_field --gtest_filter='FieldReference.*' -->
What conditions compare and outputs show. A field without a value makes every comparison false; outputs show `<NA>`.

The columns: *written as* shows the argument: `N` a number, `NAME` a name, in brackets what may be left out. *Type* is
Falco's name of it; `list` holds several values. *Depends on* says what has to change before the value can: nothing
(`constant`), the thread's `container`, its executable since the last exec (`image`), the `process`, the process and its
ancestors (`lineage`) or the leader of its session or group (`leader`), the open file (`fd`), the event's `type` or the `event`. *Example* is the value in one of a few
made-up events; where it is empty, the field has no value in them.

Remarks: F for conditions only, P for outputs only, D deprecated, H not in `--list`, T takes no transformer, R cannot be
compared with another field, S part of the suggested outputs.
)";

std::string spelling(const FieldInfo& info) {
  const bool takes_number = info.has(field_flag::kIndexArgument);
  const bool takes_name = info.has(field_flag::kKeyArgument);
  const std::string argument = takes_number && takes_name ? "NAME or N"
                               : takes_number             ? "N"
                                                          : "NAME";
  std::string text(info.name);
  if (info.argument == ArgumentRule::kForbidden) {
    return text;
  }
  const bool is_bracket =
      info.has(field_flag::kBracketArgument) && !info.has(field_flag::kOwnsPrefix);
  const std::string with =
      is_bracket || info.name == "evt.around" ? "[" + argument + "]" : "." + argument;
  return info.argument == ArgumentRule::kRequired ? text + with : text + " (" + with + ")";
}

std::string remarks(const FieldInfo& info) {
  struct Remark {
    std::uint16_t flag;
    char letter;
  };
  std::string text;
  for (const Remark& remark :
       {Remark{field_flag::kFilterOnly, 'F'}, Remark{field_flag::kPrintOnly, 'P'},
        Remark{field_flag::kDeprecated, 'D'}, Remark{field_flag::kHidden, 'H'},
        Remark{field_flag::kNoTransformer, 'T'}, Remark{field_flag::kNoRightSide, 'R'},
        Remark{field_flag::kSuggested, 'S'}}) {
    if (info.has(remark.flag)) {
      text += remark.letter;
    }
  }
  return text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : std::string(1, c);
  }
  return out;
}

const char* scope_name(FieldScope scope) {
  constexpr const char* kNames[] = {"constant", "container", "image", "process", "lineage",
                                    "leader",   "fd",        "type",  "event"};
  return kNames[static_cast<std::size_t>(scope)];
}

class FieldReference : public FieldFixture {
protected:
  // Fills examples_ with the first text that one of a few events gives for each field.
  void collect_examples() {
    note(EventBuilder(kSyscallOpenatV2X)
             .tid(kShell)
             .ts(1'800'014'400ULL * kSecond + 42)
             .with("fd", 3)
             .with("dirfd", 7)
             .with("name", "sub/report.txt")
             .with("flags", 1 | 4 | 0x4000 | 4096)
             .with("mode", 0640)
             .with("dev", 0xfe00)
             .with("ino", 4711));
    note(EventBuilder(kSyscallReadX)
             .tid(kShell)
             .with("res", 5)
             .with("fd", 3)
             .with("data", "hello")
             .with("size", 80));
    apply(EventBuilder(kSocketSocketX)
              .tid(kShell)
              .with("fd", 4)
              .with("domain", 2)
              .with("type", 1)
              .with("proto", 0));
    note(EventBuilder(kSocketConnectX)
             .tid(kShell)
             .with("res", 0)
             .with("tuple", socktuple("10.0.0.5", 5000, "1.2.3.4", 443))
             .with("fd", 4));
    note(EventBuilder(kSyscallPollX)
             .tid(kShell)
             .with("fds", std::string("\x01\0\x04\0\0\0\0\0\0\0\x41\0", 12)));
    note(EventBuilder(kSyscallRenameX).tid(kShell).with("oldpath", "a").with("newpath", "/tmp/b"));
    note(EventBuilder(kSyscallUnlinkV2X).tid(kShell).with("path", "old").with("res", -2));
    note(exec_event(kShell, "tar")
             .ts(1'800'014'500ULL * kSecond)
             .with("ptid", kServer)
             .with("args", pieces({"-xf", "a.tar"}))
             .with("env", pieces({"HOME=/home/alice", "LANG=C"}))
             .with("trusted_exepath", "/usr/bin/tar")
             .with("tty", 34816)
             .with("cap_effective", 1 << 21)
             .with("exe_ino", 77)
             .with("exe_ino_ctime", 1'700'000'000'000'000'000)
             .with("exe_ino_mtime", 1'690'000'000'000'000'000)
             .with("uid", 1000)
             .with("gid", 1000));
    note(EventBuilder(kAsynceventE).tid(-1).with("name", "container"));
  }

  [[nodiscard]] std::string reference() const {
    std::ostringstream out;
    out << kIntroduction;
    for (const FieldClass& group : fields().classes()) {
      out << "\n## " << group.name << "\n"
          << group.description << "\n\n"
          << "| written as | type | depends on | | meaning | example "
             "|\n|---|---|---|---|---|---|\n";
      for (const FieldInfo* info : group.fields) {
        const auto example = examples_.find(info->name);
        out << "| " << spelling(*info) << " | " << (info->has(field_flag::kList) ? "list of " : "")
            << to_text(info->type) << " | " << scope_name(info->scope) << " | " << remarks(*info)
            << " | " << escaped(info->meaning) << " | "
            << (example == examples_.end() ? "" : "`" + escaped(example->second) + "`") << " |\n";
      }
    }
    return out.str();
  }

private:
  void note(EventBuilder event) {
    show(std::move(event));
    const std::map<std::string_view, std::string> arguments = {
        {"evt.arg", "evt.arg.flags"},
        {"evt.rawarg", "evt.rawarg.size"},
        {"evt.type.is", "evt.type.is.openat"},
        {"thread.cgroup", "thread.cgroup.cpuset"},
        {"evt.around", "evt.around[1800014400000000000]"}};
    for (const FieldInfo* info : fields().all()) {
      const auto with_argument = arguments.find(info->name);
      const std::string text = text_of(with_argument == arguments.end() ? std::string(info->name)
                                                                        : with_argument->second);
      const bool is_telling = text != "<NA>" && !text.empty() && !text.starts_with("error:");
      if (is_telling) {
        examples_.emplace(info->name, text);
      }
    }
  }

  std::map<std::string_view, std::string> examples_;
};

TEST_F(FieldReference, IsUpToDate) {
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  const auto path = std::filesystem::path(source == nullptr ? "." : source) / "docs/fields.md";
  collect_examples();
  const std::string wanted = reference();
  if (std::getenv("SAKER_UPDATE_DOCS") != nullptr) {
    std::ofstream(path) << wanted;
    return;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path;
  std::ostringstream found;
  found << file.rdbuf();
  EXPECT_TRUE(found.str() == wanted)
      << path << " is out of date: run this test with SAKER_UPDATE_DOCS=1";
}

}  // namespace
}  // namespace saker::testing
