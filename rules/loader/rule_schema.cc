// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The schema is a table of types; the check and the JSON text are two walks over it. What the
// library behind Falco does, and is followed here: properties are checked in the order of their
// names, every failure is noted, a scalar is a text whatever it looks like (so only `true` and
// `false` are truth values, and numbers decimal), an empty list counts as an empty object and the
// other way round.
#include "rules/loader/rule_schema.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <string_view>

namespace saker {

namespace {

enum class Shape : std::uint8_t { kText, kBoolean, kInteger, kWord, kAny, kEnum, kObject, kArray };

struct Property;

struct Type {
  std::string_view title;  // of the definition in the JSON text; empty: written in place
  Shape shape = Shape::kAny;
  std::span<const std::string_view> words = {};     // kEnum
  std::span<const Property> properties = {};        // kObject, sorted by name
  std::span<const std::string_view> required = {};  // kObject
  std::size_t least_properties = 0;                 // kObject
  const Type* element = nullptr;                    // kArray
};

struct Property {
  std::string_view name;
  const Type* type;
};

constexpr Type kText{"", Shape::kText};
constexpr Type kBoolean{"", Shape::kBoolean};
constexpr Type kInteger{"", Shape::kInteger};
constexpr Type kAny{"", Shape::kAny};
constexpr Type kItem{"Item", Shape::kWord};  // an integer or a text

constexpr std::array<std::string_view, 9> kPriorityWords{"EMERGENCY",     "ALERT",   "CRITICAL",
                                                         "ERROR",         "WARNING", "NOTICE",
                                                         "INFORMATIONAL", "INFO",    "DEBUG"};
constexpr Type kPriority{.title = "Priority", .shape = Shape::kEnum, .words = kPriorityWords};

constexpr std::array<std::string_view, 2> kOverrideWords{"append", "replace"};
constexpr Type kOverrideWord{
    .title = "OverriddenItem", .shape = Shape::kEnum, .words = kOverrideWords};
constexpr std::array<Property, 12> kOverrideProperties{{{"capture", &kOverrideWord},
                                                        {"capture_duration", &kOverrideWord},
                                                        {"condition", &kOverrideWord},
                                                        {"desc", &kOverrideWord},
                                                        {"enabled", &kOverrideWord},
                                                        {"exceptions", &kOverrideWord},
                                                        {"items", &kOverrideWord},
                                                        {"output", &kOverrideWord},
                                                        {"priority", &kOverrideWord},
                                                        {"skip-if-unknown-filter", &kOverrideWord},
                                                        {"tags", &kOverrideWord},
                                                        {"warn_evttypes", &kOverrideWord}}};
constexpr Type kOverride{.title = "Override",
                         .shape = Shape::kObject,
                         .properties = kOverrideProperties,
                         .least_properties = 1};

constexpr std::array<std::string_view, 1> kExceptionRequired{"name"};
constexpr std::array<Property, 4> kExceptionProperties{
    {{"comps", &kAny}, {"fields", &kAny}, {"name", &kText}, {"values", &kAny}}};
constexpr Type kException{.title = "Exception",
                          .shape = Shape::kObject,
                          .properties = kExceptionProperties,
                          .required = kExceptionRequired};
constexpr Type kExceptions{.shape = Shape::kArray, .element = &kException};

constexpr std::array<std::string_view, 2> kPluginRequired{"name", "version"};
constexpr std::array<Property, 2> kAlternativeProperties{{{"name", &kText}, {"version", &kText}}};
constexpr Type kAlternative{.title = "Alternative",
                            .shape = Shape::kObject,
                            .properties = kAlternativeProperties,
                            .required = kPluginRequired};
constexpr Type kAlternatives{.shape = Shape::kArray, .element = &kAlternative};
constexpr std::array<Property, 3> kPluginProperties{
    {{"alternatives", &kAlternatives}, {"name", &kText}, {"version", &kText}}};
constexpr Type kPluginVersion{.title = "RequiredPluginVersion",
                              .shape = Shape::kObject,
                              .properties = kPluginProperties,
                              .required = kPluginRequired};
constexpr Type kPluginVersions{.shape = Shape::kArray, .element = &kPluginVersion};

constexpr Type kItems{.shape = Shape::kArray, .element = &kItem};
constexpr Type kTags{.shape = Shape::kArray, .element = &kText};

constexpr std::array<Property, 20> kRuleProperties{{{"append", &kBoolean},
                                                    {"capture", &kBoolean},
                                                    {"capture_duration", &kInteger},
                                                    {"condition", &kText},
                                                    {"desc", &kText},
                                                    {"enabled", &kBoolean},
                                                    {"exceptions", &kExceptions},
                                                    {"items", &kItems},
                                                    {"list", &kText},
                                                    {"macro", &kText},
                                                    {"output", &kText},
                                                    {"override", &kOverride},
                                                    {"priority", &kPriority},
                                                    {"required_engine_version", &kText},
                                                    {"required_plugin_versions", &kPluginVersions},
                                                    {"rule", &kText},
                                                    {"skip-if-unknown-filter", &kBoolean},
                                                    {"source", &kText},
                                                    {"tags", &kTags},
                                                    {"warn_evttypes", &kBoolean}}};
constexpr Type kRule{.title = "FalcoRule", .shape = Shape::kObject, .properties = kRuleProperties};
constexpr Type kRules{.shape = Shape::kArray, .element = &kRule};

constexpr std::array<const Type*, 8> kDefinitions{&kRule,          &kItem,         &kPriority,
                                                  &kOverride,      &kOverrideWord, &kException,
                                                  &kPluginVersion, &kAlternative};

bool is_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end;
}

class Checker {
public:
  explicit Checker(std::vector<std::string>& messages) : messages_(messages) {}

  bool check(const YamlNode& node, const Type& type) {
    switch (type.shape) {
      case Shape::kAny:
        return true;
      case Shape::kText:
        return node.is_scalar() || fail_type();
      case Shape::kBoolean:
        return (node.is_scalar() && (node.text == "true" || node.text == "false")) || fail_type();
      case Shape::kInteger:
        return (node.is_scalar() && is_integer(node.text)) || fail_type();
      case Shape::kWord:
        return node.is_scalar() ||
               fail("Failed to validate against any schemas allowed by anyOf constraint.");
      case Shape::kEnum:
        return (node.is_scalar() &&
                std::find(type.words.begin(), type.words.end(), node.text) != type.words.end()) ||
               fail("Failed to match against any enum values.");
      case Shape::kArray:
        return check_array(node, type);
      case Shape::kObject:
        return check_object(node, type);
    }
    return true;
  }

private:
  static bool is_empty(const YamlNode& node) {
    return (node.is_map() || node.is_sequence()) && node.items.empty();
  }

  bool check_array(const YamlNode& node, const Type& type) {
    if (!node.is_sequence()) {
      return is_empty(node) || fail_type();
    }
    bool is_valid = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string index = std::to_string(i);
      if (!check_inside(*node.items[i], *type.element, index)) {
        is_valid = fail("Failed to validate item #" + index + " in array.");
      }
    }
    return is_valid;
  }

  bool check_object(const YamlNode& node, const Type& type) {
    if (!node.is_map() && !is_empty(node)) {
      return fail_type();
    }
    bool is_valid = true;
    const std::size_t size = node.items.size() / 2;
    if (size < type.least_properties) {
      is_valid = fail("Object should contain no fewer than " +
                      std::to_string(type.least_properties) + " properties.");
    }
    std::size_t known = 0;
    for (const Property& property : type.properties) {
      const YamlNode* value = node.find(property.name);
      if (value == nullptr) {
        continue;
      }
      ++known;
      if (!check_inside(*value, *property.type, property.name)) {
        is_valid = fail("Failed to validate against schema associated with property name '" +
                        std::string(property.name) + "'.");
      }
    }
    if (known != size) {
      is_valid = fail(
          "Object contains a property that could not be validated using 'properties' "
          "or 'additionalProperties' constraints: '" +
          first_unknown(node, type) + "'.");
    }
    for (const std::string_view name : type.required) {
      if (node.find(name) == nullptr) {
        is_valid = fail("Missing required property '" + std::string(name) + "'.");
      }
    }
    return is_valid;
  }

  bool check_inside(const YamlNode& node, const Type& type, std::string_view step) {
    const std::size_t length = path_.size();
    path_ += '[';
    path_ += step;
    path_ += ']';
    const bool is_valid = check(node, type);
    path_.resize(length);
    return is_valid;
  }

  // Empty when the only thing wrong is that a key stands there twice.
  static std::string first_unknown(const YamlNode& node, const Type& type) {
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string& key = node.items[i]->text;
      const auto is_it = [&](const Property& property) { return property.name == key; };
      if (std::none_of(type.properties.begin(), type.properties.end(), is_it)) {
        return key;
      }
    }
    return {};
  }

  bool fail_type() { return fail("Value type not permitted by 'type' constraint."); }
  bool fail(const std::string& message) {
    constexpr std::size_t kMostMessages = 1000;
    if (messages_.size() < kMostMessages) {
      messages_.push_back("failed for " + path_ + ": " + message);
    }
    return false;
  }

  std::vector<std::string>& messages_;
  std::string path_ = "<root>";
};

// JSON text of the table. All names are plain ASCII, so nothing needs escaping.
class Writer {
public:
  std::string write() {
    line(0, "{");
    line(1, R"("$schema": "http://json-schema.org/draft-06/schema#",)");
    line(1, R"("type": "array",)");
    line(1, R"("items": )" + reference(kRule) + ",");
    line(1, R"("definitions": {)");
    for (const Type* type : kDefinitions) {
      define(*type, type == kDefinitions.back());
    }
    line(1, "}");
    line(0, "}");
    return std::move(out_);
  }

private:
  void line(std::size_t depth, const std::string& text) {
    out_.append(depth * 4, ' ');
    out_ += text;
    out_ += '\n';
  }

  static std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }
  static std::string reference(const Type& type) {
    return R"({"$ref": "#/definitions/)" + std::string(type.title) + "\"}";
  }
  static std::string list_of(std::span<const std::string_view> words) {
    std::string out = "[";
    for (const std::string_view word : words) {
      out += (out.size() > 1 ? ", " : "") + quoted(word);
    }
    return out + "]";
  }

  static std::string in_place(const Type& type) {
    if (!type.title.empty()) {
      return reference(type);
    }
    switch (type.shape) {
      case Shape::kText:
        return R"({"type": "string"})";
      case Shape::kBoolean:
        return R"({"type": "boolean"})";
      case Shape::kInteger:
        return R"({"type": "integer"})";
      case Shape::kArray:
        return R"({"type": "array", "items": )" + in_place(*type.element) + "}";
      default:
        return "{}";
    }
  }

  void define(const Type& type, bool is_last) {
    line(2, quoted(type.title) + ": {");
    if (type.shape == Shape::kWord) {
      line(3, R"("anyOf": [{"type": "integer"}, {"type": "string"}],)");
    } else if (type.shape == Shape::kEnum) {
      line(3, R"("type": "string",)");
      line(3, R"("enum": )" + list_of(type.words) + ",");
    } else {
      line(3, R"("type": "object",)");
      line(3, R"("additionalProperties": false,)");
      if (type.least_properties > 0) {
        line(3, R"("minProperties": )" + std::to_string(type.least_properties) + ",");
      }
      line(3, R"("properties": {)");
      for (const Property& property : type.properties) {
        const bool is_last_one = &property == &type.properties.back();
        line(4, quoted(property.name) + ": " + in_place(*property.type) + (is_last_one ? "" : ","));
      }
      line(3, "},");
      line(3, R"("required": )" + list_of(type.required) + ",");
    }
    line(3, R"("title": )" + quoted(type.title));
    line(2, is_last ? "}" : "},");
  }

  std::string out_;
};

}  // namespace

void check_rule_schema(const YamlNode& document, std::vector<std::string>& messages) {
  Checker(messages).check(document, kRules);
}

std::string rule_schema_json() {
  return Writer().write();
}

}  // namespace saker
