// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Items that are not rules: requirements, lists, macros; and what they share with rules.
#include "rules/loader/item_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "rules/loader/compile_hints.h"
#include "rules/loader/item_keys.h"
#include "rules/loader/item_names.h"
#include "rules/loader/yaml_values.h"

namespace saker {

namespace {

constexpr std::string_view kAppendIsDeprecated =
    "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' "
    "instead.";
constexpr std::string_view kAppendAndOverride =
    "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. "
    "'condition: append') under 'override' instead.";

}  // namespace

bool ItemReader::reject(LoadCode code, DiagnosticCode diagnostic, std::string message,
                        const ItemContext& context, std::string hint) {
  nodes_.sink().report(Mistake{.code = code,
                               .diagnostic = diagnostic,
                               .message = std::move(message),
                               .context = &context,
                               .hint = std::move(hint)});
  return false;
}

std::string ItemReader::hint_near(std::string_view word, std::vector<std::string_view> candidates) {
  return nodes_.sink().wants_hints() ? did_you_mean(word, candidates) : std::string();
}

bool ItemReader::read(const YamlNode& item, const ItemContext& content, Definitions& definitions) {
  using Read = bool (ItemReader::*)(const YamlNode&, const ItemContext&, Definitions&);
  struct Kind {
    std::string_view key;
    Read read;
  };
  static constexpr std::array<Kind, 5> kKinds{{
      {"required_engine_version", &ItemReader::read_engine_version},
      {"required_plugin_versions", &ItemReader::read_plugin_versions},
      {"list", &ItemReader::read_list},
      {"macro", &ItemReader::read_macro},
      {"rule", &ItemReader::read_rule},
  }};
  if (!item.is_map()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kNotRules,
                  "Unexpected element type. Each element should be a yaml associative array.",
                  *nodes_.contexts().child(content, ItemKind::kRulesContentItem, "", item.mark),
                  "an item begins with 'rule:', 'macro:' or 'list:'");
  }
  for (const Kind& kind : kKinds) {
    if (item.find(kind.key) != nullptr) {
      return (this->*kind.read)(item, content, definitions);
    }
  }
  std::string hint;
  if (!item.items.empty()) {
    hint =
        hint_near(item.items.front()->text,
                  {"required_engine_version", "required_plugin_versions", "list", "macro", "rule"});
  }
  nodes_.sink().report(Mistake{
      .code = LoadCode::kUnknownItem,
      .diagnostic = DiagnosticCode::kUnknownItem,
      .message = "Unknown top level item",
      .context = nodes_.contexts().child(content, ItemKind::kRulesContentItem, "", item.mark),
      .own_message = "an item without 'rule', 'macro' or 'list' is ignored",
      .hint = std::move(hint)});
  return true;
}

bool ItemReader::read_engine_version(const YamlNode& item, const ItemContext& content,
                                     Definitions& into) {
  const ItemContext& context =
      *nodes_.contexts().child(content, ItemKind::kRequiredEngineVersion, "", item.mark);
  const YamlNode* value = nullptr;
  if (!nodes_.scalar(item, "required_engine_version", context, Presence::kRequired, value)) {
    return false;
  }
  // A plain number N means 0.N.0.
  const auto number = yaml_unsigned(value->text, std::numeric_limits<std::uint32_t>::max());
  const std::optional<Version> version =
      number ? Version{0, static_cast<std::uint32_t>(*number), 0} : parse_version(value->text);
  if (!version) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidVersion,
                  "Unable to parse engine version '" + value->text +
                      "' as a semver string. Expected \"x.y.z\" semver format.",
                  context);
  }
  if (!settings_.engine.satisfies(*version)) {
    return reject(LoadCode::kValidate, DiagnosticCode::kEngineTooOld,
                  "Rules require engine version " + to_text(*version) + ", but engine version is " +
                      to_text(settings_.engine),
                  context);
  }
  into.required_engine = std::max(into.required_engine, *version);
  nodes_.warn_unknown_keys(item, kEngineVersionKeys, context);
  return true;
}

bool ItemReader::read_plugin_versions(const YamlNode& item, const ItemContext& content,
                                      Definitions& into) {
  const YamlNode& list = *item.find("required_plugin_versions");
  const ItemContext& context =
      *nodes_.contexts().child(content, ItemKind::kRequiredPluginVersions, "", list.mark);
  if (!list.is_sequence()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kWrongType,
                  "Value of required_plugin_versions must be a sequence", context);
  }
  for (const YamlNode* entry : list.items) {
    PluginRequirementGroup group;
    if (!read_plugin_group(*entry, context, group)) {
      return false;
    }
    into.plugins.push_back(std::move(group));
  }
  nodes_.warn_unknown_keys(item, kPluginVersionsKeys, context);
  return true;
}

bool ItemReader::read_plugin_group(const YamlNode& entry, const ItemContext& context,
                                   PluginRequirementGroup& group) {
  const ItemContext& unnamed =
      *nodes_.contexts().child(context, ItemKind::kRequiredPluginVersionsEntry, "", entry.mark);
  if (!entry.is_map()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kWrongType,
                  "Plugin version must be a mapping", unnamed);
  }
  std::string name;
  if (!nodes_.text(entry, "name", unnamed, Presence::kRequired, name)) {
    return false;
  }
  const ItemContext& named =
      *nodes_.contexts().child(context, ItemKind::kRequiredPluginVersionsEntry, name, entry.mark);
  group.context = &named;
  if (!add_plugin_requirement(entry, named, group)) {
    return false;
  }
  const YamlNode* alternatives = entry.find("alternatives");
  if (alternatives == nullptr) {
    return check_plugin_group(group);
  }
  if (!alternatives->is_sequence()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kWrongType,
                  "Value of plugin version alternatives must be a sequence", named);
  }
  for (const YamlNode* alternative : alternatives->items) {
    const ItemContext& at = *nodes_.contexts().child(
        named, ItemKind::kRequiredPluginVersionsAlternative, "", alternative->mark);
    if (!alternative->is_map()) {
      return reject(LoadCode::kYamlValidate, DiagnosticCode::kWrongType,
                    "Plugin version alternative must be a mapping", at);
    }
    if (!add_plugin_requirement(*alternative, at, group)) {
      return false;
    }
  }
  return check_plugin_group(group);
}

bool ItemReader::add_plugin_requirement(const YamlNode& entry, const ItemContext& context,
                                        PluginRequirementGroup& group) {
  std::string name;
  std::string version;
  if (!nodes_.text(entry, "name", context, Presence::kRequired, name) ||
      !nodes_.text(entry, "version", context, Presence::kRequired, version)) {
    return false;
  }
  group.alternatives.push_back(PluginRequirement{std::move(name), std::move(version)});
  return true;
}

bool ItemReader::check_plugin_group(PluginRequirementGroup& group) {
  std::set<std::string> names;
  for (const PluginRequirement& one : group.alternatives) {
    if (!parse_version(one.version)) {
      return reject(LoadCode::kValidate, DiagnosticCode::kInvalidVersion,
                    "Invalid required version '" + one.version + "' for plugin '" + one.name + "'",
                    *group.context);
    }
    if (!names.insert(one.name).second) {
      return reject(
          LoadCode::kValidate, DiagnosticCode::kPluginRequirement,
          "Defined multiple alternative version requirements for plugin '" + one.name + "'",
          *group.context);
    }
  }
  return true;
}

bool ItemReader::read_append_flag(const YamlNode& item, const ItemContext& context, bool& out) {
  if (!nodes_.boolean(item, "append", context, Presence::kOptional, out)) {
    return false;
  }
  if (out) {
    nodes_.sink().report(Mistake{.code = LoadCode::kDeprecatedItem,
                                 .diagnostic = DiagnosticCode::kDeprecated,
                                 .message = std::string(kAppendIsDeprecated),
                                 .context = &context,
                                 .span = nodes_.span_of(*item.find("append"), context),
                                 .own_message = "'append: true' is deprecated",
                                 .hint = "name what to append under 'override', for example "
                                         "'condition: append'"});
  }
  return true;
}

bool ItemReader::read_overrides(const YamlNode& item, std::span<const std::string_view> appendable,
                                std::span<const std::string_view> replaceable,
                                const ItemContext& context, Overrides& out) {
  const YamlNode* map = item.find("override");
  if (map == nullptr || !map->is_map()) {
    return true;
  }
  const ItemContext& overrides =
      *nodes_.contexts().child(context, ItemKind::kOverrides, "", item.mark);
  const auto contains = [](std::span<const std::string_view> keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  for (std::size_t i = 0; i + 1 < map->items.size(); i += 2) {
    const YamlNode& key = *map->items[i];
    const YamlNode& operation = *map->items[i + 1];
    const bool is_append = operation.text == "append";
    if (!is_append && operation.text != "replace") {
      return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
                    "Invalid override operation for key '" + key.text + "': '" + operation.text +
                        "'. Allowed values are: append replace ",
                    *nodes_.value_context(key.text, operation, overrides),
                    hint_near(operation.text, {"append", "replace"}));
    }
    const ItemContext& at =
        *nodes_.contexts().child(overrides, ItemKind::kOverrides, key.text, key.mark);
    if (is_append && !contains(appendable, key.text)) {
      return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
                    "Key '" + key.text + "' cannot be appended to, use 'replace' instead", at);
    }
    if (!is_append && !contains(replaceable, key.text)) {
      return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
                    "Key '" + key.text + "' cannot be replaced", at,
                    hint_near(key.text, {replaceable.begin(), replaceable.end()}));
    }
    (is_append ? out.append : out.replace).insert(key.text);
  }
  return true;
}

bool ItemReader::check_append_or_override(bool append, const Overrides& overrides,
                                          const ItemContext& context) {
  if (append && overrides.any()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
                  std::string(kAppendAndOverride), context);
  }
  return true;
}

bool ItemReader::read_list(const YamlNode& item, const ItemContext& content, Definitions& into) {
  static constexpr std::array<std::string_view, 1> kOverridable{"items"};
  ListSource list;
  if (!nodes_.text(item, "list", *nodes_.contexts().child(content, ItemKind::kList, "", item.mark),
                   Presence::kRequired, list.name)) {
    return false;
  }
  const ItemContext& context =
      *nodes_.contexts().child(content, ItemKind::kList, list.name, item.mark);
  list.context = &context;
  if (!is_list_name(list.name)) {
    nodes_.sink().report(
        Mistake{.code = LoadCode::kInvalidListName,
                .diagnostic = DiagnosticCode::kInvalidName,
                .message = std::string(kInvalidListName),
                .context = &context,
                .span = nodes_.span_of(*item.find("list"), context),
                .own_message = "list name '" + list.name + "' cannot be written in a condition"});
  }
  bool append = false;
  Overrides overrides;
  if (!nodes_.words(item, "items", context, Presence::kRequired, list.items) ||
      !read_append_flag(item, context, append) ||
      !read_overrides(item, kOverridable, kOverridable, context, overrides) ||
      !check_append_or_override(append, overrides, context)) {
    return false;
  }
  if (append || !overrides.append.empty()) {
    ListSource* earlier = into.lists.find(list.name);
    if (earlier == nullptr) {
      return reject(LoadCode::kValidate, DiagnosticCode::kUnknownTarget,
                    "List uses 'append' or 'override.items: append' but no list by that name "
                    "already exists",
                    context, hint_near(list.name, names_of(into.lists)));
    }
    std::move(list.items.begin(), list.items.end(), std::back_inserter(earlier->items));
    earlier->visibility = into.next_number++;
  } else {
    into.lists.define(std::move(list), into.next_number++);
  }
  nodes_.warn_unknown_keys(item, kListKeys, context);
  return true;
}

bool ItemReader::read_macro(const YamlNode& item, const ItemContext& content, Definitions& into) {
  static constexpr std::array<std::string_view, 1> kOverridable{"condition"};
  MacroSource macro;
  if (!nodes_.text(item, "macro",
                   *nodes_.contexts().child(content, ItemKind::kMacro, "", item.mark),
                   Presence::kRequired, macro.name)) {
    return false;
  }
  const ItemContext& context =
      *nodes_.contexts().child(content, ItemKind::kMacro, macro.name, item.mark);
  macro.context = &context;
  if (!is_macro_name(macro.name)) {
    nodes_.sink().report(
        Mistake{.code = LoadCode::kInvalidMacroName,
                .diagnostic = DiagnosticCode::kInvalidName,
                .message = std::string(kInvalidMacroName),
                .context = &context,
                .span = nodes_.span_of(*item.find("macro"), context),
                .own_message = "macro name '" + macro.name + "' cannot be written in a condition"});
  }
  bool append = false;
  Overrides overrides;
  if (!nodes_.condition(item, "condition", context, macro.condition) ||
      !read_append_flag(item, context, append) ||
      !read_overrides(item, kOverridable, kOverridable, context, overrides) ||
      !check_append_or_override(append, overrides, context)) {
    return false;
  }
  macro.condition_context =
      nodes_.contexts().child(context, ItemKind::kMacroCondition, "", item.find("condition")->mark);
  if (append || !overrides.append.empty()) {
    MacroSource* earlier = into.macros.find(macro.name);
    if (earlier == nullptr) {
      return reject(LoadCode::kValidate, DiagnosticCode::kUnknownTarget,
                    "Macro uses 'append' or 'override.condition: append' but no macro by that "
                    "name already exists",
                    context, hint_near(macro.name, names_of(into.macros)));
    }
    append_text(earlier->condition, macro.condition, context.span());
    earlier->visibility = into.next_number++;
  } else {
    into.macros.define(std::move(macro), into.next_number++);
  }
  nodes_.warn_unknown_keys(item, kMacroKeys, context);
  return true;
}

}  // namespace saker
