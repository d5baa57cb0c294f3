// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Our wording of what the engine says of a condition or an output in Falco's words.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.h"
#include "engine/field/field_catalogue.h"

namespace saker {

struct Explanation {
  DiagnosticCode code;
  std::string message;  // empty: Falco's will do
  std::string hint;
};

// `otherwise`: the code of messages of no special kind. With `wants_hint`, looks for names near the
// unknown one.
[[nodiscard]] Explanation explain(std::string_view message, const FieldCatalogue& fields,
                                  DiagnosticCode otherwise, bool wants_hint);

// "did you mean 'X'?" for the candidate nearest to `word`; nothing when none is near, or when there
// are so many that the search would take long.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> candidates);

// What a condition that does not parse probably meant, by what stands at `index`: "write 'and'".
// `message` is the parser's. Empty when there is nothing useful to say.
[[nodiscard]] std::string syntax_hint(std::string_view text, std::size_t index,
                                      std::string_view message);

// True for messages that skip-if-unknown-filter forgives. Source: falco-compat.md 2.7.
[[nodiscard]] bool is_about_unknown(std::string_view message);

}  // namespace saker
