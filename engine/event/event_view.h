// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A checked, borrowed view of one event record. Kernel and capture bytes are hostile: a view exists
// only if parse() accepted the record, and then every parameter lies inside it.
//
// Record layout (little endian, packed): ts_ns u64, tid u64, length u32, type u16, parameter count
// u32, then the parameters' lengths (u16 each, u32 for types flagged LARGE_PAYLOAD), then their
// bytes back to back. Source: ../docs/event-record.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/event/catalogue.h"

namespace saker {

inline constexpr std::size_t kEventHeaderBytes = 26;
inline constexpr std::size_t kMaxParams = 32;

enum class EventFault : std::uint8_t {
  kNone,
  kTruncatedHeader,  // fewer bytes than a header
  kUnknownType,      // type not in the catalogue
  kLengthMismatch,   // length field disagrees with the record's bytes
  kTooManyParams,    // more parameters than the catalogue's row
  kParamsOverrun,    // parameter lengths do not fit in the record
};

class EventView {
public:
  // Checks `record`, which must hold exactly one record or a record followed by bytes to ignore. On
  // success fills `*this` and returns kNone; otherwise `*this` must not be used. Borrows `record`.
  [[nodiscard]] EventFault parse(Bytes record);

  [[nodiscard]] std::uint64_t ts_ns() const { return ts_ns_; }
  [[nodiscard]] std::int64_t tid() const { return tid_; }
  [[nodiscard]] EventType type() const { return type_; }
  [[nodiscard]] const EventInfo& info() const { return *info_; }
  [[nodiscard]] std::size_t param_count() const { return param_count_; }
  [[nodiscard]] Bytes record() const { return record_; }

  // Bytes of parameter `i`; empty when the record has fewer parameters (an older capture) or when
  // its length is 0, which both mean "missing".
  [[nodiscard]] Bytes param(std::size_t i) const {
    if (i >= param_count_) {
      return {};
    }
    return record_.subspan(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }

  // Reads a fixed-width parameter. `fallback` when it is missing or shorter than T.
  template <typename T>
  [[nodiscard]] T get(std::size_t i, T fallback = T{}) const {
    const Bytes bytes = param(i);
    return bytes.size() < sizeof(T) ? fallback : load_le<T>(bytes, 0);
  }

  // Signed value of an integer parameter of 1 to 8 bytes, sign-extended by its own width (so a
  // 4-byte fd of an old event works too). `fallback` when it is missing.
  [[nodiscard]] std::int64_t get_signed(std::size_t i, std::int64_t fallback) const;

  // Text parameter up to its first NUL. The text "(NULL)" and a missing parameter read as "<NA>"
  // (that is what rules see); use is_missing() to tell them apart from a real "<NA>".
  [[nodiscard]] std::string_view text(std::size_t i) const;

  [[nodiscard]] bool is_missing(std::size_t i) const { return param(i).empty(); }

private:
  Bytes record_;
  std::uint64_t ts_ns_ = 0;
  std::int64_t tid_ = 0;
  const EventInfo* info_ = nullptr;
  EventType type_{};
  std::uint16_t param_count_ = 0;
  std::array<std::uint32_t, kMaxParams + 1> offsets_{};
};

}  // namespace saker
