// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The value of a field for one event: 16 bytes, borrowed from the event, the state or the event's
// arena, so it dies at the next event. Copying never allocates.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/event/param_type.h"

namespace saker {

enum class ValueKind : std::uint8_t {
  kNone,  // no value: every comparison is false
  kBool,
  kInt,   // i64
  kUint,  // u64
  kDouble,
  kText,  // text up to its first NUL; not necessarily UTF-8
  kBytes,
  kIpv4,  // 4 bytes, network order, in the value
  kIpv6,  // 16 bytes, network order, borrowed
  kList,  // of Values, borrowed
};

class Value {
public:
  constexpr Value() = default;

  [[nodiscard]] static constexpr Value boolean(bool value) {
    return {ValueKind::kBool, value ? 1ULL : 0ULL, 0};
  }
  [[nodiscard]] static constexpr Value integer(std::int64_t value) {
    return {ValueKind::kInt, std::bit_cast<std::uint64_t>(value), 0};
  }
  [[nodiscard]] static constexpr Value number(std::uint64_t value) {
    return {ValueKind::kUint, value, 0};
  }
  [[nodiscard]] static constexpr Value real(double value) {
    return {ValueKind::kDouble, std::bit_cast<std::uint64_t>(value), 0};
  }
  [[nodiscard]] static Value text(std::string_view value) {
    return {ValueKind::kText, std::bit_cast<std::uint64_t>(value.data()),
            static_cast<std::uint32_t>(value.size())};
  }
  [[nodiscard]] static Value bytes(Bytes value) {
    return {ValueKind::kBytes, std::bit_cast<std::uint64_t>(value.data()),
            static_cast<std::uint32_t>(value.size())};
  }
  // `network_order`: the 4 bytes as they stand in memory.
  [[nodiscard]] static constexpr Value ipv4(std::uint32_t network_order) {
    return {ValueKind::kIpv4, network_order, 4};
  }
  [[nodiscard]] static Value ipv6(const std::uint8_t* sixteen_bytes) {
    return {ValueKind::kIpv6, std::bit_cast<std::uint64_t>(sixteen_bytes), 16};
  }
  [[nodiscard]] static Value list(std::span<const Value> values) {
    return {ValueKind::kList, std::bit_cast<std::uint64_t>(values.data()),
            static_cast<std::uint32_t>(values.size())};
  }

  [[nodiscard]] constexpr ValueKind kind() const { return kind_; }
  [[nodiscard]] constexpr bool has_value() const { return kind_ != ValueKind::kNone; }
  [[nodiscard]] constexpr bool as_bool() const { return payload_ != 0; }
  [[nodiscard]] constexpr std::int64_t as_int() const {
    return std::bit_cast<std::int64_t>(payload_);
  }
  [[nodiscard]] constexpr std::uint64_t as_uint() const { return payload_; }
  [[nodiscard]] constexpr double as_double() const { return std::bit_cast<double>(payload_); }
  // Of kText and kBytes.
  [[nodiscard]] std::string_view as_text() const {
    return {std::bit_cast<const char*>(payload_), size_};
  }
  [[nodiscard]] Bytes as_bytes() const {
    return {std::bit_cast<const std::byte*>(payload_), size_};
  }
  [[nodiscard]] constexpr std::uint32_t as_ipv4() const {
    return static_cast<std::uint32_t>(payload_);
  }
  [[nodiscard]] const std::uint8_t* as_ipv6() const {
    return std::bit_cast<const std::uint8_t*>(payload_);
  }
  [[nodiscard]] std::span<const Value> as_list() const {
    return {std::bit_cast<const Value*>(payload_), size_};
  }

  // The type and print format that the value has in this event; kNone: those of the field. Only
  // evt.rawarg and evt.arg values differ from event to event.
  [[nodiscard]] constexpr ParamType type() const { return type_; }
  [[nodiscard]] constexpr ParamFormat format() const { return format_; }
  [[nodiscard]] constexpr Value with_type(ParamType type, ParamFormat format) const {
    Value copy = *this;
    copy.type_ = type;
    copy.format_ = format;
    return copy;
  }

private:
  constexpr Value(ValueKind kind, std::uint64_t payload, std::uint32_t size)
      : payload_(payload), size_(size), kind_(kind) {}

  std::uint64_t payload_ = 0;
  std::uint32_t size_ = 0;
  ValueKind kind_ = ValueKind::kNone;
  ParamType type_ = ParamType::kNone;
  ParamFormat format_ = ParamFormat::kDefault;
};

static_assert(sizeof(Value) == 16);

}  // namespace saker
