// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What happened and how it ended: evt.type, evt.category, evt.res …
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/number_text.h"
#include "engine/field/param_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

bool is_generic(EventType type) {
  return type == EventType::kGenericE || type == EventType::kGenericX;
}

// Events whose name is inside them.
bool is_named_inside(EventType type) {
  return is_generic(type) || type == EventType::kAsynceventE;
}

std::string_view generic_name(const EventView& event) {
  const SyscallInfo* info = syscall_by_code(event.get<std::uint16_t>(0));
  return info == nullptr ? std::string_view("<unknown>") : info->name;
}

Value event_type(const FieldContext& context, const BoundField&) {
  const EventView& event = context.event;
  if (is_generic(event.type())) {
    return Value::text(generic_name(event));
  }
  return Value::text(event.type() == EventType::kAsynceventE ? event.text(1) : event.info().name);
}

Value syscall_type(const FieldContext& context, const BoundField&) {
  const EventView& event = context.event;
  if (is_generic(event.type())) {
    return Value::text(generic_name(event));
  }
  return event.info().kind == EventKind::kSyscall ? Value::text(event.info().name) : Value{};
}

// evt.type.is.NAME: types are numbered in pairs, so a name stands for its first type and the next.
Value is_type(const FieldContext& context, const BoundField& field) {
  const auto type = static_cast<std::int64_t>(index_of(context.event.type()));
  const bool is_pair = field.key.empty();
  return Value::number(type == field.index || (is_pair && type == field.index + 1) ? 1 : 0);
}

Status bind_is_type(BoundField& field, std::string_view argument, bool is_dot) {
  if (!is_dot) {
    return fail(ErrorCode::kInvalidArgument, "filter syntax error: " + field.text);
  }
  if (const auto number = parse_unsigned(argument)) {
    field.index = static_cast<std::int64_t>(*number);
    field.key = argument;
    return {};
  }
  for (const EventInfo& info : all_events()) {
    if (info.name == argument) {
      field.index = static_cast<std::int64_t>(index_of(info.type));
      field.key.clear();
      return {};
    }
  }
  return fail(ErrorCode::kNotFound, "");
}

Value direction(const FieldContext& context, const BoundField&) {
  return Value::text(is_enter(context.event.type()) ? ">" : "<");
}

// What input and output is about depends on the fd.
std::string_view category_of(const FdInfo* fd) {
  using enum FdType;
  switch (fd == nullptr ? FdType::kUnknown : fd->type) {
    case FdType::kFile:
    case FdType::kDirectory:
      return "file";
    case kIpv4Socket:
    case kIpv4Server:
    case kIpv6Socket:
    case kIpv6Server:
      return "net";
    case kFifo:
    case kUnixSocket:
    case FdType::kEvent:
    case kSignal:
    case kInotify:
    case kUserfaultfd:
      return "ipc";
    default:
      return "unknown";
  }
}

Value category(const FieldContext& context, const BoundField&) {
  return Value::text(is_io_category(context.event.type()) ? category_of(context.applied.fd)
                                                          : to_text(context.event.info().category));
}

Value cpu(const FieldContext& context, const BoundField&) {
  return Value::integer(static_cast<std::int16_t>(context.cpu));
}

Value result_name(const FieldContext& context, const BoundField&) {
  const auto result = return_value(context.event);
  if (!result) {
    return {};
  }
  // Of a failed call what evt.arg[0] shows: mostly the errno's name.
  return *result < 0 ? param_value(context, 0) : Value::text("SUCCESS");
}

Value raw_result(const FieldContext& context, const BoundField&) {
  const auto result = return_value(context.event);
  return result ? Value::integer(*result) : Value{};
}

Value has_failed(const FieldContext& context, const BoundField&) {
  const auto result = return_value(context.event);
  return result ? Value::boolean(*result < 0) : Value{};
}

Value is_waiting(const FieldContext& context, const BoundField&) {
  return Value::boolean(context.event.info().has(event_flag::kWaits));
}

// evt.around[T] = D: whether the event is at most D milliseconds before or after T. Yields the
// distance, rounded up.
Value distance_ms(const FieldContext& context, const BoundField& field) {
  const auto ts = static_cast<std::int64_t>(context.event.ts_ns());
  const std::int64_t distance = ts < field.index ? field.index - ts : ts - field.index;
  constexpr std::int64_t kNsPerMs = 1'000'000;
  return Value::number(static_cast<std::uint64_t>((distance + kNsPerMs - 1) / kNsPerMs));
}

Status bind_around(BoundField& field, std::string_view argument, bool is_dot) {
  if (is_dot) {
    return fail(ErrorCode::kInvalidArgument, "filter syntax error: " + field.text);
  }
  const auto number = parse_unsigned(argument);
  if (!number) {
    return fail(ErrorCode::kInvalidArgument, std::string(argument) + " is not a valid number");
  }
  field.has_index = true;
  field.index = static_cast<std::int64_t>(*number);
  return {};
}

bool is_infrastructure(EventType type) {
  return type == EventType::kInfrastructureEventE;
}

Value infrastructure_name(const FieldContext& context, const BoundField&) {
  return is_infrastructure(context.event.type()) ? Value::text(context.event.text(1)) : Value{};
}

// clang-format off
constexpr auto kEvent = in_class("evt", {
    {.name = "evt.type", .type = kCharbuf, .scope = Scope::kEvent,
     .meaning = "Name of the event, for example openat. Of system calls without an event of their own, the call's name; of asynchronous events the name inside.",
     .extract = &event_type, .reads_event = &is_named_inside},
    {.name = "evt.type.is", .type = kUint32, .argument = ArgumentRule::kRequired,
     .flags = field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kOwnsPrefix, .scope = Scope::kEventType,
     .meaning = "1 if the event has the type that the argument names or numbers, else 0.", .extract = &is_type, .bind_argument = &bind_is_type},
    {.name = "syscall.type", .type = kCharbuf, .scope = Scope::kEvent,
     .meaning = "Name of the system call; no value for events that are none.", .extract = &syscall_type, .reads_event = &is_generic},
    {.name = "evt.category", .type = kCharbuf,
     .meaning = "What the event is about: file, net, IPC, memory, process, signal, user, time, other … Input and output: file, net, ipc or unknown, as the fd is.",
     .extract = &category, .reads_event = &is_io_category},
    {.name = "evt.dir", .type = kCharbuf, .format = kDir, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kEventType,
     .meaning = "< for exit events, > for the others.", .extract = &direction},
    {.name = "evt.cpu", .type = kInt16, .format = kId,
     .meaning = "Number of the CPU on which the event happened.", .extract = &cpu},
    {.name = "evt.res", .type = kCharbuf, .format = kDec,
     .meaning = "SUCCESS, or the errno's name if the call failed, for example ENOENT.", .extract = &result_name, .reads_event = &has_return_value},
    {.name = "evt.rawres", .type = kInt64, .format = kDec,
     .meaning = "Return value as a number; negative: an errno.", .extract = &raw_result, .reads_event = &has_return_value},
    {.name = "evt.failed", .type = kBool,
     .meaning = "Whether the return value is negative; no value for events without one.", .extract = &has_failed, .reads_event = &has_return_value},
    {.name = "evt.is_wait", .type = kBool, .scope = Scope::kEventType,
     .meaning = "Whether calls of this type wait for something, for example poll.", .extract = &is_waiting},
    {.name = "evt.around", .type = kUint64, .format = kDec, .argument = ArgumentRule::kRequired,
     .flags = field_flag::kFilterOnly | field_flag::kNoTransformer | field_flag::kNoRightSide | field_flag::kIndexArgument | field_flag::kBracketArgument | field_flag::kOwnsPrefix,
     .quantifier = Quantifier::kDistance,
     .meaning = "evt.around[T] = D holds within D milliseconds before or after T, which is in nanoseconds since the epoch.",
     .extract = &distance_ms, .bind_argument = &bind_around},
    {.name = "evt.latency", .type = kReltime, .format = kDec, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0; kept so that old rules load.", .extract = &constant_number<0>},
    {.name = "evt.latency.s", .type = kReltime, .format = kDec, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0; kept so that old rules load.", .extract = &constant_number<0>},
    {.name = "evt.latency.ns", .type = kReltime, .format = kPaddedDec, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0; kept so that old rules load.", .extract = &constant_number<0>},
    {.name = "evt.latency.quantized", .type = kUint64, .format = kDec, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0; kept so that old rules load.", .extract = &constant_number<0>},
    {.name = "evt.latency.human", .type = kCharbuf, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0ns; kept so that old rules load.",
     .extract = [](const FieldContext&, const BoundField&) { return Value::text("0ns"); }},
    {.name = "evt.wait_latency", .type = kReltime, .format = kDec, .flags = field_flag::kDeprecated | field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Always 0; kept so that old rules load.", .extract = &constant_number<0>},
    {.name = "evt.infra.docker.name", .type = kCharbuf, .flags = field_flag::kHidden,
     .meaning = "Of an infrastructure event: its name.", .extract = &infrastructure_name, .reads_event = &is_infrastructure},
    {.name = "evt.infra.docker.container.id", .type = kCharbuf, .flags = field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "evt.infra.docker.container.name", .type = kCharbuf, .flags = field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "evt.infra.docker.container.image", .type = kCharbuf, .flags = field_flag::kHidden, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::event() {
  return kEvent;
}

}  // namespace saker
