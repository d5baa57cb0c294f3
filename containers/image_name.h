// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Splits names of images: registry:port/path/name:tag@sha256:digest.
#pragma once

#include <string_view>

namespace saker::containers {

struct ImageName {
  std::string_view repository;  // with registry and port, without tag and digest
  std::string_view tag;         // empty: none
  std::string_view digest;      // with "sha256:"; empty: none
};

// Borrows from `name`.
[[nodiscard]] ImageName split_image_name(std::string_view name);

// Whether `name` is an image's id rather than a name: "sha256:" and digits, or 64 digits.
[[nodiscard]] bool is_image_id(std::string_view name);

// Without "sha256:".
[[nodiscard]] std::string_view strip_algorithm(std::string_view id);

}  // namespace saker::containers
