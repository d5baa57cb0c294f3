// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which entries of a type's program must be asked for an event: all that are neither ruled out by
// the guard index nor by what is known of the process.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/ruleset/candidate_cache.h"
#include "engine/ruleset/guard_index.h"
#include "engine/ruleset/matcher.h"
#include "engine/ruleset/memo.h"

namespace saker {

class CandidateFinder {
public:
  // `memo` must outlive the finder.
  CandidateFinder(Memo& memo, const MatcherOptions& options) : memo_(memo), options_(options) {}

  // Ascending. Borrowed until the next call. The memo's event must have begun with `facts`.
  [[nodiscard]] std::span<const IndexEntry> find(const TypeProgram& program, const FactKey& facts,
                                                 const FieldContext& context);

private:
  using Line = CandidateCache::Line;
  using GroupMask = CandidateCache::GroupMask;

  std::span<const IndexEntry> find_anew(const TypeProgram& program, const FieldContext& context);
  std::span<const IndexEntry> find_by_line(const TypeProgram& program, Line& line,
                                           const FieldContext& context);
  void fill(const TypeProgram& program, Line& line, const FieldContext& context);
  void refine(const TypeProgram& program, Line& line, const FieldContext& context);

  // Appends to found_.
  void add_all(const TypeProgram& program);
  void add_process_groups(const GuardIndex& index, const FieldContext& context);
  void add_event_groups(const GuardIndex& index, GroupMask groups, const FieldContext& context);
  void sort_found();

  Memo& memo_;
  const MatcherOptions options_;
  CandidateCache cache_;
  std::vector<IndexEntry> found_;
  std::string reversed_;  // memory for suffix look-ups
};

}  // namespace saker
