// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/solve/witness.h"

#include <algorithm>

#include "kit/given/event_record.h"
#include "kit/given/given_catalogue.h"

namespace saker::kit {

std::string to_text(const Witness& witness) {
  std::string out;
  for (const WitnessField& field : witness.fields) {
    out += out.empty() ? "" : " ";
    out += field.field + "=";
    if (field.is_missing) {
      out += "<NA>";
      continue;
    }
    for (std::size_t i = 0; i < field.texts.size(); ++i) {
      const bool is_quoted =
          field.texts[i].empty() || field.texts[i].find_first_of(" ,\"") != std::string::npos;
      out += i > 0 ? "," : "";
      out += is_quoted ? "\"" + field.texts[i] + "\"" : field.texts[i];
    }
  }
  return out;
}

WitnessChecker::WitnessChecker()
    : standard_(std::make_shared<const FieldCatalogue>()),
      given_(make_given_catalogue()),
      evaluator_(*given_) {}
WitnessChecker::~WitnessChecker() = default;

bool WitnessChecker::holds(const Witness& witness, const std::vector<Expectation>& expected) {
  GivenValues given(*standard_);
  for (const WitnessField& field : witness.fields) {
    const Status status =
        field.is_missing ? given.set_missing(field.field) : given.set(field.field, field.texts);
    if (!status) {
      return false;
    }
  }
  const auto event = GivenEvent::make(std::move(given));
  if (!event) {
    return false;
  }
  const FieldContext context = event->context();
  return std::ranges::all_of(expected, [&](const Expectation& one) {
    return evaluator_.evaluate(*one.condition, context) == one.is_true;
  });
}

std::optional<Witness> WitnessChecker::confirm(Witness witness,
                                               const std::vector<Expectation>& expected) {
  if (!holds(witness, expected)) {
    return std::nullopt;
  }
  for (std::size_t i = witness.fields.size(); i > 1; --i) {
    Witness shorter = witness;
    shorter.fields.erase(shorter.fields.begin() + static_cast<std::ptrdiff_t>(i - 1));
    if (holds(shorter, expected)) {
      witness = std::move(shorter);
    }
  }
  return witness;
}

}  // namespace saker::kit
