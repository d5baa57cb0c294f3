// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How values of a type compare: which operators there are and how constants are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/event/param_type.h"
#include "engine/field/value.h"
#include "engine/lang/ast.h"

namespace saker {

enum class ValueClass : std::uint8_t {
  kSigned,
  kUnsigned,
  kPort,
  kBool,
  kDouble,
  kText,
  kBytes,
  kIp,
  kNet,
  kOther,  // only `exists`
};

[[nodiscard]] ValueClass value_class(ParamType type);

[[nodiscard]] constexpr bool is_number(ValueClass value) {
  return value == ValueClass::kSigned || value == ValueClass::kUnsigned ||
         value == ValueClass::kPort;
}

// Whether `kind` is what values of the class look like. evt.rawarg has in some events a type other
// than the one that a condition was compiled for; such a value compares with nothing.
[[nodiscard]] constexpr bool is_of_class(ValueKind kind, ValueClass value) {
  switch (value) {
    case ValueClass::kSigned:
    case ValueClass::kUnsigned:
    case ValueClass::kPort:
      return kind == ValueKind::kInt || kind == ValueKind::kUint;
    case ValueClass::kBool:
      return kind == ValueKind::kBool;
    case ValueClass::kDouble:
      return kind == ValueKind::kDouble;
    case ValueClass::kText:
      return kind == ValueKind::kText;
    case ValueClass::kBytes:
      return kind == ValueKind::kBytes;
    case ValueClass::kIp:
    case ValueClass::kNet:
      return kind == ValueKind::kIpv4 || kind == ValueKind::kIpv6;
    case ValueClass::kOther:
      return true;
  }
  return false;
}

// Empty when `op` is possible on a value of this type; else Falco's message. Source:
// falco-compat.md 1.5.
[[nodiscard]] std::string operator_fault(ParamType type, bool is_list, CompareOp op,
                                         OpModifier modifier);

}  // namespace saker
