// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An event that proves what a lint claims, as given fields, and its check by the evaluator.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/lang/ast.h"
#include "kit/given/condition_evaluator.h"
#include "kit/given/given_event.h"

namespace saker::kit {

struct WitnessField {
  std::string field;
  bool is_missing = false;
  std::vector<std::string> texts;
};

struct Witness {
  std::vector<WitnessField> fields;  // evt.type first
};

// "evt.type=openat fd.name=/etc/shadow proc.name=<NA>"
[[nodiscard]] std::string to_text(const Witness& witness);

struct Expectation {
  const Node* condition = nullptr;
  bool is_true = true;
};

// Evaluates conditions for given events, with the predicates of the engine.
class WitnessChecker {
public:
  WitnessChecker();
  ~WitnessChecker();

  // Whether the conditions have the expected truth for the event.
  [[nodiscard]] bool holds(const Witness& witness, const std::vector<Expectation>& expected);

  // The witness without the fields that do not matter; nothing when it proves nothing.
  [[nodiscard]] std::optional<Witness> confirm(Witness witness,
                                               const std::vector<Expectation>& expected);

private:
  std::shared_ptr<const FieldCatalogue> standard_;
  std::shared_ptr<const FieldCatalogue> given_;
  ConditionEvaluator evaluator_;
};

}  // namespace saker::kit
