// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Input and output: evt.buffer, evt.buflen and its variants, evt.is_io …
#include <algorithm>

#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/param_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

// Which calls and fds a variant of evt.buflen counts.
enum class Io : std::uint8_t { kAny, kRead, kWrite };
enum class On : std::uint8_t { kAnything, kFile, kNet };

bool can_have_length(EventType type) {
  return !is_enter(type) && is_io_category(type) && has_return_value(type);
}

template <Io Direction, On Kind>
Value buffer_length(const FieldContext& context, const BoundField&) {
  const EventView& event = context.event;
  const FdInfo* fd = context.applied.fd;
  if (!can_have_length(event.type()) || fd == nullptr ||
      (Direction == Io::kRead && !event.info().has(event_flag::kReadsFromFd)) ||
      (Direction == Io::kWrite && !event.info().has(event_flag::kWritesToFd)) ||
      (Kind == On::kFile && fd->type != FdType::kFile) ||
      (Kind == On::kNet && !fd->is_ip_socket())) {
    return {};
  }
  const auto length = return_value(event);
  return length && *length >= 0 ? Value::number(static_cast<std::uint64_t>(*length)) : Value{};
}

std::int64_t data_position(EventType type) {
  const auto params = event_info(type).params;
  const auto found = std::find_if(params.begin(), params.end(),
                                  [](const ParamInfo& param) { return param.name == "data"; });
  return found == params.end() ? -1 : found - params.begin();
}

bool has_data(EventType type) {
  return data_position(type) >= 0;
}

// Compat: for a parameter without bytes (or of ptrace, whose data is a number) the reference shows
// its text and, behind it, what its memory happens to hold.
Value buffer(const FieldContext& context, const BoundField&) {
  const std::int64_t at = data_position(context.event.type());
  if (at < 0 || at >= static_cast<std::int64_t>(context.event.param_count())) {
    return {};
  }
  const auto i = static_cast<std::size_t>(at);
  const Bytes data = context.event.param(i);
  if (!data.empty() && context.event.info().params[i].type == ParamType::kBytebuf) {
    return Value::bytes(data);
  }
  return Value::bytes(as_bytes(param_value(context, i).as_text()));
}

template <std::uint16_t Flags>
Value has_flag(const FieldContext& context, const BoundField&) {
  return Value::boolean(context.event.info().has(Flags));
}

Value direction(const FieldContext& context, const BoundField&) {
  const EventInfo& info = context.event.info();
  if (info.has(event_flag::kWritesToFd)) {
    return Value::text("write");
  }
  return info.has(event_flag::kReadsFromFd) ? Value::text("read") : Value{};
}

bool writes(EventType type) {
  return event_info(type).has(event_flag::kWritesToFd);
}

Value is_syslog(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = context.applied.fd;
  return Value::boolean(writes(context.event.type()) && fd != nullptr &&
                        fd->type == FdType::kUnixSocket &&
                        fd->name.find("/dev/log") != std::string::npos);
}

constexpr std::uint16_t kReadsOrWrites = event_flag::kReadsFromFd | event_flag::kWritesToFd;

// clang-format off
constexpr auto kEventIo = in_class("evt", {
    {.name = "evt.buffer", .type = kBytebuf,
     .meaning = "Beginning of what was read or written (parameter data).", .extract = &buffer, .reads_event = &has_data},
    {.name = "evt.buflen", .type = kUint64, .format = kDec,
     .meaning = "Bytes read or written: the return value of a successful input or output call on a known fd.",
     .extract = &buffer_length<Io::kAny, On::kAnything>, .reads_event = &can_have_length},
    {.name = "evt.io_dir", .type = kCharbuf, .scope = Scope::kEventType,
     .meaning = "read or write; no value for calls that do neither.", .extract = &direction},
    {.name = "evt.is_io", .type = kBool, .scope = Scope::kEventType,
     .meaning = "Whether calls of this type read from or write to an fd.", .extract = &has_flag<kReadsOrWrites>},
    {.name = "evt.is_io_read", .type = kBool, .scope = Scope::kEventType,
     .meaning = "Whether calls of this type read from an fd.", .extract = &has_flag<event_flag::kReadsFromFd>},
    {.name = "evt.is_io_write", .type = kBool, .scope = Scope::kEventType,
     .meaning = "Whether calls of this type write to an fd.", .extract = &has_flag<event_flag::kWritesToFd>},
    {.name = "evt.is_syslog", .type = kBool,
     .meaning = "Whether the event writes to the system log's socket, /dev/log.", .extract = &is_syslog, .reads_event = &writes},
    {.name = "evt.buflen.in", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of reading calls only.", .extract = &buffer_length<Io::kRead, On::kAnything>, .reads_event = &can_have_length},
    {.name = "evt.buflen.out", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of writing calls only.", .extract = &buffer_length<Io::kWrite, On::kAnything>, .reads_event = &can_have_length},
    {.name = "evt.buflen.file", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of regular files only.", .extract = &buffer_length<Io::kAny, On::kFile>, .reads_event = &can_have_length},
    {.name = "evt.buflen.file.in", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of reads from regular files only.", .extract = &buffer_length<Io::kRead, On::kFile>, .reads_event = &can_have_length},
    {.name = "evt.buflen.file.out", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of writes to regular files only.", .extract = &buffer_length<Io::kWrite, On::kFile>, .reads_event = &can_have_length},
    {.name = "evt.buflen.net", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of IP sockets only.", .extract = &buffer_length<Io::kAny, On::kNet>, .reads_event = &can_have_length},
    {.name = "evt.buflen.net.in", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of reads from IP sockets only.", .extract = &buffer_length<Io::kRead, On::kNet>, .reads_event = &can_have_length},
    {.name = "evt.buflen.net.out", .type = kUint64, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "evt.buflen of writes to IP sockets only.", .extract = &buffer_length<Io::kWrite, On::kNet>, .reads_event = &can_have_length},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::event_io() {
  return kEventIo;
}

}  // namespace saker
