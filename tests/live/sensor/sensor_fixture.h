// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs a piece of code in a forked child under a LiveSource and gives the events of the child's
// process tree:
//
//   Recording run = record({"openat"}, [] { ::open("/dev/null", O_RDONLY); });
//   const Record* event = run.find("openat");
//
// Other processes of the machine are left out by following clone events from the child.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/user/live_source.h"
#include "engine/event/event_view.h"
#include "tests/support/temp_dir.h"

namespace saker::sensor::testing {

// An owned event.
class Record {
public:
  Record(Bytes bytes, std::uint16_t cpu);

  [[nodiscard]] const EventView& view() const { return view_; }
  [[nodiscard]] std::string_view name() const { return view_.info().name; }
  [[nodiscard]] EventType type() const { return view_.type(); }
  [[nodiscard]] std::int64_t tid() const { return view_.tid(); }
  [[nodiscard]] std::uint16_t cpu() const { return cpu_; }

  // Integer parameter by name; fails the test when there is none.
  [[nodiscard]] std::int64_t number(std::string_view param) const;
  // Bytes of a parameter; a text without its final NUL.
  [[nodiscard]] std::string text(std::string_view param) const;
  [[nodiscard]] std::string bytes(std::string_view param) const;
  [[nodiscard]] bool is_missing(std::string_view param) const;
  // Parameter `index` as text: numbers decimal with the sign of their type, texts without their
  // final NUL, bytes that are not printable as \xHH, and "<missing>".
  [[nodiscard]] std::string render(std::size_t index) const;
  // "tid name(param=value; ...)".
  [[nodiscard]] std::string describe() const;

private:
  [[nodiscard]] int index_of_param(std::string_view param) const;

  std::vector<std::byte> bytes_;
  EventView view_;
  std::uint16_t cpu_;
};

struct Recording {
  std::int64_t child = -1;  // pid of the forked child
  std::vector<Record> events;
  Ledger ledger;
  std::string error;  // why there is no recording

  // The `nth` event with this name in the child's tree.
  [[nodiscard]] const Record* find(std::string_view name, std::size_t nth = 0) const;
  // The first for which `matches` is true.
  [[nodiscard]] const Record* find_if(std::string_view name,
                                      const std::function<bool(const Record&)>& matches) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] std::string describe() const;
};

// Calls `skip` with a reason when this machine cannot run the sensor; returns whether it did.
[[nodiscard]] std::string reason_to_skip();

// Selects the calls of these names (plus clone, fork, vfork, clone3, execve, procexit), runs `body`
// in a child, waits for the child's end and its procexit event.
[[nodiscard]] Recording record(const std::vector<std::string>& calls,
                               const std::function<void()>& body, LiveOptions options = {});

// Numbers that the child knows and the expectations need, as {0} .. {15}.
struct Notes {
  std::int64_t number[16] = {};
};

// One call and what its event has to say.
struct Case {
  std::string call;                     // name of the event
  std::function<void(Notes&)> trigger;  // runs in the child
  // "param=value; param=value", all parameters in order. A value of * is not compared; {N} stands
  // for Notes::number[N].
  std::string expected;
};

// A system call by number, without libc's detours.
inline long call(long number, auto... arguments) {
  return ::syscall(number, arguments...);
}

// A descriptor number that nothing else uses.
inline constexpr int kFd = 100;
inline constexpr int kFd2 = 101;

// Makes `fd` known as `number`.
inline void rename_fd(int fd, int number) {
  ::dup2(fd, number);
  ::close(fd);
}

// A folder to work in, removed at the end.
class Folder {
public:
  [[nodiscard]] std::string path() const { return folder_.path().string(); }
  // The cases, run inside the folder.
  [[nodiscard]] std::vector<Case> inside(std::vector<Case> cases) const;

private:
  saker::testing::TempDir folder_;
};

// Runs all triggers in one child and checks each case's event. Each case sees only the events
// between its marker and the next.
void check_cases(const std::vector<Case>& cases, LiveOptions options = {});

}  // namespace saker::sensor::testing

// First line of every live test.
#define SAKER_SKIP_WITHOUT_SENSOR()                                                       \
  do {                                                                                    \
    if (std::string reason = saker::sensor::testing::reason_to_skip(); !reason.empty()) { \
      GTEST_SKIP() << reason;                                                             \
    }                                                                                     \
  } while (false)
