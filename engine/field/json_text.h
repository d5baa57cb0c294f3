// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Text in the fields of JSON outputs. Names and arguments are bytes that a traced program chose;
// JSON must be UTF-8. (In the rendered line, "output", the reference repairs otherwise: each
// malformed sequence becomes one U+FFFD.)
#pragma once

#include <string>
#include <string_view>

namespace saker {

// Appends `text` with malformed UTF-8 repaired as the reference repairs it: a lead byte takes the
// bytes behind it, whatever they are, as continuation ("\xc3(" becomes U+00E8), and what cannot be
// decoded (overlong forms, surrogates, lone bytes, a cut end) becomes U+FFFD. Valid text stays.
// Source: data of the reference, capture `syscalls`.
void append_json_text(std::string& out, std::string_view text);

}  // namespace saker
