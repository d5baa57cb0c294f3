// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Random conditions that compile, built from the field catalogue and from values that fields really
// had.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/field/field_catalogue.h"

namespace saker {

// Texts that a field had in some events, by field text ("proc.aname[2]").
using ValueSamples = std::map<std::string, std::vector<std::string>>;

class ConditionGenerator {
public:
  ConditionGenerator(const FieldCatalogue& fields, const ValueSamples& samples, std::uint32_t seed);

  // Returns the text of a condition: a tree of up to `max_checks` checks.
  [[nodiscard]] std::string condition(unsigned max_checks);

private:
  struct Candidate {
    std::string text;
    ParamType type;
    bool is_list;
    bool allows_transformer;
    const std::vector<std::string>* samples;
  };

  [[nodiscard]] std::string check();
  [[nodiscard]] std::string constant(const Candidate& field);
  [[nodiscard]] std::string list(const Candidate& field);
  [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }

  std::mt19937 random_;
  std::vector<Candidate> candidates_;
};

}  // namespace saker
