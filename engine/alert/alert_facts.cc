// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/alert_facts.h"

#include <algorithm>

#include "engine/alert/json_text.h"
#include "engine/alert/render_text.h"
#include "engine/alert/time_text.h"
#include "engine/field/render.h"

namespace saker {

namespace {

std::string element_text(const Value& value, const BoundExpr& expression,
                         const RenderOptions& options) {
  std::string text;
  render_value(text, value, expression.type, expression.format, options.buffer_as_base64);
  return text;
}

AlertFact::Value fact_value(const Value& value, const BoundExpr& expression,
                            const RenderOptions& options) {
  const bool has_own_type = value.type() != ParamType::kNone;
  const bool is_number = is_json_number(has_own_type ? value.type() : expression.type,
                                        has_own_type ? value.format() : expression.format);
  switch (value.kind()) {
    using enum ValueKind;
    case kBool:
      return value.as_bool();
    case kDouble:
      return value.as_double();
    case kInt:
      if (is_number) {
        return value.as_int();
      }
      break;
    case kUint:
      if (is_number) {
        return value.as_uint();
      }
      break;
    case kList: {
      std::vector<std::string> items;
      for (const Value& item : value.as_list()) {
        items.push_back(element_text(item, expression, options));
      }
      return items;
    }
    case kNone:
    case kText:
    case kBytes:
    case kIpv4:
    case kIpv6:
      break;
  }
  return element_text(value, expression, options);
}

std::string iso_text(std::uint64_t ts_ns) {
  std::string text;
  append_iso_time(text, ts_ns, "Z");
  return text;
}

void add_field(AlertFacts& facts, const Alert& alert, const OutputTemplate::Field& field,
               const RenderOptions& options) {
  const BoundExpr& expression = alert.rule().output.expressions[field.expression];
  const Value& value = alert.values()[field.expression];
  if (expression.is_plain_field() && expression.field.info->has(field_flag::kJsonEventTime)) {
    facts.fields.push_back({field.key, iso_text(alert.ts_ns())});
  } else if (value.has_value()) {
    facts.fields.push_back({field.key, fact_value(value, expression, options)});
  }
}

}  // namespace

const AlertFact* AlertFacts::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(fields, name, {}, &AlertFact::name);
  return found != fields.end() && found->name == name ? &*found : nullptr;
}

AlertFacts facts_of(const Alert& alert, const RenderOptions& options) {
  const Rule& rule = alert.rule();
  AlertFacts facts{.id = to_text(alert.id()),
                   .ts_ns = alert.ts_ns(),
                   .priority = rule.priority,
                   .rule = rule.name,
                   .source = rule.source,
                   .hostname = options.hostname,
                   .tags = rule.tags};
  render_message(facts.message, alert, options);
  for (const OutputTemplate::Field& field : rule.output.fields) {
    add_field(facts, alert, field, options);
  }
  for (const OutputTemplate::ExtraField& extra : rule.output.extra_fields) {
    std::string text;
    render_pieces(text, alert, extra.pieces, options);
    facts.fields.push_back({extra.key, std::move(text)});
  }
  if (alert.is_container_pending()) {
    facts.fields.push_back({std::string(kPendingKey), true});
  }
  // Of two with one name the first stays, as in Falco's JSON.
  std::ranges::stable_sort(facts.fields, {}, &AlertFact::name);
  // std::unique: clang 14 does not read std::ranges::unique of libstdc++ 12.
  const auto rest =
      std::unique(facts.fields.begin(), facts.fields.end(),
                  [](const AlertFact& a, const AlertFact& b) { return a.name == b.name; });
  facts.fields.erase(rest, facts.fields.end());
  return facts;
}

AlertFacts facts_of(const Notice& notice, const RenderOptions& options) {
  AlertFacts facts{.id = to_text(notice.id()),
                   .ts_ns = notice.ts_ns,
                   .priority = notice.priority,
                   .rule = notice.rule,
                   .source = "internal",
                   .message = notice.message,
                   .hostname = options.hostname};
  for (const auto& [name, value] : notice.fields) {
    std::visit(
        [&facts, &key = name](const auto& own) {
          facts.fields.push_back({key, own});
        },
        value);
  }
  return facts;
}

std::string text_of(const AlertFact& fact) {
  struct Writer {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const {
      std::string text;
      append_json_number(text, number);
      return text;
    }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>& items) const {
      std::string text;
      for (const std::string& item : items) {
        text += text.empty() ? "" : ",";
        text += item;
      }
      return text;
    }
  };
  return std::visit(Writer{}, fact.value);
}

}  // namespace saker
