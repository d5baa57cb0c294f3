// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Options in a list of words, as getopt(3) reads them without reordering: reading ends at "--", at
// a lone "-", at an empty word and at the first word that does not begin with '-'; words that begin
// with "--" are skipped. Source: falco-compat.md 1.7.
#pragma once

#include <span>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/field/value.h"

namespace saker {

// For each option its letter and, if `options` has a ':' behind it, its value (the rest of the word
// or the next word; empty when there is none). Letters that `options` does not have yield "?".
[[nodiscard]] Value getopt_all(std::span<const Value> words, std::string_view options,
                               Arena& arena);

// The last value of `letter`; the letter itself if it takes none; no value if it is not there.
[[nodiscard]] Value getopt_last(std::span<const Value> words, std::string_view options,
                                char letter);

}  // namespace saker
