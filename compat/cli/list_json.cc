// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// With flags_cli11.cc the adapter of this folder: includes nlohmann/json.
#include "compat/cli/list_json.h"

#include <nlohmann/json.hpp>

#include "compat/cli/version.h"

namespace saker::cli {

namespace {

constexpr int kIndent = 2;

using Json = nlohmann::json;

// Falco says so of evt.abspath too, which works without.
bool is_listed_as_required(const FieldInfo& field) {
  return field.argument == ArgumentRule::kRequired || field.name == "evt.abspath";
}

Json argument_json(const FieldInfo& field) {
  if (field.argument == ArgumentRule::kForbidden) {
    return nullptr;
  }
  Json types = Json::array();
  // The library's own fields do not say what their arguments are; those of plugins do.
  if (field.class_name == "container") {
    if (field.has(field_flag::kIndexArgument)) {
      types.push_back("INDEX");
    }
    if (field.has(field_flag::kKeyArgument)) {
      types.push_back("KEY");
    }
  }
  return {{"required", is_listed_as_required(field)}, {"type", types}};
}

Json field_json(const FieldInfo& field) {
  return {{"argument", argument_json(field)},
          {"desc", field.meaning},
          {"is_list", field.has(field_flag::kList)},
          {"name", field.name},
          {"type", to_text(field.type)}};
}

Json param_json(const ParamInfo& param) {
  Json json = {{"name", param.name}, {"type", to_text(param.type)}};
  if (has_listed_flags(param)) {
    Json names = Json::array();
    for (const FlagName& flag : flag_names(param.flags)) {
      names.push_back(flag.name);
    }
    json["flags"] = std::move(names);
  }
  return json;
}

}  // namespace

std::string field_classes_json(std::span<const FieldClass* const> classes) {
  Json list = Json::array();
  for (const FieldClass* group : classes) {
    Json fields = Json::array();
    for (const FieldInfo* field : group->fields) {
      if (!field->has(field_flag::kHidden)) {
        fields.push_back(field_json(*field));
      }
    }
    Json json = {{"event_sources", {"syscall"}},
                 {"fields", std::move(fields)},
                 {"name", std::string(group->name) + (group->is_plugin ? " (plugin)" : "")}};
    if (!group->description.empty()) {
      json["desc"] = group->description;
    }
    list.push_back(std::move(json));
  }
  return Json({{"fieldclasses", std::move(list)}}).dump(kIndent) + "\n";
}

std::string event_groups_json(std::span<const EventGroup> groups) {
  Json json = {{"schema_version", kDriverSchemaVersion}};
  for (const EventGroup& group : groups) {
    Json events = Json::array();
    for (const ListedEvent& event : group.events) {
      Json params = Json::array();
      for (const ParamInfo& param : event.params) {
        params.push_back(param_json(param));
      }
      events.push_back({{"available", event.is_available},
                        {"dir", event.is_enter ? ">" : "<"},
                        {"name", event.name},
                        {"params", std::move(params)}});
    }
    json[std::string(group.title)] = std::move(events);
  }
  return json.dump(kIndent) + "\n";
}

}  // namespace saker::cli
