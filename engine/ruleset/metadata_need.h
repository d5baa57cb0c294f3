// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which expressions need what a container runtime knows, which may arrive after the event.
#pragma once

#include <cstdint>

#include "engine/eval/bound_expr.h"

namespace saker {

enum class MetadataNeed : std::uint8_t {
  kNone,
  kOnly,   // metadata and constants: the value can be taken later
  kMixed,  // metadata and the event: the value can only be taken while the event is there
};

// container.id is no metadata: the cgroups tell it.
[[nodiscard]] MetadataNeed metadata_need(const BoundExpr& expr);

}  // namespace saker
