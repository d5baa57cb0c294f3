// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Takes secrets out of texts that leave the machine (--support).
#pragma once

#include <string>
#include <string_view>

namespace saker::cli {

inline constexpr std::string_view kRedacted = "REDACTED";

// A configuration (YAML) or command line without what must not be shown: values of keys that sound
// secret (password, secret, token, key …), everything below `headers`, user and password in
// addresses, private keys. Keys whose value is a path keep it. Layout and comments stay.
[[nodiscard]] std::string without_secrets(std::string_view text);

}  // namespace saker::cli
