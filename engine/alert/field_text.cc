// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/field_text.h"

#include <algorithm>

#include "engine/alert/stable_hash.h"
#include "engine/field/render.h"

namespace saker {

bool append_field_text(std::string& out, const Alert& alert, std::string_view name) {
  const OutputTemplate& output = alert.rule().output;
  const auto field = std::ranges::lower_bound(output.fields, name, {}, &OutputTemplate::Field::key);
  if (field == output.fields.end() || field->key != name) {
    return false;
  }
  const Value& value = alert.values()[field->expression];
  if (!value.has_value()) {
    return false;
  }
  const BoundExpr& expression = output.expressions[field->expression];
  const std::size_t before = out.size();
  render_value(out, value, expression.type, expression.format);
  return out.size() > before;
}

std::string rules_digest(const RuleSet& rules) {
  StableHash hash;
  for (const Rule& rule : rules.rules()) {
    hash.add_text(rule.name);
    hash.add_text(rule.source);
    hash.add_text(rule.condition_compiled);
    hash.add_text(rule.output.text);
    hash.add_number(static_cast<std::uint64_t>(rule.priority));
    hash.add_number(rule.is_enabled ? 1 : 0);
    hash.add_number(rule.tags.size());
    for (const std::string& tag : rule.tags) {
      hash.add_text(tag);
    }
  }
  return to_text(AlertId{hash.high(), hash.low()});
}

}  // namespace saker
