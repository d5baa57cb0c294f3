// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/describe.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace saker::cli {

namespace {

using nlohmann::json;

// Falco's columns: the name in 50 bytes, the description in what is left of 110.
constexpr std::size_t kNameWidth = 50;
constexpr std::size_t kIndent = 51;
constexpr std::size_t kLineWidth = 110;

void append_row(std::string& out, std::string_view left, std::string_view right) {
  out += left;
  out.append(left.size() < kNameWidth ? kNameWidth - left.size() : 0, ' ');
  out += ' ';
  out += right;
  out += '\n';
}

// Words with one blank behind each, broken into lines that begin at the second column.
std::string wrapped(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = text.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlank, at), text.size());
    const std::size_t width = end - at + 1;
    if (used + width > kLineWidth - kIndent) {
      out += '\n';
      out.append(kIndent, ' ');
      used = 0;
    }
    out += text.substr(at, end - at);
    out += ' ';
    used += width;
    at = text.find_first_not_of(kBlank, end);
  }
  return out;
}

json details_of(const ConditionDetails& details, const Words& plugins) {
  return {{"macros", details.macros},
          {"lists", details.lists},
          {"condition_operators", details.operators},
          {"condition_fields", details.fields},
          {"events", details.events},
          {"condition_compiled", details.compiled},
          {"plugins", plugins}};
}

json data_of(const RuleDescription& rule) {
  json details = details_of(rule.details, rule.plugins);
  details["output_fields"] = rule.output_fields;
  details["output_compiled"] = rule.output_compiled;
  details["exception_names"] = rule.exception_names;
  details["exception_fields"] = rule.exception_fields;
  details["exception_operators"] = rule.exception_operators;
  for (const auto& [key, format] : rule.extra_output_formatted_fields) {
    details["extra_output_formatted_fields"][key] = format;
  }
  return {{"info",
           {{"name", rule.name},
            {"condition", rule.condition},
            {"priority", to_text(rule.priority)},
            {"output", rule.output},
            {"description", rule.description},
            {"enabled", rule.is_enabled},
            {"source", rule.source},
            {"capture", rule.has_capture},
            {"capture_duration", rule.capture_duration_ms},
            {"tags", rule.tags}}},
          {"details", std::move(details)}};
}

json data_of(const MacroDescription& macro) {
  json details = details_of(macro.details, macro.plugins);
  details["used"] = macro.is_used;
  return {{"info", {{"name", macro.name}, {"condition", macro.condition}}},
          {"details", std::move(details)}};
}

json data_of(const ListDescription& list) {
  return {{"info", {{"name", list.name}, {"items", list.items}}},
          {"details",
           {{"used", list.is_used},
            {"lists", list.lists},
            {"items_compiled", list.items_compiled},
            {"plugins", json::array()}}}};
}

json data_of(const PluginVersionDescription& plugin) {
  json alternatives = json::array();
  for (const auto& [name, version] : plugin.alternatives) {
    alternatives.push_back({{"name", name}, {"version", version}});
  }
  return {{"name", plugin.name},
          {"version", plugin.version},
          {"alternatives", std::move(alternatives)}};
}

template <typename Row>
json list_of(const std::vector<Row>& rows) {
  json out = json::array();
  for (const Row& row : rows) {
    out.push_back(data_of(row));
  }
  return out;
}

Result<const RuleDescription*> find_rule(const RulesDescription& description,
                                         std::string_view name) {
  const auto found = std::find_if(description.rules.begin(), description.rules.end(),
                                  [&](const RuleDescription& rule) { return rule.name == name; });
  if (found == description.rules.end()) {
    return fail(ErrorCode::kNotFound, "Rule \"" + std::string(name) + "\" is not loaded");
  }
  return &*found;
}

std::string dump(const json& data) {
  return data.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

json describe_data(const RulesDescription& description) {
  return {{"required_engine_version", description.required_engine_version},
          {"required_plugin_versions", list_of(description.required_plugin_versions)},
          {"lists", list_of(description.lists)},
          {"macros", list_of(description.macros)},
          {"rules", list_of(description.rules)}};
}

}  // namespace

Result<std::string> describe_text(const RulesDescription& description,
                                  std::optional<std::string_view> rule) {
  std::string out;
  append_row(out, "Rule", "Description");
  append_row(out, "----", "-----------");
  if (rule) {
    SAKER_ASSIGN_OR_RETURN(const RuleDescription* one, find_rule(description, *rule));
    append_row(out, one->name, wrapped(one->description) + "\n");
    return out;
  }
  for (const RuleDescription& one : description.rules) {
    append_row(out, one.name, wrapped(one.description) + "\n");
  }
  return out;
}

Result<std::string> describe_json(const RulesDescription& description,
                                  std::optional<std::string_view> rule) {
  if (!rule) {
    return dump(describe_data(description));
  }
  SAKER_ASSIGN_OR_RETURN(const RuleDescription* one, find_rule(description, *rule));
  return dump({{"rules", json::array({data_of(*one)})}});
}

}  // namespace saker::cli
