// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rules made ready for given events and captures: loaded with the catalogue of given fields, with
// trees. Immutable; shared by all threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kit/given/given_event.h"
#include "kit/test/test_file.h"
#include "rules/loader/load_rules.h"

namespace saker::kit {

class RuleBench {
public:
  // Fails with the rendered diagnostics. A missing evt.type of an event is taken from the rule.
  [[nodiscard]] static Result<std::unique_ptr<RuleBench>> load(
      const std::vector<std::string>& rule_files);
  [[nodiscard]] static Result<std::unique_ptr<RuleBench>> load_texts(
      const std::vector<RuleFile>& files);

  [[nodiscard]] const LoadResult& loaded() const { return loaded_; }
  [[nodiscard]] const std::shared_ptr<const RuleSet>& rules() const { return loaded_.rules; }
  [[nodiscard]] const FieldCatalogue& given_fields() const { return *given_fields_; }

  // The resolved tree of a rule or macro; null when there is none of that name.
  [[nodiscard]] const Node* rule_tree(const std::string& name) const;
  [[nodiscard]] const Node* macro_tree(const std::string& name) const;
  [[nodiscard]] const CompiledList* list(const std::string& name) const;

  // An event of given fields. `subject`: whose event types give a missing evt.type; may be null.
  [[nodiscard]] Result<GivenEvent> make_event(const GivenFields& fields, const Node* subject,
                                              std::uint64_t number) const;

  // Calls `visit` for the events of a capture that rules see, with numbers in the slice.
  using Visit = std::function<void(const FieldContext&)>;
  [[nodiscard]] Status replay(const CaptureSlice& slice, const Visit& visit) const;

private:
  RuleBench();

  std::shared_ptr<const FieldCatalogue> standard_fields_;
  std::shared_ptr<const FieldCatalogue> given_fields_;
  LoadResult loaded_;
};

// One JSON object as fields: {"fd.name": "/a"}, or an alert with "output_fields".
[[nodiscard]] Result<std::vector<GivenFields>> read_json_events(const std::string& path);

}  // namespace saker::kit
