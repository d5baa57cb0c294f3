// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Fields of every event, whatever its source: number, time, source; and times of system calls.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/time_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

Value event_number(const FieldContext& context, const BoundField&) {
  return Value::number(context.number);
}

template <TimeStyle Style>
Value event_time(const FieldContext& context, const BoundField&) {
  ArenaText out(context.arena);
  append_time(out, context.event.ts_ns(), Style);
  return out.value();
}

// Which part of a number of nanoseconds a field shows.
enum class Part : std::uint8_t { kAll, kSeconds, kRemainder };

template <Part P>
Value part_of(std::uint64_t ns) {
  switch (P) {
    case Part::kSeconds:
      return Value::number(ns / kNsPerSecond);
    case Part::kRemainder:
      return Value::number(ns % kNsPerSecond);
    case Part::kAll:
      break;
  }
  return Value::number(ns);
}

template <Part P>
Value raw_time(const FieldContext& context, const BoundField&) {
  return part_of<P>(context.event.ts_ns());
}

template <Part P>
Value relative_time(const FieldContext& context, const BoundField&) {
  return part_of<P>(context.event.ts_ns() - context.first_ts_ns);
}

template <Part P>
Value delta_time(const FieldContext& context, const BoundField&) {
  const std::uint64_t previous = context.previous_ts_ns;
  return part_of<P>(previous == 0 ? 0 : context.event.ts_ns() - previous);
}

bool is_plugin_event(EventType type) {
  return type == EventType::kPlugineventE;
}

bool is_metaevent(EventType type) {
  return event_info(type).kind == EventKind::kMetaevent;
}

bool is_async_event(EventType type) {
  return type == EventType::kAsynceventE;
}

// Plugins as event sources do not exist here, so these two never have a value.
Value source(const FieldContext& context, const BoundField&) {
  return is_plugin_event(context.event.type()) ? Value{} : Value::text("syscall");
}

Value is_async(const FieldContext& context, const BoundField&) {
  return Value::boolean(is_metaevent(context.event.type()));
}

Value async_type(const FieldContext& context, const BoundField&) {
  if (!is_metaevent(context.event.type())) {
    return {};
  }
  return Value::text(is_async_event(context.event.type()) ? context.event.text(1)
                                                          : context.event.info().name);
}

Value hostname(const FieldContext& context, const BoundField&) {
  return Value::text(context.hostname);
}

// clang-format off
constexpr auto kAnyEvent = in_class("evt", {
    {.name = "evt.num", .type = kUint64, .format = kId,
     .meaning = "Running number of the event in this run or capture; the first event is 1.", .extract = &event_number},
    {.name = "evt.time", .type = kCharbuf, .flags = field_flag::kJsonEventTime,
     .meaning = "Local time of day with nanoseconds, HH:MM:SS.nnnnnnnnn.", .extract = &event_time<TimeStyle::kTime>},
    {.name = "evt.time.s", .type = kCharbuf, .flags = field_flag::kJsonEventTime,
     .meaning = "Local time of day in whole seconds, HH:MM:SS.", .extract = &event_time<TimeStyle::kTimeSeconds>},
    {.name = "evt.time.iso8601", .type = kCharbuf, .flags = field_flag::kJsonEventTime,
     .meaning = "UTC time YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000.", .extract = &event_time<TimeStyle::kIso8601>},
    {.name = "evt.datetime", .type = kCharbuf, .flags = field_flag::kJsonEventTime,
     .meaning = "Local date and time with nanoseconds.", .extract = &event_time<TimeStyle::kDateTime>},
    {.name = "evt.datetime.s", .type = kCharbuf, .flags = field_flag::kJsonEventTime,
     .meaning = "Local date and time in whole seconds.", .extract = &event_time<TimeStyle::kDateTimeSeconds>},
    {.name = "evt.rawtime", .type = kAbstime, .format = kDec,
     .meaning = "Time of the event in nanoseconds since the epoch.", .extract = &raw_time<Part::kAll>},
    {.name = "evt.rawtime.s", .type = kAbstime, .format = kDec,
     .meaning = "Whole seconds of evt.rawtime.", .extract = &raw_time<Part::kSeconds>},
    {.name = "evt.rawtime.ns", .type = kAbstime, .format = kPaddedDec,
     .meaning = "Nanoseconds of evt.rawtime within its second, printed with nine digits.", .extract = &raw_time<Part::kRemainder>},
    {.name = "evt.reltime", .type = kReltime, .format = kPaddedDec,
     .meaning = "Nanoseconds since the first event of the run or capture.", .extract = &relative_time<Part::kAll>},
    {.name = "evt.reltime.s", .type = kReltime, .format = kDec,
     .meaning = "Whole seconds of evt.reltime.", .extract = &relative_time<Part::kSeconds>},
    {.name = "evt.reltime.ns", .type = kReltime, .format = kPaddedDec,
     .meaning = "Nanoseconds of evt.reltime within its second, printed with nine digits.", .extract = &relative_time<Part::kRemainder>},
    {.name = "evt.pluginname", .type = kCharbuf, .scope = Scope::kConstant,
     .meaning = "Name of the plugin that made the event; never a value here, since no plugin is an event source.", .extract = &no_value},
    {.name = "evt.plugininfo", .type = kCharbuf, .scope = Scope::kConstant,
     .meaning = "One line about the event written by its plugin; never a value here.", .extract = &no_value},
    {.name = "evt.source", .type = kCharbuf, .scope = Scope::kEventType,
     .meaning = "Name of the event source: syscall.", .extract = &source},
    {.name = "evt.is_async", .type = kBool, .scope = Scope::kEventType,
     .meaning = "Whether the event tells of the sensor rather than of the system: asynchronous events and other meta-events.", .extract = &is_async},
    {.name = "evt.asynctype", .type = kCharbuf,
     .meaning = "Name inside an asynchronous event, for example container; of other meta-events the event's name.", .extract = &async_type, .reads_event = &is_async_event},
    {.name = "evt.hostname", .type = kCharbuf, .scope = Scope::kConstant,
     .meaning = "Name of the machine, or what FALCO_HOSTNAME says; empty in replay.", .extract = &hostname},
});

constexpr auto kEventTimes = in_class("evt", {
    {.name = "evt.deltatime", .type = kReltime, .format = kDec, .flags = field_flag::kJsonZero,
     .meaning = "Nanoseconds since the event that rules saw before; 0 for the first and, as in the reference, in JSON outputs.", .extract = &delta_time<Part::kAll>},
    {.name = "evt.deltatime.s", .type = kReltime, .format = kDec, .flags = field_flag::kJsonZero,
     .meaning = "Whole seconds of evt.deltatime.", .extract = &delta_time<Part::kSeconds>},
    {.name = "evt.deltatime.ns", .type = kReltime, .format = kPaddedDec, .flags = field_flag::kJsonZero,
     .meaning = "Nanoseconds of evt.deltatime within its second.", .extract = &delta_time<Part::kRemainder>},
    {.name = "evt.outputtime", .type = kCharbuf, .flags = field_flag::kPrintOnly | field_flag::kHidden,
     .meaning = "Time as the output's time format shows it: local time of day with nanoseconds.", .extract = &event_time<TimeStyle::kTime>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::any_event() {
  return kAnyEvent;
}

field_rows::Rows field_rows::event_times() {
  return kEventTimes;
}

}  // namespace saker
