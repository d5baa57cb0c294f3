// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/fuzz/event_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/event/catalogue.h"

namespace saker::fuzz {

namespace {

constexpr std::size_t kMostRecords = 64;
constexpr std::size_t kMissing = 255;

// Takes bytes from the front; zeros after the end.
class Cursor {
public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }
  std::size_t u8() {
    const Bytes byte = take(1);
    return byte.empty() ? 0 : std::to_integer<std::size_t>(byte[0]);
  }
  std::size_t u16() {
    const std::size_t low = u8();
    return low + 256 * u8();
  }
  Bytes take(std::size_t count) {
    const Bytes taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

private:
  Bytes bytes_;
};

void append_le(std::vector<std::byte>& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
}

std::vector<std::byte> scripted_record(Cursor& cursor, std::size_t number) {
  const auto type = static_cast<EventType>(cursor.u16() % kEventTypeCount);
  const EventInfo& info = event_info(type);
  const std::size_t tid = cursor.u8();
  const std::size_t count = std::min(cursor.u8(), info.params.size());
  const std::size_t length_size = info.has(event_flag::kLargePayload) ? 4 : 2;
  std::vector<std::byte> lengths;
  std::vector<std::byte> data;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t fixed = fixed_size(info.params[i].type);
    std::size_t length = cursor.u8();
    if (length == kMissing) {
      length = 0;
    } else if (fixed != 0) {
      length = fixed;
    }
    const Bytes bytes = cursor.take(length);
    data.insert(data.end(), bytes.begin(), bytes.end());
    data.resize(data.size() + length - bytes.size());
    append_le(lengths, length, length_size);
  }
  std::vector<std::byte> record;
  append_le(record, 1'700'000'000'000'000'000 + number * 1'000'000, 8);
  append_le(record, tid, 8);
  append_le(record, kEventHeaderBytes + lengths.size() + data.size(), 4);
  append_le(record, index_of(type), 2);
  append_le(record, count, 4);
  record.insert(record.end(), lengths.begin(), lengths.end());
  record.insert(record.end(), data.begin(), data.end());
  return record;
}

ThreadSnapshot thread(std::int64_t tid, std::int64_t ptid, std::string comm) {
  ThreadSnapshot thread;
  thread.tid = thread.pid = thread.vtid = thread.vpid = thread.sid = thread.pgid = tid;
  thread.vpgid = tid;
  thread.ptid = ptid;
  thread.comm = comm;
  thread.exe = comm;
  thread.exepath = "/usr/bin/" + comm;
  thread.args = std::string("-c\0--file=/etc/passwd\0", 22);
  thread.env = std::string("HOME=/root\0LANG=C\0", 18);
  thread.cwd = "/root/";
  thread.uid = thread.gid = thread.loginuid = 0;
  thread.flags = thread_flag::kIsMainThread;
  return thread;
}

FdSnapshot file(std::int64_t fd, std::string name) {
  FdSnapshot snapshot;
  snapshot.fd = fd;
  snapshot.type = FdType::kFile;
  snapshot.name = std::move(name);
  return snapshot;
}

FdSnapshot socket(std::int64_t fd, FdType type) {
  FdSnapshot snapshot;
  snapshot.fd = fd;
  snapshot.type = type;
  snapshot.l4proto = L4Proto::kTcp;
  snapshot.source_address = {127, 0, 0, 1};
  snapshot.destination_address = {10, 1, 2, 3};
  snapshot.source_port = 40000;
  snapshot.destination_port = 443;
  return snapshot;
}

}  // namespace

std::vector<std::vector<std::byte>> records_of(Bytes input) {
  std::vector<std::vector<std::byte>> records;
  if (input.empty()) {
    return records;
  }
  const bool is_script = (std::to_integer<unsigned>(input[0]) & 1U) != 0;
  input = input.subspan(1);
  Cursor cursor(input);
  while (records.size() < kMostRecords && (is_script ? !cursor.is_at_end() : !input.empty())) {
    if (is_script) {
      records.push_back(scripted_record(cursor, records.size()));
      continue;
    }
    constexpr std::size_t kLengthAt = 16;  // behind time and tid
    std::size_t length = input.size();
    if (length >= kEventHeaderBytes) {
      length = std::clamp<std::size_t>(load_le<std::uint32_t>(input, kLengthAt), kEventHeaderBytes,
                                       length);
    }
    records.emplace_back(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(length));
    input = input.subspan(length);
  }
  return records;
}

Snapshot small_machine() {
  Snapshot snapshot;
  snapshot.machine = {.cpu_count = 2,
                      .memory_bytes = 1U << 30U,
                      .boot_ts_ns = 1'600'000'000'000'000'000,
                      .hostname = "fuzz"};
  snapshot.threads = {thread(1, 0, "init"), thread(10, 1, "bash"), thread(11, 10, "nginx")};
  snapshot.threads[2].vpid = snapshot.threads[2].vtid = 1;
  snapshot.threads[2].cgroups = std::string(
      "cpu=/docker/3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e\0", 77);
  snapshot.fd_lists = {{10, {file(0, "/dev/pts/0"), file(3, "/etc/passwd")}},
                       {11, {socket(4, FdType::kIpv4Socket), socket(5, FdType::kIpv6Socket)}}};
  snapshot.users = {{0, 0, "root", "/root", "/bin/bash", ""}};
  snapshot.groups = {{0, "root", ""}};
  return snapshot;
}

void run_events(Bytes input, const std::function<void(const FieldContext&)>& visit) {
  static const Snapshot machine = small_machine();
  Counters counters;
  StateLimits limits;
  limits.max_threads = 48;
  limits.max_fds_per_process = 24;
  limits.max_fds = 200;
  State state(limits, counters);
  state.reset(machine);
  Arena arena;
  EventView event;
  std::uint64_t number = 0;
  std::uint64_t first_ts_ns = 0;
  std::uint64_t previous_ts_ns = 0;
  for (const std::vector<std::byte>& record : records_of(input)) {
    ++number;
    if (event.parse(record) != EventFault::kNone) {
      continue;
    }
    first_ts_ns = first_ts_ns == 0 ? event.ts_ns() : first_ts_ns;
    const Applied& applied = state.apply(event);
    arena.clear();
    visit(FieldContext{.event = event,
                       .applied = applied,
                       .state = state,
                       .arena = arena,
                       .number = number,
                       .first_ts_ns = first_ts_ns,
                       .previous_ts_ns = previous_ts_ns,
                       .cpu = 0,
                       .hostname = {}});
    previous_ts_ns = event.ts_ns();
    state.retire(event);
  }
  SAKER_CHECK(state.thread_count() <= limits.max_threads);
}

}  // namespace saker::fuzz
