// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/field_places.h"

#include <algorithm>
#include <limits>
#include <string>

namespace saker {

namespace {

bool is_address(std::string_view text) {
  constexpr std::string_view kParts = "0123456789abcdefABCDEF.:";
  return text.find_first_of(".:") != std::string_view::npos &&
         text.find_first_not_of(kParts) == std::string_view::npos;
}

void place_integer(JsonTree& tree, const FieldPlace& place, const AlertFact& fact) {
  if (const auto* number = std::get_if<std::int64_t>(&fact.value)) {
    tree.number(place.path, *number);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&fact.value);
             natural != nullptr &&
             *natural <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    tree.number(place.path, static_cast<std::int64_t>(*natural));
  }
}

void place_field(JsonTree& tree, const FieldPlace& place, const AlertFact& fact) {
  const std::string text = text_of(fact);
  if (text.empty() || text == "<NA>") {
    return;
  }
  switch (place.form) {
    using enum FieldPlace::Form;
    case kText:
      tree.text(place.path, text);
      return;
    case kInteger:
      place_integer(tree, place, fact);
      return;
    case kAddress:
      if (is_address(text)) {
        tree.text(place.path, text);
      }
      return;
    case kPath:
      if (text.starts_with('/')) {
        tree.text(place.path, text);
      }
      return;
    case kTexts:
      tree.texts(place.path, {text});
      return;
  }
}

}  // namespace

void place_fields(JsonTree& tree, const AlertFacts& facts, std::span<const FieldPlace> places) {
  for (const FieldPlace& place : places) {
    const AlertFact* fact = facts.find(place.field);
    if (fact != nullptr && !tree.has(place.path)) {
      place_field(tree, place, *fact);
    }
  }
}

}  // namespace saker
