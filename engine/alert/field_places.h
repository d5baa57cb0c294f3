// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where the fields of Falco stand in other schemas: one row per field.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/alert/alert_facts.h"
#include "engine/alert/json_tree.h"

namespace saker {

struct FieldPlace {
  enum class Form : std::uint8_t {
    kText,
    kInteger,
    kAddress,  // only what is an IP address: an index refuses anything else
    kPath,     // only what begins with "/"
    kTexts,    // an array
  };
  std::string_view field;
  std::string_view path;
  Form form = Form::kText;
};

// Sets every place whose field has a fitting value. Earlier rows win where two have one path.
void place_fields(JsonTree& tree, const AlertFacts& facts, std::span<const FieldPlace> places);

}  // namespace saker
