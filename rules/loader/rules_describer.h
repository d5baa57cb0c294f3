// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Fills a RulesDescription while a pass has the trees at hand.
#pragma once

#include <vector>

#include "engine/field/field_catalogue.h"
#include "rules/loader/condition_compiler.h"
#include "rules/loader/definitions.h"
#include "rules/loader/describe_rules.h"
#include "rules/loader/load_options.h"

namespace saker {

class RulesDescriber {
public:
  // All must outlive the describer.
  RulesDescriber(const Definitions& definitions, const LoadOptions& options,
                 const FieldCatalogue& fields)
      : definitions_(definitions), options_(options), fields_(fields) {}

  void add_rule(const RuleSource& rule, const Node& condition, const EventTypeSet& types,
                const OutputTemplate& output);
  // Once, at the end of a pass; `lists` and `macros` as the definitions.
  void add_definitions(const std::vector<CompiledList>& lists,
                       const std::vector<CompiledMacro>& macros);
  [[nodiscard]] RulesDescription take() { return std::move(description_); }

private:
  [[nodiscard]] ConditionDetails details_of(const std::string& text, const Node& compiled,
                                            const EventTypeSet& types) const;
  [[nodiscard]] Words plugins_of(const Words& condition_fields, const Words& output_fields) const;

  const Definitions& definitions_;
  const LoadOptions& options_;
  const FieldCatalogue& fields_;
  RulesDescription description_;
};

}  // namespace saker
