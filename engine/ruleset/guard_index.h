// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which entries of a list of rules can match an event, by looking up the values that their guards
// ask about. The cost depends on the number of expressions asked about, not on the number of rules.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ruleset/guards.h"
#include "engine/ruleset/text_index.h"

namespace saker {

class GuardIndex {
public:
  // All entries whose guards ask about one expression.
  struct Group {
    ExprId expr = ExprId::kNone;
    bool is_text = true;
    bool is_quantified = false;  // the value is a list of candidates
    TextIndex texts;
    std::unordered_map<std::uint64_t, std::vector<IndexEntry>> numbers;
  };

  // `guards[i]` guards entry i; entries without a guard are asked always.
  GuardIndex(std::span<const std::optional<Guard>> guards, const PredicateTable& predicates);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  // Entries without a guard, ascending.
  [[nodiscard]] std::span<const IndexEntry> always() const { return always_; }

  // Appends the entries that `value` of the group's expression lets match; unsorted, possibly
  // repeated.
  static void find(const Group& group, const Value& value, std::vector<IndexEntry>& out,
                   std::string& scratch);

private:
  void add(IndexEntry entry, const Predicate& predicate);

  std::vector<Group> groups_;
  std::vector<IndexEntry> always_;
};

}  // namespace saker
