// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Guesses texts that fulfil some checks of texts; the caller tries them with the evaluator.
#pragma once

#include <string>
#include <vector>

#include "engine/eval/predicate.h"

namespace saker::kit {

// `wanted`: checks of one expression that shall hold. Guesses in the order of their likelihood.
[[nodiscard]] std::vector<std::string> guess_texts(const std::vector<const Predicate*>& wanted);

}  // namespace saker::kit
