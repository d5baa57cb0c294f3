// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Turns borrowed values into owned ones.
#pragma once

#include <memory>
#include <span>

#include "engine/field/value.h"

namespace saker {

// Copies what `values` borrow (texts, bytes, addresses, lists and what is in them) into one block
// and makes them point there. The values live as long as the returned block; it is null when none
// of them borrows.
[[nodiscard]] std::unique_ptr<char[]> copy_values(std::span<Value> values);

}  // namespace saker
