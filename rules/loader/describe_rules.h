// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `falco -L` tells of loaded rules, as data; compat/cli writes it. Sets have no order in
// Falco; here they keep the order of the text. Source: falco-compat.md 2.10.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/ruleset/rule.h"

namespace saker {

using Words = std::vector<std::string>;

struct ConditionDetails {
  std::string compiled;  // canonical text without macros and lists
  Words macros;          // named in the text
  Words lists;
  Words operators;
  Words fields;
  Words events;
};

struct RuleDescription {
  std::string name;
  std::string condition;  // as written, after appends
  Priority priority = Priority::kDebug;
  std::string output;  // as written, after appends
  std::string description;
  bool is_enabled = true;
  std::string source;
  bool has_capture = false;
  std::uint64_t capture_duration_ms = 0;
  Words tags;

  ConditionDetails details;
  Words output_fields;
  std::string output_compiled;
  std::vector<std::pair<std::string, std::string>> extra_output_formatted_fields;
  Words exception_names;
  Words exception_fields;
  Words exception_operators;
  Words plugins;
};

struct MacroDescription {
  std::string name;
  std::string condition;
  bool is_used = false;
  ConditionDetails details;
  Words plugins;
};

struct ListDescription {
  std::string name;
  Words items;  // that name no list
  bool is_used = false;
  Words lists;
  Words items_compiled;
};

struct PluginVersionDescription {
  std::string name;
  std::string version;
  std::vector<std::pair<std::string, std::string>> alternatives;  // name, version
};

struct RulesDescription {
  std::string required_engine_version = "0.0.0";
  std::vector<PluginVersionDescription> required_plugin_versions;
  std::vector<ListDescription> lists;
  std::vector<MacroDescription> macros;
  std::vector<RuleDescription> rules;
};

}  // namespace saker
