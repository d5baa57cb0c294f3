// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Items that change an earlier one without any effect: a replacement by the same text, appended
// items that are there already. Looks at the items as they are written, in the order of the files.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "kit/base/text.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

// What an item's key holds, in a form that compares.
std::string text_of(const YamlNode& node) {
  if (!node.is_sequence() && !node.is_map()) {
    return squeeze(node.text);
  }
  std::string text = node.is_map() ? "{" : "[";
  for (const YamlNode* item : node.items) {
    text += text_of(*item) + "\n";
  }
  return text;
}

class OverrideWalk {
public:
  explicit OverrideWalk(LintContext& context) : context_(context) {}

  void visit(const YamlNode& item, SourceId source) {
    for (const std::string_view kind : {"list", "macro", "rule"}) {
      const YamlNode* name = item.find(kind);
      if (name == nullptr || !name->is_scalar()) {
        continue;
      }
      source_ = source;
      const std::string key = std::string(kind) + " '" + name->text + "'";
      Values& earlier = known_[key];
      const YamlNode* change = item.find("override");
      const YamlNode* append = item.find("append");
      if (change != nullptr && change->is_map()) {
        apply(item, *change, key, name->text, earlier);
      } else if (append != nullptr && append->text == "true") {
        append_items(item, "items", *append, key, name->text, earlier);
      } else if (kind != "rule" || item.find("condition") != nullptr) {
        earlier = read(item);
      } else if (const YamlNode* enabled = item.find("enabled"); enabled != nullptr) {
        replace(item, "enabled", *enabled, key, name->text, earlier);
      }
      return;
    }
  }

private:
  using Values = std::map<std::string, std::set<std::string>, std::less<>>;

  static std::set<std::string> parts_of(const YamlNode& node) {
    std::set<std::string> parts;
    if (node.is_sequence()) {
      for (const YamlNode* one : node.items) {
        parts.insert(text_of(*one));
      }
    } else {
      parts.insert(text_of(node));
    }
    return parts;
  }

  static Values read(const YamlNode& item) {
    Values values;
    for (std::size_t i = 0; i + 1 < item.items.size(); i += 2) {
      values[item.items[i]->text] = parts_of(*item.items[i + 1]);
    }
    if (item.find("rule") != nullptr && item.find("enabled") == nullptr) {
      values["enabled"] = {"true"};
    }
    return values;
  }

  void apply(const YamlNode& item, const YamlNode& change, const std::string& key,
             const std::string& name, Values& earlier) {
    for (std::size_t i = 0; i + 1 < change.items.size(); i += 2) {
      const std::string& what = change.items[i]->text;
      const YamlNode* value = item.find(what);
      if (value == nullptr) {
        continue;
      }
      if (change.items[i + 1]->text == "replace") {
        replace(item, what, *value, key, name, earlier);
      } else {
        append_items(item, what, *change.items[i], key, name, earlier);
      }
    }
  }

  void replace(const YamlNode&, const std::string& what, const YamlNode& value,
               const std::string& key, const std::string& name, Values& earlier) {
    const std::set<std::string> fresh = parts_of(value);
    const auto known = earlier.find(what);
    if (known != earlier.end() && known->second == fresh) {
      report(value,
             "the override of '" + what + "' changes nothing: " + key + " has that value already",
             name);
    }
    earlier[what] = fresh;
  }

  void append_items(const YamlNode& item, const std::string& what, const YamlNode& place,
                    const std::string& key, const std::string& name, Values& earlier) {
    const YamlNode* value = item.find(what);
    if (value == nullptr || !value->is_sequence()) {
      return;  // an appended condition is looked at as part of the whole
    }
    std::set<std::string>& known = earlier[what];
    const std::set<std::string> fresh = parts_of(*value);
    if (!known.empty() && std::ranges::includes(known, fresh)) {
      report(place,
             "the append to '" + what + "' changes nothing: " + key + " has all of it already",
             name);
    }
    known.insert(fresh.begin(), fresh.end());
  }

  void report(const YamlNode& place, std::string message, const std::string& name) {
    context_.report("override-without-effect",
                    SourceSpan{source_, place.mark.offset, place.mark.offset + 1},
                    std::move(message), {.item = name});
  }

  LintContext& context_;
  std::map<std::string, Values> known_;
  SourceId source_ = SourceId::kNone;
};

}  // namespace

void lints::overrides(LintContext& context) {
  OverrideWalk walk(context);
  for (const FileView& file : context.files()) {
    for (const YamlNode* document : file.yaml->documents()) {
      if (!document->is_sequence()) {
        continue;
      }
      for (const YamlNode* item : document->items) {
        if (item->is_map()) {
          walk.visit(*item, file.source);
        }
      }
    }
  }
}

}  // namespace saker::kit
