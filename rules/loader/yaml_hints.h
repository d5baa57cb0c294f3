// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What yaml-cpp's words usually mean to the person who wrote the file.
#pragma once

#include <string_view>

namespace saker {

// `message`: yaml-cpp's text. Empty when there is nothing useful to say.
[[nodiscard]] std::string_view yaml_hint(std::string_view message);

}  // namespace saker
