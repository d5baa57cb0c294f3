// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a load knew on its way to the rule set: definitions as written, conditions as trees with
// their places, uses of macros and lists. For tools that look at rules rather than run them.
#pragma once

#include <memory>
#include <vector>

#include "rules/loader/condition_compiler.h"
#include "rules/loader/definitions.h"
#include "rules/loader/item_context.h"

namespace saker {

// Spans refer to LoadResult::sources.
struct RuleTrees {
  ContextPool contexts;  // what the definitions point into
  Definitions definitions;
  std::vector<CompiledList> lists;                                   // as definitions.lists.rows()
  std::vector<CompiledMacro> macros;                                 // as definitions.macros.rows()
  std::vector<std::unique_ptr<CompiledCondition>> macro_conditions;  // likewise; their trees moved
  std::vector<std::unique_ptr<CompiledCondition>>
      rules;  // as definitions.rules.rows(); may be null
  ExpansionTable expansions;
};

}  // namespace saker
