// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Parameters of events: evt.args, evt.arg.NAME, evt.arg[N], evt.rawarg.NAME.
#include <algorithm>

#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/number_text.h"
#include "engine/field/param_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;

Value all_params(const FieldContext& context, const BoundField&) {
  const EventView& event = context.event;
  if (event.type() == EventType::kGenericX || event.type() == EventType::kGenericE) {
    return Value::text("");
  }
  ArenaText out(context.arena, 480);
  for (std::size_t i = 0; i < event.param_count(); ++i) {
    out.append(i == 0 ? "" : " ");
    out.append(event.info().params[i].name);
    out.append('=');
    append_raw_param(out, context, i);
    ArenaText resolved(context.arena, 64);
    append_resolved_param(resolved, context, i);
    if (!resolved.empty()) {
      out.append('(');
      out.append(resolved.view());
      out.append(')');
    }
  }
  return out.value();
}

// Position of the parameter that the field asks for; -1 when the event has none.
std::int64_t position_of(const FieldContext& context, const BoundField& field) {
  const std::int64_t i =
      field.has_index ? field.index : field.param_positions[index_of(context.event.type())];
  return i < static_cast<std::int64_t>(context.event.param_count()) ? i : -1;
}

Value one_param(const FieldContext& context, const BoundField& field) {
  const std::int64_t i = position_of(context, field);
  return i < 0 ? Value{} : param_value(context, static_cast<std::size_t>(i));
}

Value raw_param(const FieldContext& context, const BoundField& field) {
  const std::int64_t i = position_of(context, field);
  return i < 0 ? Value{} : raw_param_value(context, static_cast<std::size_t>(i));
}

// Finds the longest parameter name that `text` begins with, looks up its position in every event
// type, and returns the first parameter of that name.
const ParamInfo* bind_name(BoundField& field, std::string_view text) {
  const ParamInfo* best = nullptr;
  for (const EventInfo& event : all_events()) {
    for (const ParamInfo& param : event.params) {
      if (text.starts_with(param.name) &&
          (best == nullptr || param.name.size() > best->name.size())) {
        best = &param;
      }
    }
  }
  if (best == nullptr) {
    return nullptr;
  }
  field.key = best->name;
  field.param_positions.assign(kEventTypeCount, -1);
  for (const EventInfo& event : all_events()) {
    const auto found = std::find_if(event.params.begin(), event.params.end(),
                                    [&](const ParamInfo& p) { return p.name == best->name; });
    if (found != event.params.end()) {
      field.param_positions[index_of(event.type)] =
          static_cast<std::int8_t>(found - event.params.begin());
    }
  }
  return best;
}

Status bind_param_name(BoundField& field, std::string_view argument, const ParamInfo** info) {
  *info = bind_name(field, argument);
  if (*info == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "unknown event argument " + std::string(argument));
  }
  if ((*info)->name != argument) {
    return fail(ErrorCode::kNotFound, "");
  }
  return {};
}

Status bind_param(BoundField& field, std::string_view argument, bool is_dot) {
  if (is_dot) {
    const ParamInfo* info = nullptr;
    return bind_param_name(field, argument, &info);
  }
  const auto number = parse_unsigned(argument);
  if (!number) {
    return fail(ErrorCode::kInvalidArgument, std::string(argument) + " is not a valid number");
  }
  field.has_index = true;
  field.index = static_cast<std::int64_t>(std::min<std::uint64_t>(*number, kMaxParams));
  return {};
}

// While a condition is compiled, the type is that of the first parameter with the name in the
// event table; an event's value says its own.
Status bind_raw_param(BoundField& field, std::string_view argument, bool is_dot) {
  if (!is_dot) {
    return fail(ErrorCode::kInvalidArgument, "evt.arg fields must be expressed explicitly");
  }
  const ParamInfo* info = nullptr;
  SAKER_RETURN_IF_ERROR(bind_param_name(field, argument, &info));
  field.type = info->type;
  field.format = info->format;
  return {};
}

// clang-format off
constexpr auto kEventParams = in_class("evt", {
    {.name = "evt.args", .type = kCharbuf,
     .meaning = "All parameters as name=value, joined by blanks; what a value means stands in parentheses behind it.", .extract = &all_params},
    {.name = "evt.arg", .type = kCharbuf, .argument = ArgumentRule::kRequired,
     .flags = field_flag::kIndexArgument | field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kBracketArgument | field_flag::kOwnsPrefix,
     .meaning = "One parameter as text, by name (evt.arg.flags) or position (evt.arg[0]): what the value means if known, such as names of flags or an absolute path, else the value.",
     .extract = &one_param, .bind_argument = &bind_param},
    {.name = "evt.rawarg", .type = kDyn, .argument = ArgumentRule::kRequired,
     .flags = field_flag::kNoTransformer | field_flag::kNoRightSide | field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kBracketArgument | field_flag::kOwnsPrefix,
     .meaning = "One parameter by name with its own type: numbers stay numbers.", .extract = &raw_param, .bind_argument = &bind_raw_param},
    {.name = "evt.info", .type = kCharbuf,
     .meaning = "Another name of evt.args.", .extract = &all_params},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::event_params() {
  return kEventParams;
}

}  // namespace saker
