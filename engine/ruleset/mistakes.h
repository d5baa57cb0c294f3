// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A second look at a condition for the person who wrote it: where check_condition() stops at the
// first thing that does not compile, this finds them all.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/ruleset/ruleset.h"

namespace saker {

// Everything that check_condition() could refuse, in the order of the text, each place once and at
// most `most` of them.
[[nodiscard]] std::vector<CompileError> all_mistakes(const Node& condition,
                                                     const FieldCatalogue& fields,
                                                     const RegexOptions& options, std::size_t most);

// The patterns of a condition that compiles which RE2 refuses, so that PCRE2 runs them; at most
// `most`. Borrowed from `condition`.
[[nodiscard]] std::vector<const Literal*> pcre2_patterns(const Node& condition, std::size_t most);

}  // namespace saker
