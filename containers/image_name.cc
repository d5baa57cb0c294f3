// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/image_name.h"

#include <algorithm>

namespace saker::containers {

namespace {

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::size_t kIdDigits = 64;

}  // namespace

ImageName split_image_name(std::string_view name) {
  ImageName parts;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    parts.digest = name.substr(at + 1);
    name = name.substr(0, at);
  }
  // A colon before the last slash belongs to the registry's port.
  const std::size_t slash = name.rfind('/');
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    parts.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  parts.repository = name;
  return parts;
}

std::string_view strip_algorithm(std::string_view id) {
  return id.starts_with(kAlgorithm) ? id.substr(kAlgorithm.size()) : id;
}

bool is_image_id(std::string_view name) {
  const std::string_view digits = strip_algorithm(name);
  return digits.size() == kIdDigits && std::ranges::all_of(digits, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace saker::containers
