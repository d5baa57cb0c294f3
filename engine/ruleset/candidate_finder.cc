// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/candidate_finder.h"

#include <algorithm>
#include <limits>

namespace saker {

namespace {

// To ask of every entry behind event groups whether it can still match costs about as much as this
// many uses of a line cost look-ups per entry; most processes end sooner. Measured by tests/bench.
constexpr std::size_t kEntriesPerUse = 1;
constexpr std::size_t kMinUses = 4;
constexpr std::size_t kMaxRefined = 256;
// So few entries are asked directly rather than looked up.
constexpr std::size_t kMaxDirect = 3;

constexpr CandidateCache::GroupMask kAllGroups =
    std::numeric_limits<CandidateCache::GroupMask>::max();

bool has_group(CandidateCache::GroupMask groups, std::size_t at) {
  return at >= std::numeric_limits<CandidateCache::GroupMask>::digits || (groups >> at & 1U) != 0;
}

}  // namespace

std::span<const IndexEntry> CandidateFinder::find(const TypeProgram& program, const FactKey& facts,
                                                  const FieldContext& context) {
  if (!options_.caches_process_facts || !program.asks_process_facts || facts.thread_version == 0) {
    return find_anew(program, context);
  }
  cache_.follow(facts);
  Line& line = cache_.line(facts.thread_version, program.id);
  if (!cache_.is_of(line, facts.thread_version, program.id)) {
    cache_.claim(line, facts.thread_version, program.id);
    fill(program, line, context);
  }
  return line.is_full ? find_anew(program, context) : find_by_line(program, line, context);
}

std::span<const IndexEntry> CandidateFinder::find_anew(const TypeProgram& program,
                                                       const FieldContext& context) {
  found_.clear();
  if (program.index == nullptr) {
    add_all(program);
    return found_;
  }
  add_process_groups(*program.index, context);
  add_event_groups(*program.index, kAllGroups, context);
  const std::span<const IndexEntry> always = program.index->always();
  if (found_.empty()) {
    return always;
  }
  found_.insert(found_.end(), always.begin(), always.end());
  sort_found();
  return found_;
}

std::span<const IndexEntry> CandidateFinder::find_by_line(const TypeProgram& program, Line& line,
                                                          const FieldContext& context) {
  if (line.groups == 0) {
    return line.kept();
  }
  if (!line.is_refined) {
    const std::size_t entries = program.index->event_entries().size();
    if (++line.uses >= std::max(kMinUses, entries / kEntriesPerUse)) {
      refine(program, line, context);
    }
  }
  found_.clear();
  add_event_groups(*program.index, line.groups, context);
  if (found_.empty()) {
    return line.kept();
  }
  found_.insert(found_.end(), line.kept().begin(), line.kept().end());
  sort_found();
  return found_;
}

void CandidateFinder::fill(const TypeProgram& program, Line& line, const FieldContext& context) {
  found_.clear();
  if (program.index == nullptr) {
    add_all(program);
  } else {
    add_process_groups(*program.index, context);
    const std::span<const IndexEntry> always = program.index->always();
    found_.insert(found_.end(), always.begin(), always.end());
    sort_found();
    line.groups = program.index->event_groups().empty() ? 0 : kAllGroups;
  }
  for (const IndexEntry at : found_) {
    const TypeProgram::Entry& entry = program.entries[at];
    if (!entry.is_stateful && !memo_.can_accept(entry.start, context)) {
      continue;
    }
    if (line.count == Line::kMaxEntries) {
      line.is_full = true;
      return;
    }
    line.entries[line.count++] = at;
  }
}

void CandidateFinder::refine(const TypeProgram& program, Line& line, const FieldContext& context) {
  line.is_refined = true;
  const std::span<const GuardIndex::EventEntry> rows = program.index->event_entries();
  if (rows.empty() || rows.size() > kMaxRefined) {
    return;
  }
  GroupMask groups = 0;
  found_.clear();
  for (const GuardIndex::EventEntry& row : rows) {
    if (memo_.can_accept(program.entries[row.entry].start, context)) {
      groups |= row.groups;
      found_.push_back(row.entry);
    }
  }
  line.groups = groups;
  if (found_.size() > kMaxDirect || line.count + found_.size() > Line::kMaxEntries) {
    return;
  }
  found_.insert(found_.end(), line.kept().begin(), line.kept().end());
  sort_found();
  line.groups = 0;
  line.count = static_cast<std::uint8_t>(found_.size());
  std::ranges::copy(found_, line.entries.begin());
}

void CandidateFinder::add_all(const TypeProgram& program) {
  for (std::size_t i = 0; i < program.entries.size(); ++i) {
    found_.push_back(static_cast<IndexEntry>(i));
  }
}

void CandidateFinder::add_process_groups(const GuardIndex& index, const FieldContext& context) {
  for (const GuardIndex::Group& group : index.process_groups()) {
    GuardIndex::find(group, memo_.value_of(group.expr, context), found_, reversed_);
  }
}

void CandidateFinder::add_event_groups(const GuardIndex& index, GroupMask groups,
                                       const FieldContext& context) {
  const std::span<const GuardIndex::Group> all = index.event_groups();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (has_group(groups, i)) {
      GuardIndex::find(all[i], memo_.value_of(all[i].expr, context), found_, reversed_);
    }
  }
}

void CandidateFinder::sort_found() {
  std::ranges::sort(found_);
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
}

}  // namespace saker
