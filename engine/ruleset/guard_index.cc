// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/guard_index.h"

#include <algorithm>

namespace saker {

namespace {

void find_one(const GuardIndex::Group& group, const Value& value, std::vector<IndexEntry>& out,
              std::string& scratch) {
  if (group.is_text != (value.kind() == ValueKind::kText)) {
    return;  // evt.rawarg, in an event where its type is another
  }
  if (group.is_text) {
    group.texts.find(value.as_text(), out, scratch);
  } else if (const auto found = group.numbers.find(value.as_uint()); found != group.numbers.end()) {
    out.insert(out.end(), found->second.begin(), found->second.end());
  }
}

}  // namespace

GuardIndex::GuardIndex(std::span<const std::optional<Guard>> guards,
                       const PredicateTable& predicates) {
  for (std::size_t i = 0; i < guards.size(); ++i) {
    const auto entry = static_cast<IndexEntry>(i);
    if (!guards[i]) {
      always_.push_back(entry);
      continue;
    }
    for (const PredicateId id : guards[i]->any_of) {
      add(entry, predicates.get(id));
    }
  }
  for (Group& group : groups_) {
    group.texts.build();
  }
}

void GuardIndex::add(IndexEntry entry, const Predicate& predicate) {
  auto group = std::ranges::find(groups_, predicate.left, &Group::expr);
  if (group == groups_.end()) {
    Group& fresh = groups_.emplace_back();
    fresh.expr = predicate.left;
    fresh.is_text = predicate.value_class == ValueClass::kText;
    fresh.is_quantified = predicate.quantifier != Quantifier::kNone;
    group = std::prev(groups_.end());
  }
  for (const std::uint64_t number : predicate.constants.numbers) {
    group->numbers[number].push_back(entry);
  }
  for (const std::string& text : predicate.constants.texts) {
    switch (predicate.op) {
      case CompareOp::kStartswith:
        group->texts.add_prefix(text, entry);
        break;
      case CompareOp::kEndswith:
        group->texts.add_suffix(text, entry);
        break;
      case CompareOp::kContains:
        group->texts.add_substring(text, entry);
        break;
      default:
        group->texts.add_equal(text, entry);
        break;
    }
  }
}

void GuardIndex::find(const Group& group, const Value& value, std::vector<IndexEntry>& out,
                      std::string& scratch) {
  if (!value.has_value()) {
    return;
  }
  if (!group.is_quantified) {
    find_one(group, value, out, scratch);
    return;
  }
  for (const Value& candidate : value.as_list()) {
    find_one(group, candidate, out, scratch);
  }
}

}  // namespace saker
