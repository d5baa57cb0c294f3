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
// secret (password, secret, token, key …), everything below `headers` and `patterns`, user and
// password in addresses, private keys. Keys whose value is a path keep it. Layout and comments
// stay.
[[nodiscard]] std::string without_secrets(std::string_view text);

// Whether a key of that name holds a secret: "sasl.password", "api_key", "Authorization".
[[nodiscard]] bool sounds_secret(std::string_view key);

}  // namespace saker::cli
