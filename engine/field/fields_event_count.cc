// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// evt.count and its variants: 1 where an event counts, 0 or nothing where it does not.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using enum EventType;
using Scope = FieldScope;

Value count_if_failed(const FieldContext& context) {
  const auto result = return_value(context.event);
  return result ? Value::number(*result < 0 ? 1 : 0) : Value{};
}

// What a failed or successful call worked on.
enum class Subject : std::uint8_t { kFile, kNet, kMemory, kOther };

// Calls that make their fd, so that a failed one has none to look at.
Subject subject_without_fd(EventType type) {
  switch (type) {
    case kSyscallOpenX:
    case kSyscallOpenatV2X:
    case kSyscallOpenat2X:
    case kSyscallCreatX:
    case kSyscallOpenByHandleAtX:
      return Subject::kFile;
    case kSocketAcceptV5X:
    case kSocketAccept4V6X:
    case kSocketConnectX:
      return Subject::kNet;
    default:
      return event_info(type).category == EventCategory::kMemory ? Subject::kMemory
                                                                 : Subject::kOther;
  }
}

Subject subject_of(const FieldContext& context) {
  const FdInfo* fd = context.applied.fd;
  if (fd == nullptr) {
    return subject_without_fd(context.event.type());
  }
  if (fd->type == FdType::kFile || fd->type == FdType::kDirectory) {
    return Subject::kFile;
  }
  if (fd->is_ip_socket() || fd->type == FdType::kUnixSocket) {
    return Subject::kNet;
  }
  return Subject::kOther;
}

Value count_error(const FieldContext& context, const BoundField&) {
  return count_if_failed(context);
}

template <Subject S>
Value count_error_of(const FieldContext& context, const BoundField&) {
  return subject_of(context) == S ? count_if_failed(context) : Value{};
}

Value count_memory_error(const FieldContext& context, const BoundField&) {
  return context.event.info().category == EventCategory::kMemory ? count_if_failed(context)
                                                                 : Value{};
}

Value count_exit(const FieldContext& context, const BoundField&) {
  return is_enter(context.event.type()) ? Value{} : Value::number(1);
}

bool is_procinfo(EventType type) {
  return type == kProcinfoE;
}

Value count_procinfo(const FieldContext& context, const BoundField&) {
  const Thread* thread = context.applied.thread;
  return is_procinfo(context.event.type()) && thread != nullptr && thread->is_main()
             ? Value::number(1)
             : Value{};
}

Value count_threadinfo(const FieldContext& context, const BoundField&) {
  return is_procinfo(context.event.type()) ? Value::number(1) : Value{};
}

// clang-format off
constexpr auto kEventCount = in_class("evt", {
    {.name = "evt.count", .type = kUint32, .format = kDec, .scope = Scope::kConstant,
     .meaning = "Always 1.", .extract = &constant_number<1>},
    {.name = "evt.count.error", .type = kUint32, .format = kDec,
     .meaning = "1 if the call failed, 0 if not; no value without a return value.", .extract = &count_error, .reads_event = &has_return_value},
    {.name = "evt.count.error.file", .type = kUint32, .format = kDec,
     .meaning = "evt.count.error of calls that work on files and directories.", .extract = &count_error_of<Subject::kFile>, .reads_event = &has_return_value},
    {.name = "evt.count.error.net", .type = kUint32, .format = kDec,
     .meaning = "evt.count.error of calls that work on sockets.", .extract = &count_error_of<Subject::kNet>, .reads_event = &has_return_value},
    {.name = "evt.count.error.memory", .type = kUint32, .format = kDec,
     .meaning = "evt.count.error of memory calls.", .extract = &count_memory_error, .reads_event = &has_return_value},
    {.name = "evt.count.error.other", .type = kUint32, .format = kDec,
     .meaning = "evt.count.error of calls that are none of these.", .extract = &count_error_of<Subject::kOther>, .reads_event = &has_return_value},
    {.name = "evt.count.exit", .type = kUint32, .format = kDec, .scope = Scope::kEventType,
     .meaning = "1 for exit events; no value for others.", .extract = &count_exit},
    {.name = "evt.count.procinfo", .type = kUint32, .format = kDec, .flags = field_flag::kHidden,
     .meaning = "1 for procinfo events of main threads.", .extract = &count_procinfo, .reads_event = &is_procinfo},
    {.name = "evt.count.threadinfo", .type = kUint32, .format = kDec, .flags = field_flag::kHidden, .scope = Scope::kEventType,
     .meaning = "1 for procinfo events.", .extract = &count_threadinfo},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::event_count() {
  return kEventCount;
}

}  // namespace saker
