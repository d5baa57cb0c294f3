// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How values of a type compare: which operators there are and how constants are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/event/param_type.h"
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

// Empty when `op` is possible on a value of this type; else Falco's message. Source:
// falco-compat.md 1.5.
[[nodiscard]] std::string operator_fault(ParamType type, bool is_list, CompareOp op,
                                         OpModifier modifier);

}  // namespace saker
