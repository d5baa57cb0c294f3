// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Builds captures byte by byte in memory, also wrong ones, and reads whole captures for comparison.
//
//   CaptureBytes capture;
//   capture.section().event(EventType::kSyscallCloseX, {i64(0), i64(3)});
//   const Drained result = drain_memory(capture.bytes());
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compat/scap/block_builder.h"
#include "compat/scap/block_types.h"
#include "compat/scap/scap_source.h"
#include "engine/event/catalogue.h"
#include "engine/event/event_view.h"

namespace saker::scap {

template <typename T>
std::string raw(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}
inline std::string u8(std::uint8_t value) {
  return raw(value);
}
inline std::string u16(std::uint16_t value) {
  return raw(value);
}
inline std::string u32(std::uint32_t value) {
  return raw(value);
}
inline std::string u64(std::uint64_t value) {
  return raw(value);
}
inline std::string i64(std::int64_t value) {
  return raw(value);
}
inline std::string text(std::string_view value) {
  return std::string(value) + '\0';
}
// A string of a list block: length and bytes.
inline std::string str(std::string_view value) {
  return u16(static_cast<std::uint16_t>(value.size())) + std::string(value);
}

struct EventParts {
  std::uint64_t ts_ns = 1000;
  std::uint64_t tid = 7;
  std::uint16_t cpu = 2;
};

// A record as captures hold it, of version 1 (no parameter count) or 2.
inline std::string record_of(std::uint16_t type, const std::vector<std::string>& params,
                             int version = 2, EventParts parts = {}) {
  const bool is_large =
      type < kEventTypeCount && event_info(EventType{type}).has(event_flag::kLargePayload);
  std::string lengths;
  std::string values;
  for (const std::string& param : params) {
    lengths += is_large ? u32(static_cast<std::uint32_t>(param.size()))
                        : u16(static_cast<std::uint16_t>(param.size()));
    values += param;
  }
  const std::size_t header = version == 1 ? kEventV1HeaderBytes : kEventHeaderBytes;
  const auto length = static_cast<std::uint32_t>(header + lengths.size() + values.size());
  std::string record = u64(parts.ts_ns) + u64(parts.tid) + u32(length) + u16(type);
  if (version == 2) {
    record += u32(static_cast<std::uint32_t>(params.size()));
  }
  return record + lengths + values;
}

class CaptureBytes {
public:
  CaptureBytes& block(std::uint32_t number, std::string_view body) {
    builder_.begin(number);
    builder_.put_bytes(as_bytes(body));
    bytes_ += as_text(builder_.finish());
    return *this;
  }
  CaptureBytes& section() {
    return block(block_number::kSectionHeader,
                 u32(kSectionMagic) + u16(kMajorVersion) + u16(kMinorVersion) + u64(~0ULL));
  }
  CaptureBytes& event(EventType type, const std::vector<std::string>& params,
                      EventParts parts = {}) {
    const auto number = static_cast<std::uint16_t>(type);
    const bool is_large = event_info(type).has(event_flag::kLargePayload);
    return block(is_large ? block_number::kEventV2Large : block_number::kEventV2,
                 u16(parts.cpu) + record_of(number, params, 2, parts));
  }
  CaptureBytes& close_event(std::int64_t fd = 3) {
    return event(EventType::kSyscallCloseX, {i64(0), i64(fd)});
  }
  CaptureBytes& append(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }

  [[nodiscard]] const std::string& text() const { return bytes_; }
  [[nodiscard]] Bytes bytes() const { return as_bytes(bytes_); }

private:
  BlockBuilder builder_;
  std::string bytes_;
};

struct DrainedEvent {
  std::string bytes;
  std::uint64_t number = 0;
  std::uint16_t cpu = 0;
  bool is_state_only = false;

  friend bool operator==(const DrainedEvent&, const DrainedEvent&) = default;

  [[nodiscard]] EventType type() const {
    return EventType{load_le<std::uint16_t>(as_bytes(bytes), 20)};
  }
  // Parameter `i` as text; "?" when the record does not parse.
  [[nodiscard]] std::string param(std::size_t i) const {
    EventView view;
    return view.parse(as_bytes(bytes)) == EventFault::kNone ? std::string(as_text(view.param(i)))
                                                            : "?";
  }
  [[nodiscard]] std::size_t param_count() const {
    EventView view;
    return view.parse(as_bytes(bytes)) == EventFault::kNone ? view.param_count() : 9999;
  }
};

struct Drained {
  std::vector<DrainedEvent> events;
  std::vector<Snapshot> snapshots;
  std::vector<std::size_t> snapshot_at;  // events seen before each snapshot
  std::string error;                     // empty: none
  bool failed_to_open = false;
  std::unique_ptr<Counters> counters = std::make_unique<Counters>();

  [[nodiscard]] std::uint64_t count(Counter counter) const { return counters->get(counter); }
};

// Reads `source` to its end or first error; after an error it must end.
inline void drain(Result<std::unique_ptr<ScapSource>> source, Drained& result) {
  if (!source) {
    result.error = source.error().message;
    result.failed_to_open = true;
    return;
  }
  Batch batch;
  while (true) {
    const auto status = (*source)->next(batch);
    if (!status) {
      result.error = status.error().message;
      const auto after = (*source)->next(batch);
      if (!after || *after != SourceStatus::kEnd) {
        result.error += " (and does not end)";
      }
      return;
    }
    if (*status == SourceStatus::kEnd) {
      return;
    }
    if (batch.snapshot != nullptr) {
      result.snapshots.push_back(*batch.snapshot);
      result.snapshot_at.push_back(result.events.size());
    }
    for (const RawEvent& event : batch.events) {
      result.events.push_back(
          {std::string(as_text(event.bytes)), event.number, event.cpu, event.is_state_only});
    }
  }
}

inline Drained drain_memory(Bytes bytes) {
  Drained result;
  drain(ScapSource::from_memory(bytes, *result.counters), result);
  return result;
}

inline Drained drain_file(const std::string& path) {
  Drained result;
  drain(ScapSource::open(path, *result.counters), result);
  return result;
}

}  // namespace saker::scap
