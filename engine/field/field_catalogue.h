// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All fields, and how a name with an argument finds its row.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/field/field_info.h"

namespace saker {

// A group of fields as --list shows them.
struct FieldClass {
  std::string_view name;         // evt, process …
  std::string_view description;  // one sentence; empty for the container plugin's
  bool is_plugin = false;        // listed as "NAME (plugin)"
  std::vector<const FieldInfo*> fields;
};

class FieldCatalogue {
public:
  // `static_fields`: configuration's static_fields; they become string fields static.KEY.
  explicit FieldCatalogue(const std::map<std::string, std::string>& static_fields = {});
  // A catalogue of changed copies of all rows, for events that are given by the values of fields.
  explicit FieldCatalogue(const std::function<void(FieldInfo&)>& change);
  ~FieldCatalogue();
  FieldCatalogue(const FieldCatalogue&) = delete;
  FieldCatalogue& operator=(const FieldCatalogue&) = delete;

  // Resolves `name` (dots included) with the bracket argument, if any. Classes are tried in Falco's
  // order; inside one, the longest field name that is a prefix of `name` and lets the rest be its
  // dot argument wins. Errors carry Falco's texts, for example "filter_check called with
  // nonexistent field X" or "filter syntax error: evt.arg".
  [[nodiscard]] Result<BoundField> bind(std::string_view name, bool has_argument,
                                        std::string_view argument) const;

  // True when the text is exactly a field's name (used for "may be a valid field misused as a const
  // string").
  [[nodiscard]] bool is_field_name(std::string_view text) const;

  // All rows, class by class, hidden ones included. Rows live for ever, but those of static fields
  // only as long as the catalogue.
  [[nodiscard]] std::span<const FieldInfo* const> all() const;
  [[nodiscard]] std::span<const FieldClass> classes() const;
  // Names that are not hidden, for hints.
  [[nodiscard]] std::vector<std::string_view> names() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
