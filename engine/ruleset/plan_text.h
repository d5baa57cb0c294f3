// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a rule set does with events of a type, for people: which rules are asked and when, what the
// index looks up, and the steps of each program with their estimated cost.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/event/event_type.h"
#include "engine/ruleset/rule_program.h"
#include "engine/ruleset/ruleset.h"

namespace saker {

// Types that share a program because all rules agree about them, in order of the first of each;
// types without rules are left out.
[[nodiscard]] std::vector<std::vector<EventType>> types_by_program(const RuleSet& rules);

// The plan of types that share a program. Lines end with a newline.
[[nodiscard]] std::string plan_text(const RuleSet& rules, std::span<const EventType> types);

// Estimated cost of asking a rule's program, in the unit of predicate_cost: every step is as likely
// true as predicate_likelihood says.
[[nodiscard]] double program_cost(const RuleProgram& program, StepIndex start);

}  // namespace saker
