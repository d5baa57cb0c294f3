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
    bool is_process_fact = false;  // the value only depends on process facts
    ValueClass value_class = ValueClass::kText;
    bool is_quantified = false;  // the value is a list of candidates
    TextIndex texts;             // of texts, and of addresses as their bytes
    std::unordered_map<std::uint64_t, std::vector<IndexEntry>> numbers;
  };

  // `guards[i]` guards entry i; entries without a guard are asked always.
  GuardIndex(std::span<const std::optional<Guard>> guards, const PredicateTable& predicates);

  // Groups about process facts come first.
  [[nodiscard]] std::span<const Group> process_groups() const {
    return std::span(groups_).first(process_group_count_);
  }
  [[nodiscard]] std::span<const Group> event_groups() const {
    return std::span(groups_).subspan(process_group_count_);
  }
  // Entries without a guard, ascending.
  [[nodiscard]] std::span<const IndexEntry> always() const { return always_; }

  // An entry that only event groups find, and which: positions in event_groups() as bits.
  struct EventEntry {
    IndexEntry entry = 0;
    std::uint32_t groups = 0;
  };
  // Ascending. Empty when there are more event groups than bits.
  [[nodiscard]] std::span<const EventEntry> event_entries() const { return event_entries_; }

  // Appends the entries that `value` of the group's expression lets match; unsorted, possibly
  // repeated.
  static void find(const Group& group, const Value& value, std::vector<IndexEntry>& out,
                   std::string& scratch);

private:
  void add(IndexEntry entry, const Predicate& predicate);
  static void add_texts(Group& group, IndexEntry entry, const Predicate& predicate);
  void list_event_entries(std::span<const std::optional<Guard>> guards,
                          const PredicateTable& predicates);

  std::vector<Group> groups_;
  std::size_t process_group_count_ = 0;
  std::vector<EventEntry> event_entries_;
  std::vector<IndexEntry> always_;
};

}  // namespace saker
