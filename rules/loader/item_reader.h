// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Turns the items of a rule file into definitions: one function per kind of item. All of them
// but that for whole rules stop at the first thing wrong with their item. Order of checks and texts
// are Falco's. Source: falco-compat.md 2.1, 2.2, 2.4, 2.6.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/field/field_catalogue.h"
#include "rules/loader/definitions.h"
#include "rules/loader/node_reader.h"

namespace saker {

struct ReaderSettings {
  Version engine;
  std::vector<std::string> sources;  // event sources that have events
};

// Keys named under `override`.
struct Overrides {
  std::set<std::string> append;
  std::set<std::string> replace;

  [[nodiscard]] bool any() const { return !append.empty() || !replace.empty(); }
};

class ItemReader {
public:
  // All must outlive the reader.
  ItemReader(NodeReader& nodes, const FieldCatalogue& fields, const ReaderSettings& settings)
      : nodes_(nodes), fields_(fields), settings_(settings) {}

  // Reads one item of a document into `definitions`. False after an error.
  [[nodiscard]] bool read(const YamlNode& item, const ItemContext& content,
                          Definitions& definitions);
  // After an error: what could be read of a rule, if its condition could, so that more mistakes can
  // be found in it.
  [[nodiscard]] std::optional<RuleSource> take_remains() { return std::exchange(remains_, {}); }

private:
  bool read_engine_version(const YamlNode& item, const ItemContext& content, Definitions& into);
  bool read_plugin_versions(const YamlNode& item, const ItemContext& content, Definitions& into);
  bool read_plugin_group(const YamlNode& entry, const ItemContext& context,
                         PluginRequirementGroup& group);
  bool add_plugin_requirement(const YamlNode& entry, const ItemContext& context,
                              PluginRequirementGroup& group);
  bool check_plugin_group(PluginRequirementGroup& group);
  bool read_list(const YamlNode& item, const ItemContext& content, Definitions& into);
  bool read_macro(const YamlNode& item, const ItemContext& content, Definitions& into);

  bool read_rule(const YamlNode& item, const ItemContext& content, Definitions& into);
  bool define_rule(const YamlNode& item, const ItemContext& context, Definitions& into);
  void keep_remains(const YamlNode& item, RuleSource rule);
  bool check_source(const RuleSource* earlier, const std::string& source,
                    const ItemContext& context);
  bool append_rule(const YamlNode& item, const ItemContext& context, Definitions& into);
  bool override_rule(const YamlNode& item, const Overrides& overrides, const ItemContext& context,
                     Definitions& into);
  bool enable_rule(const YamlNode& item, const ItemContext& context, Definitions& into);
  bool read_change(const YamlNode& item, std::string_view key, bool is_append,
                   const ItemContext& context, RuleChange& change);
  bool apply_append(RuleChange change, const ItemContext& context, Definitions& into);
  bool apply_replace(RuleChange change, const ItemContext& context, Definitions& into);
  bool append_exceptions(std::vector<RuleException> added, RuleSource& rule);

  bool read_priority(const YamlNode& item, const ItemContext& context, Priority& out);
  bool read_tags(const YamlNode& item, const ItemContext& context, std::set<std::string>& out);
  // `is_append`: fields may be absent, values should not.
  bool read_exceptions(const YamlNode& item, const ItemContext& context, bool is_append,
                       std::vector<RuleException>& out);
  // `list`: context of the sequence; `names`: of the exceptions read so far.
  bool read_exception(const YamlNode& node, const ItemContext& list, bool is_append,
                      std::set<std::string>& names, std::vector<RuleException>& out);
  void warn_repeated(const RuleException& exception, const YamlNode& name);
  bool read_exception_key(const YamlNode& node, std::string_view key, const ItemContext& context,
                          Presence presence, ExceptionNode& out);
  bool read_exception_value(const YamlNode& node, const ItemContext& context, unsigned depth,
                            ExceptionNode& out);

  // `append: true`, with its deprecation.
  bool read_append_flag(const YamlNode& item, const ItemContext& context, bool& out);
  bool read_overrides(const YamlNode& item, std::span<const std::string_view> appendable,
                      std::span<const std::string_view> replaceable, const ItemContext& context,
                      Overrides& out);
  bool check_append_or_override(bool append, const Overrides& overrides,
                                const ItemContext& context);
  bool reject(LoadCode code, DiagnosticCode diagnostic, std::string message,
              const ItemContext& context, std::string hint = {});
  std::string hint_near(std::string_view word, std::vector<std::string_view> candidates);

  NodeReader& nodes_;
  const FieldCatalogue& fields_;
  const ReaderSettings& settings_;
  std::optional<RuleSource> remains_;
};

}  // namespace saker
