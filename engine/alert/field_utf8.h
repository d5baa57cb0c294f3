// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// How the values of output_fields come to be valid UTF-8. The reference writes them with another
// library than the rest of an alert: one that decodes sequences by their first byte alone, so that
// an ill-formed one can swallow bytes behind it. Alerts are compared byte for byte by receivers, so
// this is kept. Source: recorded alerts with file names that are not UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace saker {

// Appends `text` as valid UTF-8. A first byte says how many bytes its character takes and their low
// six bits are taken as they are; what is overlong, a surrogate, beyond Unicode, cut off by the end
// or no first byte at all becomes U+FFFD. Valid UTF-8 stays as it is.
void append_field_utf8(std::string& out, std::string_view text);

}  // namespace saker
