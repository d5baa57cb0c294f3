// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Texts that two expressions or checks share exactly when they mean the same. The canonical text
// will not do: it prints the list ("") like the empty list, and commas inside constants like
// separators.
#pragma once

#include <string>

#include "engine/lang/ast.h"

namespace saker {

[[nodiscard]] std::string identity_of(const Expr& expr);
[[nodiscard]] std::string identity_of(const Check& check);

}  // namespace saker
