// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Lists, macros and rules as the files define them: appended to, overridden and redefined, but with
// every text still as written. Compiling them is another step (compile_rules.h).
//
// Names keep the place of their first definition (`index`); `visibility` grows with each later
// definition or append and says what a definition can see: only what has a smaller index.
// Source: falco-compat.md 2.3, 2.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/lang/spanned_text.h"
#include "engine/ruleset/rule.h"
#include "rules/loader/item_context.h"
#include "rules/loader/version.h"

namespace saker {

struct ListSource {
  std::string name;
  std::vector<SourceText> items;
  const ItemContext* context = nullptr;
  std::uint32_t index = 0;
  std::uint32_t visibility = 0;
};

struct MacroSource {
  std::string name;
  SpannedText condition;
  const ItemContext* context = nullptr;
  const ItemContext* condition_context = nullptr;
  std::uint32_t index = 0;
  std::uint32_t visibility = 0;
};

// What stands under `fields`, `comps` or one of `values`: a word or a list of the same.
struct ExceptionNode {
  bool is_present = false;
  bool is_list = false;
  SourceText word;
  std::vector<ExceptionNode> items;
};

struct RuleException {
  std::string name;
  ExceptionNode fields;
  ExceptionNode comps;
  std::vector<ExceptionNode> values;
  const ItemContext* context = nullptr;
};

struct RuleSource {
  std::string name;
  std::string description;
  SpannedText condition;
  SpannedText output;
  Priority priority = Priority::kDebug;
  std::string source = "syscall";
  bool is_source_known = true;
  bool is_enabled = true;
  bool warns_about_event_types = true;
  bool is_skipped_if_unknown = false;
  bool has_capture = false;
  std::uint64_t capture_duration_ms = 0;
  std::set<std::string> tags;
  std::vector<RuleException> exceptions;
  const ItemContext* context = nullptr;
  const ItemContext* condition_context = nullptr;
  const ItemContext* output_context = nullptr;
  std::uint32_t index = 0;
  std::uint32_t visibility = 0;
};

// What an append or a replace changes; what is absent stays.
struct RuleChange {
  std::string source;  // must be the rule's; empty: not given
  std::optional<std::string> description;
  std::optional<SpannedText> condition;
  std::optional<SpannedText> output;
  std::optional<Priority> priority;
  std::optional<bool> is_enabled;
  std::optional<bool> warns_about_event_types;
  std::optional<bool> is_skipped_if_unknown;
  std::optional<bool> has_capture;
  std::optional<std::uint64_t> capture_duration_ms;
  std::optional<std::set<std::string>> tags;
  std::optional<std::vector<RuleException>> exceptions;
};

// Rows in the order of their first definition, found by name.
template <typename Row>
class DefinitionTable {
public:
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] Row* find(const std::string& name) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &rows_[found->second];
  }
  [[nodiscard]] const Row* find(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &rows_[found->second];
  }
  // Adds the row, or puts it in the place of the one of that name. `number` is the item's.
  void define(Row row, std::uint32_t number) {
    row.visibility = number;
    if (Row* earlier = find(row.name); earlier != nullptr) {
      row.index = earlier->index;
      *earlier = std::move(row);
      return;
    }
    row.index = number;
    by_name_.emplace(row.name, rows_.size());
    rows_.push_back(std::move(row));
  }

private:
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

struct PluginRequirement {
  std::string name;
  std::string version;  // x.y.z
};

// One of `alternatives` must be loaded.
struct PluginRequirementGroup {
  std::vector<PluginRequirement> alternatives;  // as written, at least one
  const ItemContext* context = nullptr;
};

struct Definitions {
  DefinitionTable<ListSource> lists;
  DefinitionTable<MacroSource> macros;
  DefinitionTable<RuleSource> rules;
  Version required_engine;  // the largest seen
  std::vector<PluginRequirementGroup> plugins;
  std::uint32_t next_number = 0;
  // Names whose definition had an error: what refers to them is not worth another message.
  std::set<std::string> broken;
};

}  // namespace saker
