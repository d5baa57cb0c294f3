// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Texts of the configuration that must not leave the process except to where they belong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compat/config/config.h"

namespace saker::app {

// Passwords, headers, user and password of addresses, patterns of redaction, properties of
// librdkafka whose names sound secret. Values that only name a file or a variable are none; texts
// that are too short to be found without harm are left out.
[[nodiscard]] std::vector<std::string> secrets_of(const config::Config& config);

// `text` with every one of `secrets` replaced.
[[nodiscard]] std::string without(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace saker::app
