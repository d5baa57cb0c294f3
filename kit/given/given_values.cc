// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/given_values.h"

#include <algorithm>
#include <array>

#include "engine/eval/constants.h"
#include "engine/eval/value_class.h"
#include "engine/lang/parser.h"

namespace saker {

namespace {

// Fields that ask for either end of a connection, and the fields of the ends.
struct Ends {
  std::string_view field;
  std::array<std::string_view, 2> ends;
};
constexpr Ends kEnds[] = {{"fd.ip", {"fd.cip", "fd.sip"}},
                          {"fd.port", {"fd.cport", "fd.sport"}},
                          {"fd.net", {"fd.cnet", "fd.snet"}}};

// proc.aname[3] -> proc.aname
std::string_view without_index(std::string_view text) {
  return text.substr(0, text.find('['));
}

constexpr int kMaxGivenAncestors = 32;

// A parameter that events of this type do not have: the compiler knows that too, so no value can be
// given.
bool is_foreign_param(const FieldContext& context, const BoundField& field) {
  return !field.param_positions.empty() &&
         field.param_positions[index_of(context.event.type())] < 0;
}

}  // namespace

GivenValues::GivenValues(const FieldCatalogue& standard) : standard_(standard) {
  for (const FieldInfo* info : standard.all()) {
    originals_.emplace(info->name, info);
  }
}

Result<BoundField> GivenValues::bind(std::string_view field) const {
  std::size_t consumed = 0;
  const auto expr = parse_output_expression(field, SourceId::kNone, consumed);
  if (!expr || consumed != field.size() || expr->as_field() == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "'" + std::string(field) + "' is not a field");
  }
  const FieldExpr& parsed = *expr->as_field();
  auto bound = standard_.bind(parsed.name, parsed.has_argument, parsed.argument);
  if (!bound) {
    return fail(ErrorCode::kInvalidArgument, "there is no field '" + std::string(field) + "'");
  }
  return bound;
}

Result<Value> GivenValues::convert(const BoundField& field, std::string_view text) {
  const ValueClass kind = value_class(field.type);
  if (kind == ValueClass::kText || kind == ValueClass::kBytes || kind == ValueClass::kOther) {
    const std::string& kept = storage_.emplace_back(text);
    return kind == ValueClass::kBytes ? Value::bytes(as_bytes(kept)) : Value::text(kept);
  }
  const ParamType type = kind == ValueClass::kNet ? ParamType::kIpaddr : field.type;
  const auto constants = make_constants(type, CompareOp::kEq, std::span(&text, 1), false);
  if (!constants) {
    return fail(ErrorCode::kInvalidArgument,
                "'" + std::string(text) + "' is no value of " + field.text);
  }
  if (!constants->addresses.empty()) {
    const IpConstant& address = constants->addresses.front();
    const std::string& bytes = storage_.emplace_back(
        reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size());
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return address.is_ipv6 ? Value::ipv6(data)
                           : Value::ipv4(load_le<std::uint32_t>(as_bytes(bytes), 0));
  }
  if (constants->numbers.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "'" + std::string(text) + "' is no value of " + field.text);
  }
  const std::uint64_t number = constants->numbers.front();
  switch (kind) {
    case ValueClass::kBool:
      return Value::boolean(number != 0);
    case ValueClass::kDouble:
      return Value::real(std::stod(std::string(text)));
    case ValueClass::kSigned:
      return Value::integer(static_cast<std::int64_t>(number));
    default:
      return Value::number(number);
  }
}

Status GivenValues::set(std::string_view field, const std::vector<std::string>& texts) {
  SAKER_ASSIGN_OR_RETURN(const BoundField bound, bind(field));
  const bool takes_many = bound.is_list() || bound.quantifier != Quantifier::kNone;
  if (texts.size() != 1 && !takes_many) {
    return fail(ErrorCode::kInvalidArgument, bound.text + " has one value");
  }
  Row row;
  for (const std::string& text : texts) {
    SAKER_ASSIGN_OR_RETURN(const Value value, convert(bound, text));
    row.values.push_back(value);
  }
  rows_[bound.text] = std::move(row);
  texts_[bound.text] = texts.empty() ? "" : texts.front();
  return {};
}

Status GivenValues::set_missing(std::string_view field) {
  SAKER_ASSIGN_OR_RETURN(const BoundField bound, bind(field));
  rows_[bound.text] = Row{.is_missing = true, .values = {}};
  texts_.erase(bound.text);
  return {};
}

bool GivenValues::has(std::string_view field) const {
  return rows_.find(field) != rows_.end();
}

std::string_view GivenValues::text(std::string_view field) const {
  const auto found = texts_.find(field);
  return found == texts_.end() ? std::string_view() : std::string_view(found->second);
}

const GivenValues::Row* GivenValues::find(const BoundField& field) const {
  const auto found = rows_.find(field.text);
  return found == rows_.end() ? nullptr : &found->second;
}

std::vector<Value> GivenValues::parts_of(const FieldContext&, const BoundField& field) const {
  std::vector<Value> parts;
  const auto add = [&](std::string_view text) {
    if (const auto found = rows_.find(text); found != rows_.end()) {
      parts.insert(parts.end(), found->second.values.begin(), found->second.values.end());
    }
  };
  const auto* ends = std::ranges::find(kEnds, std::string_view(field.text), &Ends::field);
  if (ends != std::end(kEnds)) {
    std::ranges::for_each(ends->ends, add);
  }
  if (field.quantifier == Quantifier::kAncestors) {
    for (int i = 1; i < kMaxGivenAncestors; ++i) {
      add(field.text + "[" + std::to_string(i) + "]");
    }
  }
  return parts;
}

Value GivenValues::value_of(const FieldContext& context, const BoundField& field) const {
  if (is_foreign_param(context, field)) {
    return {};
  }
  if (const Row* row = find(field); row != nullptr) {
    if (row->is_missing || row->values.empty()) {
      return {};
    }
    return field.is_list() ? Value::list(row->values) : row->values.front();
  }
  // proc.aname[2] of a given list of all ancestors.
  if (field.has_index && field.index > 0) {
    const auto all = rows_.find(without_index(field.text));
    if (all != rows_.end()) {
      const auto i = static_cast<std::size_t>(field.index - 1);
      return i < all->second.values.size() ? all->second.values[i] : Value();
    }
  }
  const auto original = originals_.find(field.info->name);
  return original == originals_.end() ? Value() : original->second->extract(context, field);
}

Value GivenValues::candidates_of(const FieldContext& context, const BoundField& field) const {
  const Row* row = find(field);
  const std::vector<Value> given = row != nullptr ? row->values : parts_of(context, field);
  if (row == nullptr && given.empty()) {
    const auto original = originals_.find(field.info->name);
    if (original == originals_.end()) {
      return {};
    }
    const FieldInfo& info = *original->second;
    return info.candidates != nullptr ? info.candidates(context, field)
                                      : info.extract(context, field);
  }
  if (field.quantifier != Quantifier::kAncestors && field.quantifier != Quantifier::kEitherEnd) {
    return given.empty() ? Value() : given.front();
  }
  if (row != nullptr && row->is_missing) {
    return {};
  }
  const std::span<Value> copy = context.arena.array<Value>(given.size());
  std::ranges::copy(given, copy.begin());
  return Value::list(copy);
}

}  // namespace saker
