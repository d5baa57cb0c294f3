// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>
#include <string_view>

namespace saker {

// `text` in gzip format. Source: RFC 1952.
[[nodiscard]] std::string gzip(std::string_view text);

}  // namespace saker
