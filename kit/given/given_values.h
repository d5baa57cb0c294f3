// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Values of fields that somebody wrote down, in place of those that an event would have: what tests
// of rules and the witnesses of lints are made of. Texts are read with the type of their field,
// exactly as constants of conditions are.
//
//   GivenValues given(fields);
//   given.set("proc.name", "bash");
//   given.set("fd.sport", "443");
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/field/field_catalogue.h"

namespace saker {

class GivenValues {
public:
  // `standard`: the usual catalogue, whose extractors answer for what is not given.
  explicit GivenValues(const FieldCatalogue& standard);

  // Gives a field a value, several for a list or for all ancestors (proc.aname). Fails on an
  // unknown field or a text that is no value of its type.
  Status set(std::string_view field, const std::vector<std::string>& texts);
  Status set(std::string_view field, std::string_view text) {
    return set(field, std::vector<std::string>{std::string(text)});
  }
  // Says that the field has no value.
  Status set_missing(std::string_view field);

  [[nodiscard]] bool has(std::string_view field) const;
  // The text that was given; empty when there is none.
  [[nodiscard]] std::string_view text(std::string_view field) const;
  // Every field with its first text.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& texts() const {
    return texts_;
  }

  // Value for outputs, and for conditions (candidates of quantified fields). Borrowed from this
  // object or from the context.
  [[nodiscard]] Value value_of(const FieldContext& context, const BoundField& field) const;
  [[nodiscard]] Value candidates_of(const FieldContext& context, const BoundField& field) const;

private:
  struct Row {
    bool is_missing = false;
    std::vector<Value> values;
  };

  Result<BoundField> bind(std::string_view field) const;
  Result<Value> convert(const BoundField& field, std::string_view text);
  [[nodiscard]] const Row* find(const BoundField& field) const;
  // Given values of proc.aname[1], proc.aname[2] … or of the two ends of fd.ip.
  [[nodiscard]] std::vector<Value> parts_of(const FieldContext& context,
                                            const BoundField& field) const;

  const FieldCatalogue& standard_;
  std::map<std::string, const FieldInfo*, std::less<>> originals_;
  std::map<std::string, Row, std::less<>> rows_;
  std::map<std::string, std::string, std::less<>> texts_;
  std::deque<std::string> storage_;
};

}  // namespace saker
