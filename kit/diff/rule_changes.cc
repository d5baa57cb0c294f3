// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/diff/rule_changes.h"

#include <algorithm>

#include "kit/base/text.h"
#include "kit/solve/rule_logic.h"

namespace saker::kit {

namespace {

class RuleComparer {
public:
  RuleComparer(const RuleBench& before, const RuleBench& after)
      : before_(before), after_(after), logic_(fields_) {}

  std::vector<RuleChangeNote> run() {
    const auto old_rules = before_.rules()->rules();
    const auto new_rules = after_.rules()->rules();
    for (const Rule& rule : new_rules) {
      const auto old = std::ranges::find(old_rules, rule.name, &Rule::name);
      if (old != old_rules.end() && old->condition_compiled != rule.condition_compiled) {
        add_trees(rule.name);
      }
    }
    logic_.finish();
    for (const Rule& rule : new_rules) {
      const auto old = std::ranges::find(old_rules, rule.name, &Rule::name);
      if (old == old_rules.end()) {
        note(rule.name, "added", rule.is_enabled ? "" : "disabled");
      } else {
        compare(*old, rule);
      }
    }
    for (const Rule& rule : old_rules) {
      if (std::ranges::find(new_rules, rule.name, &Rule::name) == new_rules.end()) {
        note(rule.name, "removed", "");
      }
    }
    return std::move(notes_);
  }

private:
  void note(const std::string& rule, std::string what, std::string detail,
            std::string witness = {}) {
    notes_.push_back({rule, std::move(what), std::move(detail), std::move(witness)});
  }

  void add_trees(const std::string& name) {
    for (const RuleBench* bench : {&before_, &after_}) {
      if (const Node* tree = bench->rule_tree(name); tree != nullptr) {
        (void)logic_.literal_of(*tree);
      }
    }
  }

  void compare(const Rule& old, const Rule& fresh) {
    if (old.condition_compiled != fresh.condition_compiled) {
      compare_conditions(fresh.name);
    }
    if (old.output.text != fresh.output.text) {
      note(fresh.name, "output", squeeze(fresh.output.text));
    }
    if (old.priority != fresh.priority) {
      note(fresh.name, "priority",
           std::string(to_text(old.priority)) + " -> " + std::string(to_text(fresh.priority)));
    }
    if (old.is_enabled != fresh.is_enabled) {
      note(fresh.name, "enabled", fresh.is_enabled ? "now enabled" : "now disabled");
    }
    if (old.tags != fresh.tags) {
      note(fresh.name, "tags", join(fresh.tags, ", "));
    }
  }

  // What only `more` matches and `less` does not: whether there can be any, and an event.
  SatAnswer only(const Node& more, const Node& less, std::string& witness) {
    const auto a = logic_.literal_of(more);
    const auto b = logic_.literal_of(less);
    if (!a || !b) {
      return SatAnswer::kUnknown;
    }
    const SatAnswer answer = logic_.ask({*a, ~*b});
    if (answer == SatAnswer::kYes) {
      if (const auto event = logic_.witness({{&more, true}, {&less, false}})) {
        witness = to_text(*event);
      }
    }
    return answer;
  }

  void compare_conditions(const std::string& name) {
    const Node* old = before_.rule_tree(name);
    const Node* fresh = after_.rule_tree(name);
    if (old == nullptr || fresh == nullptr) {
      return note(name, "condition", "changed");
    }
    std::string lost_event;
    std::string new_event;
    const SatAnswer lost = only(*old, *fresh, lost_event);
    const SatAnswer added = only(*fresh, *old, new_event);
    if (lost == SatAnswer::kNo && added == SatAnswer::kNo) {
      note(name, "condition", "another text with the same meaning");
    } else if (lost == SatAnswer::kNo) {
      note(name, "condition", "matches all that it matched, and perhaps more", new_event);
    } else if (added == SatAnswer::kNo) {
      note(name, "condition", "matches nothing new, and perhaps less", lost_event);
    } else {
      note(name, "condition", "matches other events", new_event.empty() ? lost_event : new_event);
    }
  }

  const RuleBench& before_;
  const RuleBench& after_;
  FieldCatalogue fields_;
  RuleLogic logic_;
  std::vector<RuleChangeNote> notes_;
};

}  // namespace

std::vector<RuleChangeNote> compare_rules(const RuleBench& before, const RuleBench& after) {
  return RuleComparer(before, after).run();
}

}  // namespace saker::kit
