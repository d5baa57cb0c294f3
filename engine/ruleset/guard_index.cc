// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/guard_index.h"

#include <algorithm>
#include <limits>

namespace saker {

namespace {

constexpr std::size_t kIpv4Bytes = 4;
constexpr std::size_t kIpv6Bytes = 16;

std::string_view bytes_of(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

void find_one(const GuardIndex::Group& group, const Value& value, std::vector<IndexEntry>& out,
              std::string& scratch) {
  if (!is_of_class(value.kind(), group.value_class)) {
    return;  // evt.rawarg, in an event where its type is another
  }
  if (group.value_class == ValueClass::kText) {
    group.texts.find(value.as_text(), out, scratch);
  } else if (value.kind() == ValueKind::kIpv4) {
    const std::uint32_t address = value.as_ipv4();
    group.texts.find(bytes_of(&address, sizeof(address)), out, scratch);
  } else if (value.kind() == ValueKind::kIpv6) {
    group.texts.find(bytes_of(value.as_ipv6(), kIpv6Bytes), out, scratch);
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
  const auto events = std::stable_partition(groups_.begin(), groups_.end(),
                                            [](const Group& g) { return g.is_process_fact; });
  process_group_count_ = static_cast<std::size_t>(events - groups_.begin());
  list_event_entries(guards, predicates);
}

void GuardIndex::list_event_entries(std::span<const std::optional<Guard>> guards,
                                    const PredicateTable& predicates) {
  const std::span<const Group> groups = event_groups();
  if (groups.size() > std::numeric_limits<std::uint32_t>::digits) {
    return;
  }
  for (std::size_t i = 0; i < guards.size(); ++i) {
    EventEntry row{.entry = static_cast<IndexEntry>(i)};
    for (const PredicateId id : guards[i] ? guards[i]->any_of : std::vector<PredicateId>()) {
      const auto group = std::ranges::find(groups, predicates.get(id).left, &Group::expr);
      if (group != groups.end()) {
        row.groups |= std::uint32_t{1} << (group - groups.begin());
      }
    }
    if (row.groups != 0) {
      event_entries_.push_back(row);
    }
  }
}

void GuardIndex::add(IndexEntry entry, const Predicate& predicate) {
  auto group = std::ranges::find(groups_, predicate.left, &Group::expr);
  if (group == groups_.end()) {
    Group& fresh = groups_.emplace_back();
    fresh.expr = predicate.left;
    fresh.is_process_fact = predicate.is_process_fact();
    fresh.value_class = predicate.value_class;
    fresh.is_quantified = predicate.quantifier != Quantifier::kNone;
    group = std::prev(groups_.end());
  }
  for (const std::uint64_t number : predicate.constants.numbers) {
    group->numbers[number].push_back(entry);
  }
  for (const IpConstant& address : predicate.constants.addresses) {
    group->texts.add_equal(
        bytes_of(address.bytes.data(), address.is_ipv6 ? kIpv6Bytes : kIpv4Bytes), entry);
  }
  add_texts(*group, entry, predicate);
}

void GuardIndex::add_texts(Group& group, IndexEntry entry, const Predicate& predicate) {
  for (const std::string& text : predicate.constants.texts) {
    switch (predicate.op) {
      case CompareOp::kStartswith:
        group.texts.add_prefix(text, entry);
        break;
      case CompareOp::kEndswith:
        group.texts.add_suffix(text, entry);
        break;
      case CompareOp::kContains:
        group.texts.add_substring(text, entry);
        break;
      default:
        group.texts.add_equal(text, entry);
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
