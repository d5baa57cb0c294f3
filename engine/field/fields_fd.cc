// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The fd that an event works on: fd.name, fd.type, fd.directory … They have a value only for events
// that make, use or close an fd.
#include "engine/field/extract_support.h"
#include "engine/field/fd_name.h"
#include "engine/field/field_rows.h"
#include "engine/field/number_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

bool has_fd_fields(const FieldContext& context) {
  return context.applied.thread != nullptr && works_on_fd(context.event.type());
}

const FdInfo* record(const FieldContext& context) {
  return has_fd_fields(context) ? context.applied.fd : nullptr;
}

// Extractor: what `Function(context, fd)` returns; none without a record.
template <auto Function>
Value with_record(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  return fd == nullptr ? Value{} : Function(context, *fd);
}

template <auto Member>
Value member(const FieldContext&, const FdInfo& fd) {
  return to_value(fd.*Member);
}

Value number(const FieldContext& context, const BoundField&) {
  return has_fd_fields(context) ? Value::integer(context.applied.fd_number) : Value{};
}

Value name(const FieldContext& context, const BoundField&) {
  return has_fd_fields(context) ? fd_name(context) : Value{};
}

Value raw_name(const FieldContext& context, const BoundField&) {
  if (!has_fd_fields(context)) {
    return {};
  }
  const FdInfo* fd = context.applied.fd;
  return fd != nullptr ? to_value(fd->name_raw) : name_from_event(context, PathForm::kRaw);
}

Value type(const FieldContext&, const FdInfo& fd) {
  return Value::text(type_name(fd.type));
}

Value letter(const FieldContext& context, const BoundField&) {
  if (!has_fd_fields(context)) {
    return {};
  }
  const FdInfo* fd = context.applied.fd;
  const std::span<char> text = context.arena.array<char>(1);
  text[0] = fd != nullptr ? type_char(fd->type) : letter_from_event(context);
  return Value::text({text.data(), 1});
}

Value directory(const FieldContext& context, const BoundField&) {
  return has_fd_fields(context) ? fd_directory(context) : Value{};
}

Value file_name(const FieldContext&, const FdInfo& fd) {
  if (fd.type != FdType::kFile) {
    return {};
  }
  const std::string_view path = fd.name;
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return Value::text("/");
  }
  return Value::text(slash + 1 == path.size() ? path : path.substr(slash + 1));
}

// "ID:text"; the id is empty on the host.
Value with_container(const FieldContext& context, const Value& text) {
  if (!text.has_value()) {
    return {};
  }
  ArenaText out(context.arena, text.as_text().size() + 16);
  constexpr std::size_t kShortIdBytes = 12;
  out.append(container_of(context.applied.thread).substr(0, kShortIdBytes));
  out.append(':');
  out.append(text.as_text());
  return out.value();
}

Value container_name(const FieldContext& context, const BoundField& field) {
  return with_container(context, name(context, field));
}

Value container_directory(const FieldContext& context, const BoundField& field) {
  return with_container(context, directory(context, field));
}

Value unique_number(const FieldContext& context, const BoundField&) {
  if (!has_fd_fields(context)) {
    return {};
  }
  ArenaText out(context.arena, 40);
  out.append_number(context.applied.thread->tid);
  out.append_number(context.applied.fd_number);
  return out.value();
}

Value name_changed(const FieldContext& context, const FdInfo&) {
  return Value::boolean(context.applied.is_fd_name_changed);
}

// The event holds devices as major << 8 | minor in the kernel's user encoding.
// Source: Linux include/linux/kdev_t.h, new_encode_dev.
Value device(const FieldContext&, const FdInfo& fd) {
  return Value::integer(static_cast<std::int32_t>(fd.device));
}

Value device_major(const FieldContext&, const FdInfo& fd) {
  return Value::integer((fd.device & 0xfff00) >> 8);
}

Value device_minor(const FieldContext&, const FdInfo& fd) {
  return Value::integer((fd.device & 0xff) | ((fd.device >> 12) & 0xfff00));
}

Value inode(const FieldContext&, const FdInfo& fd) {
  return Value::integer(static_cast<std::int64_t>(fd.inode));
}

// Each kind once, in the order of their first fds.
Value kinds(const FieldContext& context, const BoundField& field) {
  if (!has_fd_fields(context)) {
    return {};
  }
  const FdTable* fds = context.state.fds(*context.applied.thread);
  if (fds == nullptr) {
    return {};
  }
  if (field.has_index) {
    const FdInfo* info = fds->find(field.index);
    if (info == nullptr) {
      return {};
    }
    const std::span<Value> one = context.arena.array<Value>(1);
    one[0] = Value::text(type_name(info->type));
    return Value::list(one);
  }
  constexpr std::size_t kKinds = static_cast<std::size_t>(FdType::kPidfd) + 1;
  const std::span<Value> values = context.arena.array<Value>(kKinds);
  std::size_t count = 0;
  fds->for_each([&](std::int64_t, const FdInfo& info) {
    const std::string_view kind = type_name(info.type);
    for (std::size_t i = 0; i < count; ++i) {
      if (values[i].as_text() == kind) {
        return;
      }
    }
    values[count++] = Value::text(kind);
  });
  return count == 0 ? Value{} : Value::list(values.first(count));
}

// clang-format off
constexpr auto kFdRows = in_class("fd", {
    {.name = "fd.num", .type = kInt64, .format = kId,
     .meaning = "Number of the fd; negative when the call failed or takes the current directory instead.", .extract = &number, .reads_event = &works_on_fd},
    {.name = "fd.type", .type = kCharbuf, .format = kDec, .scope = Scope::kFd,
     .meaning = "Kind of the fd: file, directory, ipv4, ipv6, unix, pipe, event, signalfd, eventpoll, inotify, timerfd, netlink, bpf, userfaultfd, io_uring, memfd, pidfd.", .extract = &with_record<&type>, .reads_event = &works_on_fd},
    {.name = "fd.typechar", .type = kCharbuf, .format = kDec, .scope = Scope::kFd,
     .meaning = "Kind of the fd as one letter: f file, d directory, 4 IPv4, 6 IPv6, u Unix socket, p pipe, e event …; o when unknown.", .extract = &letter, .reads_event = &works_on_fd},
    {.name = "fd.name", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Absolute path of a file; 1.2.3.4:5->6.7.8.9:80 of a connection. When an open or connect failed, what it asked for.", .extract = &name, .reads_event = &works_on_fd},
    {.name = "fd.directory", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Directory of the file; of a directory its own path.", .extract = &directory, .reads_event = &works_on_fd},
    {.name = "fd.filename", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Name of the file without its directory.", .extract = &with_record<&file_name>, .reads_event = &works_on_fd},
    {.name = "fd.uid", .type = kCharbuf,
     .meaning = "thread.tid directly followed by fd.num.", .extract = &unique_number, .reads_event = &works_on_fd},
    {.name = "fd.containername", .type = kCharbuf,
     .meaning = "Container id, a colon and fd.name; the id is empty on the host.", .extract = &container_name, .reads_event = &works_on_fd},
    {.name = "fd.containerdirectory", .type = kCharbuf,
     .meaning = "Container id, a colon and fd.directory; the id is empty on the host.", .extract = &container_directory, .reads_event = &works_on_fd},
    {.name = "fd.connected", .type = kBool, .scope = Scope::kFd,
     .meaning = "Whether the socket is connected.", .extract = &with_record<&member<&FdInfo::is_connected>>, .reads_event = &works_on_fd},
    {.name = "fd.name_changed", .type = kBool,
     .meaning = "Whether the event gave the fd another name, or made it.", .extract = &with_record<&name_changed>, .reads_event = &works_on_fd},
    {.name = "fd.dev", .type = kInt32, .format = kHex, .scope = Scope::kFd,
     .meaning = "Device that holds the file; 0 when unknown.", .extract = &with_record<&device>, .reads_event = &works_on_fd},
    {.name = "fd.dev.major", .type = kInt32, .format = kDec, .scope = Scope::kFd,
     .meaning = "Major number of fd.dev.", .extract = &with_record<&device_major>, .reads_event = &works_on_fd},
    {.name = "fd.dev.minor", .type = kInt32, .format = kDec, .scope = Scope::kFd,
     .meaning = "Minor number of fd.dev.", .extract = &with_record<&device_minor>, .reads_event = &works_on_fd},
    {.name = "fd.ino", .type = kInt64, .format = kDec, .scope = Scope::kFd,
     .meaning = "Inode number of the file; 0 when unknown.", .extract = &with_record<&inode>, .reads_event = &works_on_fd},
    {.name = "fd.nameraw", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Path as the program gave it, with repeated slashes removed.", .extract = &raw_name, .reads_event = &works_on_fd},
    {.name = "fd.types", .type = kCharbuf, .format = kDec, .argument = ArgumentRule::kOptional,
     .flags = field_flag::kList | field_flag::kNoRightSide | field_flag::kIndexArgument | field_flag::kBracketArgument,
     .meaning = "Kinds of all open fds of the process, each once; fd.types[N] has only the kind of fd N.", .extract = &kinds, .reads_event = &works_on_fd},
    {.name = "fd.is_upper_layer", .type = kBool, .scope = Scope::kFd,
     .meaning = "Whether the file lies in the writable layer of an overlay file system.", .extract = &with_record<&member<&FdInfo::is_upper_layer>>, .reads_event = &works_on_fd},
    {.name = "fd.is_lower_layer", .type = kBool, .scope = Scope::kFd,
     .meaning = "Whether the file lies in a lower layer of an overlay file system.", .extract = &with_record<&member<&FdInfo::is_lower_layer>>, .reads_event = &works_on_fd},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::fd() {
  return kFdRows;
}

}  // namespace saker
