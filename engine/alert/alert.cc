// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/alert.h"

#include <algorithm>
#include <deque>

#include "engine/alert/stable_hash.h"
#include "engine/alert/value_copy.h"
#include "engine/ruleset/metadata_need.h"

namespace saker {

namespace {

void hash_value(StableHash& hash, const Value& value) {
  hash.add_number(static_cast<std::uint64_t>(value.kind()));
  switch (value.kind()) {
    using enum ValueKind;
    case kNone:
      return;
    case kBool:
    case kInt:
    case kUint:
    case kDouble:
      hash.add_number(value.as_uint());
      return;
    case kIpv4:
      hash.add_number(value.as_ipv4());
      return;
    case kText:
    case kBytes:
      hash.add_text(value.as_text());
      return;
    case kIpv6: {
      const std::uint8_t* address = value.as_ipv6();
      hash.add_number(load_le<std::uint64_t>(std::as_bytes(std::span(address, 8)), 0));
      hash.add_number(load_le<std::uint64_t>(std::as_bytes(std::span(address + 8, 8)), 0));
      return;
    }
    case kList:
      hash.add_number(value.as_list().size());
      for (const Value& element : value.as_list()) {
        hash_value(hash, element);
      }
      return;
  }
}

}  // namespace

std::string to_text(AlertId id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(32, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    text[15 - i] = kDigits[(id.high >> (4 * i)) & 0xf];
    text[31 - i] = kDigits[(id.low >> (4 * i)) & 0xf];
  }
  return text;
}

Alert Alert::make(std::shared_ptr<const RuleSet> rules, RuleId id, const FieldContext& context) {
  Alert alert;
  const OutputTemplate& output = rules->rule(id).output;
  alert.values_.reserve(output.expressions.size());
  for (const BoundExpr& expression : output.expressions) {
    alert.values_.push_back(evaluate(expression, context));
  }
  alert.storage_ = copy_values(alert.values_);
  alert.rules_ = std::move(rules);
  alert.id_ = id;
  alert.ts_ns_ = context.event.ts_ns();
  alert.event_number_ = context.number;
  return alert;
}

Alert Alert::with_texts(const std::function<std::string(std::string_view)>& change) const {
  std::deque<std::string> texts;  // the new texts and lists, until they are copied
  std::deque<std::vector<Value>> lists;
  const auto changed = [&](const Value& value) {
    if (value.kind() != ValueKind::kText && value.kind() != ValueKind::kBytes) {
      return value;
    }
    const std::string& text = texts.emplace_back(change(value.as_text()));
    const Value copy = value.kind() == ValueKind::kText
                           ? Value::text(text)
                           : Value::bytes(std::as_bytes(std::span(text)));
    return copy.with_type(value.type(), value.format());
  };
  Alert alert;
  alert.values_.reserve(values_.size());
  for (const Value& value : values_) {
    if (value.kind() != ValueKind::kList) {
      alert.values_.push_back(changed(value));
      continue;
    }
    std::vector<Value>& items = lists.emplace_back();
    for (const Value& item : value.as_list()) {
      items.push_back(changed(item));
    }
    alert.values_.push_back(Value::list(items).with_type(value.type(), value.format()));
  }
  alert.storage_ = copy_values(alert.values_);
  alert.rules_ = rules_;
  alert.id_ = id_;
  alert.ts_ns_ = ts_ns_;
  alert.event_number_ = event_number_;
  alert.is_container_pending_ = is_container_pending_;
  alert.fixed_id_ = id();
  return alert;
}

Alert Alert::with_metadata(const FieldContext& context) const {
  Alert alert;
  const std::vector<BoundExpr>& expressions = rule().output.expressions;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    alert.values_.push_back(metadata_need(expressions[i]) == MetadataNeed::kOnly
                                ? evaluate(expressions[i], context)
                                : values_[i]);
  }
  alert.storage_ = copy_values(alert.values_);
  alert.rules_ = rules_;
  alert.id_ = id_;
  alert.ts_ns_ = ts_ns_;
  alert.event_number_ = event_number_;
  return alert;
}

void Alert::set_container_pending() {
  is_container_pending_ = std::ranges::any_of(rule().output.expressions, [](const BoundExpr& one) {
    return metadata_need(one) != MetadataNeed::kNone;
  });
}

AlertId Alert::id() const {
  if (fixed_id_) {
    return *fixed_id_;
  }
  StableHash hash;
  hash.add_text(rule().name);
  hash.add_number(ts_ns_);
  hash.add_number(event_number_);
  for (const Value& value : values_) {
    hash_value(hash, value);
  }
  return {hash.high(), hash.low()};
}

}  // namespace saker
