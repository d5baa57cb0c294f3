// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/schema.h"

#include <map>

#include "compat/config/config_keys.h"
#include "compat/config/node_json.h"

namespace saker::config {

namespace {

// The keys as a tree: inner nodes are maps of the file, leaves are rows of the table.
struct KeyTree {
  std::map<std::string_view, KeyTree> members;
  const ConfigKey* key = nullptr;
};

KeyTree key_tree() {
  KeyTree root;
  for (const ConfigKey& key : all_keys()) {
    KeyTree* node = &root;
    std::string_view path = key.path;
    while (!path.empty()) {
      const std::size_t dot = path.find('.');
      node = &node->members[path.substr(0, dot)];
      path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    node->key = &key;
  }
  return root;
}

void new_line(std::string& out, int depth) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

void append_leaf(std::string& out, const ConfigKey& key, int depth) {
  Config defaults;
  new_line(out, depth);
  out += "\"description\": ";
  append_quoted(out, key.meaning);
  if (!key.choices.empty() && !key.is_choice_case_insensitive &&
      type_name(key.slot(defaults)) == "string") {
    out += ',';
    new_line(out, depth);
    out += "\"enum\": [";
    for (const std::string_view choice : key.choices) {
      append_quoted(out, choice);
      out += choice == key.choices.back() ? "]" : ", ";
    }
  }
  out += ',';
  new_line(out, depth);
  out += "\"type\": ";
  append_quoted(out, type_name(key.slot(defaults)));
}

void append_object(std::string& out, const KeyTree& tree, int depth) {
  new_line(out, depth);
  out += "\"additionalProperties\": false,";
  new_line(out, depth);
  out += "\"properties\": {";
  bool is_first = true;
  for (const auto& [name, child] : tree.members) {
    out += is_first ? "" : ",";
    is_first = false;
    new_line(out, depth + 1);
    append_quoted(out, name);
    out += ": {";
    if (child.key != nullptr) {
      append_leaf(out, *child.key, depth + 2);
    } else {
      append_object(out, child, depth + 2);
    }
    new_line(out, depth + 1);
    out += '}';
  }
  new_line(out, depth);
  out += "},";
  new_line(out, depth);
  out += "\"type\": \"object\"";
}

bool fits(const ConfigKey& key, const ConfigNode& node) {
  Config scratch;
  const std::string_view type = type_name(key.slot(scratch));
  return node.kind == ConfigNode::Kind::kNull || (type == "array"    ? node.is_sequence()
                                                  : type == "object" ? node.is_map()
                                                                     : node.is_scalar());
}

std::string violation_at(const KeyTree& tree, const ConfigNode& node, const std::string& where) {
  if (tree.key != nullptr) {
    return fits(*tree.key, node)
               ? std::string{}
               : "failed for " + where + ": Value type not permitted by 'type' constraint.";
  }
  if (!node.is_map()) {
    return node.kind == ConfigNode::Kind::kNull
               ? std::string{}
               : "failed for " + where + ": Value type not permitted by 'type' constraint.";
  }
  for (const ConfigMember& member : node.members) {
    const auto child = tree.members.find(member.key);
    if (child == tree.members.end()) {
      return "failed for " + where +
             ": Object contains a property that could not be validated using 'properties' or "
             "'additionalProperties' constraints: '" +
             member.key + "'.";
    }
    std::string inner = violation_at(child->second, member.value, where + "[" + member.key + "]");
    if (!inner.empty()) {
      return inner;
    }
  }
  return {};
}

}  // namespace

std::string config_schema() {
  std::string out = "{\n  \"$schema\": \"http://json-schema.org/draft-06/schema#\",";
  append_object(out, key_tree(), 1);
  out += "\n}\n";
  return out;
}

std::string schema_violation(const ConfigNode& root) {
  return violation_at(key_tree(), root, "<root>");
}

}  // namespace saker::config
