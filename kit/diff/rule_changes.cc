// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/diff/rule_changes.h"

#include <algorithm>
#include <span>

#include "kit/base/text.h"
#include "kit/solve/rule_logic.h"

namespace saker::kit {

namespace {

constexpr std::size_t kWordsAround = 3;
constexpr std::size_t kMaxBytes = 400;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; (begin = text.find_first_not_of(" \t\r\n", begin)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

std::string excerpt(std::span<const std::string_view> words, std::size_t same_before,
                    std::size_t same_after) {
  const std::size_t begin = same_before - std::min(same_before, kWordsAround);
  const std::size_t end = words.size() - (same_after - std::min(same_after, kWordsAround));
  std::string out = begin == 0 ? "" : "...";
  for (std::size_t i = begin; i < end && out.size() <= kMaxBytes; ++i) {
    out += (out.empty() ? "" : " ") + std::string(words[i]);
  }
  const bool is_cut = out.size() > kMaxBytes;
  return is_cut ? out.substr(0, kMaxBytes) + "..." : out + (end == words.size() ? "" : " ...");
}

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
  void note(const std::string& rule, std::string what, std::string detail, std::string witness = {},
            std::pair<std::string, std::string> texts = {}) {
    notes_.push_back({rule, std::move(what), std::move(detail), std::move(witness),
                      std::move(texts.first), std::move(texts.second)});
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
      compare_conditions(old, fresh);
    }
    if (old.output.text != fresh.output.text) {
      note(fresh.name, "output", "", "", differing_words(old.output.text, fresh.output.text));
    }
    if (old.description != fresh.description) {
      note(fresh.name, "desc", "", "", differing_words(old.description, fresh.description));
    }
    if (old.priority != fresh.priority) {
      note(fresh.name, "priority",
           std::string(to_text(old.priority)) + " -> " + std::string(to_text(fresh.priority)));
    }
    if (old.is_enabled != fresh.is_enabled) {
      note(fresh.name, "enabled", fresh.is_enabled ? "now enabled" : "now disabled");
    }
    if (old.tags != fresh.tags) {
      note(fresh.name, "tags", "", "", {join(old.tags, ", "), join(fresh.tags, ", ")});
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

  void compare_conditions(const Rule& old_rule, const Rule& new_rule) {
    const std::string& name = new_rule.name;
    auto texts = differing_words(old_rule.condition_compiled, new_rule.condition_compiled);
    const Node* old = before_.rule_tree(name);
    const Node* fresh = after_.rule_tree(name);
    if (old == nullptr || fresh == nullptr) {
      return note(name, "condition", "changed", "", std::move(texts));
    }
    std::string lost_event;
    std::string new_event;
    const SatAnswer lost = only(*old, *fresh, lost_event);
    const SatAnswer added = only(*fresh, *old, new_event);
    if (lost == SatAnswer::kNo && added == SatAnswer::kNo) {
      note(name, "condition", "another text with the same meaning", "", std::move(texts));
    } else if (lost == SatAnswer::kNo) {
      note(name, "condition", "matches all that it matched, and perhaps more", new_event,
           std::move(texts));
    } else if (added == SatAnswer::kNo) {
      note(name, "condition", "matches nothing new, and perhaps less", lost_event,
           std::move(texts));
    } else {
      note(name, "condition", "matches other events", new_event.empty() ? lost_event : new_event,
           std::move(texts));
    }
  }

  const RuleBench& before_;
  const RuleBench& after_;
  FieldCatalogue fields_;
  RuleLogic logic_;
  std::vector<RuleChangeNote> notes_;
};

}  // namespace

std::pair<std::string, std::string> differing_words(std::string_view before,
                                                    std::string_view after) {
  const auto old = words_of(before);
  const auto fresh = words_of(after);
  const std::size_t shorter = std::min(old.size(), fresh.size());
  std::size_t begin = 0;
  while (begin < shorter && old[begin] == fresh[begin]) {
    ++begin;
  }
  std::size_t end = 0;
  while (end < shorter - begin && old[old.size() - end - 1] == fresh[fresh.size() - end - 1]) {
    ++end;
  }
  return {excerpt(old, begin, end), excerpt(fresh, begin, end)};
}

std::vector<RuleChangeNote> compare_rules(const RuleBench& before, const RuleBench& after) {
  return RuleComparer(before, after).run();
}

}  // namespace saker::kit
