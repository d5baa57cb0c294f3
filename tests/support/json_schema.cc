// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/json_schema.h"

#include <regex>

#include <nlohmann/json.hpp>

namespace saker::testing {

namespace {

using nlohmann::json;

class Checker {
public:
  explicit Checker(std::vector<std::string>& problems) : problems_(problems) {}

  void check(const json& schema, const json& value, const std::string& path) {
    if (schema.is_boolean()) {
      report(schema.get<bool>(), path, "is not allowed");
      return;
    }
    for (const auto& [key, rule] : schema.items()) {
      check_keyword(key, rule, schema, value, path);
    }
  }

private:
  void report(bool is_fine, const std::string& path, const std::string& text) {
    if (!is_fine) {
      problems_.push_back(path + ": " + text);
    }
  }

  static bool has_type(const json& value, const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "boolean" && value.is_boolean()) || (type == "null" && value.is_null());
  }

  void check_type(const json& rule, const json& value, const std::string& path) {
    bool is_fine = rule.is_string() && has_type(value, rule.get<std::string>());
    if (rule.is_array()) {
      for (const json& type : rule) {
        is_fine = is_fine || has_type(value, type.get<std::string>());
      }
    }
    report(is_fine, path, "is not of type " + rule.dump());
  }

  void check_keyword(const std::string& key, const json& rule, const json& schema,
                     const json& value, const std::string& path) {
    if (key == "type") {
      check_type(rule, value, path);
    } else if (key == "const") {
      report(value == rule, path, "is not " + rule.dump());
    } else if (key == "enum") {
      report(std::find(rule.begin(), rule.end(), value) != rule.end(), path, "is none of the list");
    } else if (key == "pattern" && value.is_string()) {
      report(std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())), path,
             "does not match " + rule.dump());
    } else if (key == "minimum" && value.is_number()) {
      report(value >= rule, path, "is too small");
    } else if (key == "maximum" && value.is_number()) {
      report(value <= rule, path, "is too large");
    } else if (key == "required" && value.is_object()) {
      for (const json& name : rule) {
        report(value.contains(name.get<std::string>()), path, "has no " + name.dump());
      }
    } else if (key == "properties" && value.is_object()) {
      check_properties(rule, schema, value, path);
    } else if (key == "additionalProperties" && !schema.contains("properties")) {
      check_properties(json::object(), schema, value, path);
    } else if (key == "items" && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(rule, value[i], path + "[" + std::to_string(i) + "]");
      }
    } else if (key[0] != '$' && key != "title") {
      static const std::vector<std::string> kKnown = {
          "pattern", "minimum", "maximum", "required", "properties", "additionalProperties",
          "items"};
      report(std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end(), path,
             "unknown keyword " + key);
    }
  }

  void check_properties(const json& rule, const json& schema, const json& value,
                        const std::string& path) {
    if (!value.is_object()) {
      return;
    }
    for (const auto& [name, child] : value.items()) {
      if (rule.contains(name)) {
        check(rule[name], child, path + "." + name);
      } else if (schema.contains("additionalProperties")) {
        check(schema["additionalProperties"], child, path + "." + name);
      }
    }
  }

  std::vector<std::string>& problems_;
};

}  // namespace

std::vector<std::string> schema_violations(const std::string& schema, const std::string& text) {
  std::vector<std::string> problems;
  const json document = json::parse(text, nullptr, false);
  const json rules = json::parse(schema, nullptr, false);
  if (document.is_discarded() || rules.is_discarded()) {
    problems.emplace_back(document.is_discarded() ? "the document is no JSON: " + text
                                                  : "the schema is no JSON");
    return problems;
  }
  Checker(problems).check(rules, document, "$");
  return problems;
}

}  // namespace saker::testing
