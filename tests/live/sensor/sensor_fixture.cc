// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/sensor/sensor_fixture.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "bpf/user/probe.h"
#include "tests/support/patience.h"

namespace saker::sensor::testing {
namespace {

constexpr std::chrono::seconds kDeadline{20};

bool is_clone(EventType type) {
  return type == EventType::kSyscallCloneV20X || type == EventType::kSyscallForkV20X ||
         type == EventType::kSyscallVforkV20X || type == EventType::kSyscallClone3X;
}

// Holds the child back until the source is ready.
struct Gate {
  int ends[2] = {-1, -1};
  Gate() { EXPECT_EQ(::pipe(ends), 0); }
  void wait() const {
    char byte = 0;
    ::close(ends[1]);
    while (::read(ends[0], &byte, 1) < 0) {
    }
    ::close(ends[0]);
  }
  void open() {
    ::close(ends[0]);
    EXPECT_EQ(::write(ends[1], "x", 1), 1);
    ::close(ends[1]);
  }
};

// Keeps the events of the child's tree.
void keep(const RawEvent& raw, std::set<std::int64_t>& tree, Recording& recording) {
  EventView view;
  const EventFault fault = view.parse(raw.bytes);
  if (fault != EventFault::kNone) {
    recording.error = "malformed record";
    return;
  }
  if (is_clone(view.type()) && view.get<std::int64_t>(0) == 0 &&
      (tree.count(view.get<std::int64_t>(5)) != 0 || tree.count(view.get<std::int64_t>(4)) != 0)) {
    tree.insert(view.tid());
  }
  if (tree.count(view.tid()) == 0) {
    return;
  }
  recording.events.emplace_back(raw.bytes, raw.cpu);
}

}  // namespace

Record::Record(Bytes bytes, std::uint16_t cpu) : bytes_(bytes.begin(), bytes.end()), cpu_(cpu) {
  EXPECT_EQ(view_.parse(bytes_), EventFault::kNone);
}

int Record::index_of_param(std::string_view param) const {
  const auto params = view_.info().params;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (params[i].name == param) {
      return static_cast<int>(i);
    }
  }
  ADD_FAILURE() << view_.info().name << " has no parameter " << param;
  return static_cast<int>(kMaxParams);
}

std::int64_t Record::number(std::string_view param) const {
  const auto index = static_cast<std::size_t>(index_of_param(param));
  if (index >= view_.info().params.size()) {
    return -999;
  }
  EXPECT_EQ(view_.param(index).size(), fixed_size(view_.info().params[index].type))
      << view_.info().name << "." << param;
  const Bytes value = view_.param(index);
  // Unsigned types shorter than 64 bit keep their value.
  switch (view_.info().params[index].type) {
    case ParamType::kInt16:
    case ParamType::kInt32:
    case ParamType::kInt64:
    case ParamType::kErrno:
    case ParamType::kFd:
    case ParamType::kPid:
      return view_.get_signed(index, -999);
    default:
      break;
  }
  std::uint64_t number = 0;
  for (std::size_t i = value.size(); i-- > 0;) {
    number = (number << 8) | std::to_integer<std::uint64_t>(value[i]);
  }
  return static_cast<std::int64_t>(number);
}

std::string Record::bytes(std::string_view param) const {
  return std::string(as_text(view_.param(static_cast<std::size_t>(index_of_param(param)))));
}

std::string Record::text(std::string_view param) const {
  std::string value = bytes(param);
  EXPECT_TRUE(!value.empty() && value.back() == '\0') << describe() << " " << param;
  if (!value.empty()) {
    value.pop_back();
  }
  return value;
}

bool Record::is_missing(std::string_view param) const {
  return bytes(param).empty();
}

std::string Record::render(std::size_t index) const {
  const ParamInfo& param = view_.info().params[index];
  const Bytes value = view_.param(index);
  if (value.empty()) {
    return "<missing>";
  }
  if (fixed_size(param.type) == value.size()) {
    return std::to_string(number(param.name));
  }
  std::string out;
  const bool has_nul = is_text(param.type) && value.back() == std::byte{0};
  for (const std::byte byte : value.first(value.size() - (has_nul ? 1 : 0))) {
    const char c = static_cast<char>(byte);
    if (c >= ' ' && c < 127) {
      out += c;
      continue;
    }
    char hex[8];
    std::snprintf(hex, sizeof(hex), "\\x%02x", std::to_integer<unsigned>(byte));
    out += hex;
  }
  return is_text(param.type) && !has_nul ? out + "<no NUL>" : out;
}

std::string Record::describe() const {
  std::string out = std::to_string(tid()) + " " + std::string(name()) + "(";
  for (std::size_t i = 0; i < view_.param_count(); ++i) {
    out += i == 0 ? "" : "; ";
    out += std::string(view_.info().params[i].name) + "=" + render(i);
  }
  return out + ")";
}

const Record* Recording::find(std::string_view name, std::size_t nth) const {
  for (const Record& event : events) {
    if (event.name() == name && nth-- == 0) {
      return &event;
    }
  }
  return nullptr;
}

const Record* Recording::find_if(std::string_view name,
                                 const std::function<bool(const Record&)>& matches) const {
  for (const Record& event : events) {
    if (event.name() == name && matches(event)) {
      return &event;
    }
  }
  return nullptr;
}

std::size_t Recording::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [name](const Record& event) { return event.name() == name; }));
}

std::string Recording::describe() const {
  std::string out = error.empty() ? "" : "error: " + error + "\n";
  for (const Record& event : events) {
    out += event.describe() + "\n";
  }
  return out;
}

std::string reason_to_skip() {
  if (::geteuid() != 0) {
    return "SKIP: needs root";
  }
  const Capabilities capabilities = probe();
  return capabilities.is_sufficient() ? "" : "SKIP: " + capabilities.missing.front();
}

Recording record(const std::vector<std::string>& calls, const std::function<void()>& body,
                 LiveOptions options) {
  Recording recording;
  for (const char* name : {"clone", "fork", "vfork", "clone3", "execve", "execveat"}) {
    options.selection.syscall_codes.push_back(syscall_by_name(name)->code);
  }
  for (const std::string& name : calls) {
    const SyscallInfo* call = syscall_by_name(name);
    EXPECT_NE(call, nullptr) << name;
    if (call != nullptr) {
      options.selection.syscall_codes.push_back(call->code);
    }
  }
  options.selection.events.push_back(EventType::kProcexitV1E);
  options.poll_timeout_ms = 20;
  options.with_snapshot = false;
  Gate gate;
  Counters counters;
  // The child is not of the sensor's thread group, so its calls are seen; it is forked before the
  // programs are attached, so its own birth is not.
  const pid_t child = ::fork();
  if (child == 0) {
    // The kernel side cannot wait for a page that is not there, and a call that fails early does
    // not fetch it either.
    (void)!::mlockall(MCL_CURRENT);
    gate.wait();
    body();
    ::_exit(0);
  }
  recording.child = child;
  auto source = LiveSource::open(options, counters);
  gate.open();
  if (!source) {
    recording.error = source.error().message;
    ::waitpid(child, nullptr, 0);
    return recording;
  }
  std::set<std::int64_t> tree = {child};
  const auto deadline = std::chrono::steady_clock::now() + saker::testing::patient(kDeadline);
  bool has_ended = false;
  while (!has_ended && std::chrono::steady_clock::now() < deadline) {
    Batch batch;
    const auto status = (*source)->next(batch);
    if (!status) {
      recording.error = status.error().message;
      break;
    }
    for (const RawEvent& raw : batch.events) {
      keep(raw, tree, recording);
    }
    for (std::size_t i = recording.events.size(); i-- > 0;) {
      const Record& event = recording.events[i];
      if (event.type() == EventType::kProcexitV1E && event.tid() == child) {
        has_ended = true;
        break;
      }
    }
  }
  if (!has_ended && recording.error.empty()) {
    recording.error = "the child's end was not seen";
  }
  recording.ledger = (*source)->ledger();
  ::waitpid(child, nullptr, 0);
  return recording;
}

namespace {

constexpr const char* kMarker = "/saker-case-";

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(separator, begin);
    pieces.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) {
      return pieces;
    }
    begin = end + separator.size();
  }
}

std::string fill_in(std::string text, const Notes& notes) {
  for (std::size_t i = 0; i < std::size(notes.number); ++i) {
    const std::string place = "{" + std::to_string(i) + "}";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place)) {
      text.replace(at, place.size(), std::to_string(notes.number[i]));
    }
  }
  return text;
}

void check_case(const Case& expectation, const Notes& notes, const std::vector<Record>& events) {
  std::string seen;
  for (const Record& event : events) {
    seen += "\n  " + event.describe();
    if (event.name() != expectation.call) {
      continue;
    }
    const auto wanted = split(fill_in(expectation.expected, notes), "; ");
    const auto params = event.view().info().params;
    ASSERT_EQ(event.view().param_count(), params.size()) << event.describe();
    ASSERT_EQ(expectation.expected.empty() ? 0 : wanted.size(), params.size()) << event.describe();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const std::string name(params[i].name);
      if (wanted[i] != name + "=*") {
        EXPECT_EQ(name + "=" + event.render(i), wanted[i]) << event.describe();
      }
    }
    return;
  }
  ADD_FAILURE() << "no event " << expectation.call << "; seen:" << (seen.empty() ? " none" : seen);
}

}  // namespace

std::vector<Case> Folder::inside(std::vector<Case> cases) const {
  const auto first = cases.front().trigger;
  cases.front().trigger = [path = path(), first](Notes& notes) {
    (void)!::chdir(path.c_str());
    first(notes);
  };
  return cases;
}

void check_cases(const std::vector<Case>& cases, LiveOptions options) {
  void* memory = ::mmap(nullptr, sizeof(Notes) * cases.size(), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto* notes = static_cast<Notes*>(memory);
  std::vector<std::string> calls = {"chdir"};
  for (const Case& one : cases) {
    for (const SyscallInfo& call : all_syscalls()) {
      if (event_info(call.exit_event).name == one.call || call.name == one.call) {
        calls.emplace_back(call.name);
      }
    }
  }
  const Recording run = record(
      calls,
      [&cases, notes] {
        for (std::size_t i = 0; i < cases.size(); ++i) {
          (void)!::chdir((kMarker + std::to_string(i)).c_str());
          cases[i].trigger(notes[i]);
        }
        (void)!::chdir(kMarker);
      },
      std::move(options));
  ASSERT_EQ(run.error, "") << run.describe();
  std::vector<std::vector<Record>> groups(cases.size() + 1);
  std::size_t group = cases.size();
  for (const Record& event : run.events) {
    if (event.name() == "chdir" && !event.is_missing("path") &&
        event.text("path").starts_with(kMarker)) {
      const std::string number = event.text("path").substr(std::string_view(kMarker).size());
      group = number.empty() ? cases.size() : std::stoul(number);
      continue;
    }
    groups[group].push_back(event);
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE("case " + std::to_string(i) + ": " + cases[i].call);
    check_case(cases[i], notes[i], groups[i]);
  }
  ::munmap(memory, sizeof(Notes) * cases.size());
}

}  // namespace saker::sensor::testing
