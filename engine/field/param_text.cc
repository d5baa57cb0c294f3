// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One table row per parameter type: how to write the raw text and the resolved text. A type that is
// not in a column writes nothing there.
#include "engine/field/param_text.h"

#include <cstdio>
#include <iterator>

#include "engine/field/extract_support.h"
#include "engine/field/name_tables.h"
#include "engine/field/net_text.h"
#include "engine/field/param_paths.h"
#include "engine/field/time_text.h"

namespace saker {

namespace {

using namespace field_support;

struct Param {
  const FieldContext& context;
  const ParamInfo& info;
  Bytes bytes;  // empty only where a DYN parameter holds nothing but its selector
  std::size_t index;

  [[nodiscard]] const Thread* thread() const { return context.applied.thread; }

  // The integer in the parameter's bytes, zero-extended or sign-extended from their number.
  [[nodiscard]] std::uint64_t as_unsigned() const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(value)));
    return value;
  }
  // 0 without bytes.
  [[nodiscard]] std::int64_t as_signed() const {
    if (bytes.empty()) {
      return 0;
    }
    const std::size_t bits = 8 * std::min(bytes.size(), sizeof(std::uint64_t));
    const auto shift = static_cast<unsigned>(64 - bits);
    return static_cast<std::int64_t>(as_unsigned() << shift) >> shift;
  }
};

using Writer = void (*)(ArenaText&, const Param&);

void append_formatted(ArenaText& out, const Param& param, std::int64_t decimal) {
  switch (param.info.format) {
    case ParamFormat::kHex:
      append_hex_upper(out, param.as_unsigned());
      return;
    case ParamFormat::kOct: {
      const std::uint64_t value = param.as_unsigned();
      out.append(value == 0 ? "" : "0");
      out.append_number(value, 8);
      return;
    }
    default:
      out.append_number(decimal);
  }
}

void raw_signed(ArenaText& out, const Param& param) {
  append_formatted(out, param, param.as_signed());
}

void raw_unsigned(ArenaText& out, const Param& param) {
  if (param.info.format == ParamFormat::kHex || param.info.format == ParamFormat::kOct) {
    append_formatted(out, param, 0);
  } else {
    out.append_number(param.as_unsigned());
  }
}

// Always decimal, also where the event table says hexadecimal (flags, results of mmap).
void raw_decimal_unsigned(ArenaText& out, const Param& param) {
  out.append_number(param.as_unsigned());
}

void raw_decimal_signed(ArenaText& out, const Param& param) {
  out.append_number(param.as_signed());
}

void raw_text(ArenaText& out, const Param& param) {
  // Up to the first NUL; "(NULL)" is how a program's null pointer is told.
  const std::string_view text = as_text(param.bytes);
  const std::string_view shown = text.substr(0, text.find('\0'));
  out.append(shown == "(NULL)" ? "<NA>" : shown);
}

void raw_bytes(ArenaText& out, const Param& param) {
  append_printable(out, param.bytes);
}

void raw_time(ArenaText& out, const Param& param) {
  append_time(out, param.as_unsigned(), TimeStyle::kDateTime);
}

void raw_duration(ArenaText& out, const Param& param) {
  if (param.as_signed() == -1) {
    out.append("none");
  } else {
    out.append_number(param.as_unsigned());
  }
}

void raw_sigset(ArenaText& out, const Param& param) {
  const std::uint64_t set = param.as_unsigned();
  bool is_first = true;
  for (std::size_t bit = 0; bit < 32; ++bit) {
    const std::string_view name = (set >> bit & 1) != 0 ? signal_name(bit + 1) : "";
    if (!name.empty()) {
      out.append(is_first ? "" : " ");
      out.append(name);
      is_first = false;
    }
  }
}

void raw_bool(ArenaText& out, const Param& param) {
  out.append(param.as_unsigned() != 0 ? "true" : "false");
}

void raw_ipv4(ArenaText& out, const Param& param) {
  append_ipv4(out, static_cast<std::uint32_t>(param.as_unsigned()));
}

void raw_ipv6(ArenaText& out, const Param& param) {
  if (param.bytes.size() >= 16) {
    append_ipv6(out, param.bytes);
  }
}

void raw_sockaddr(ArenaText& out, const Param& param) {
  append_sockaddr(out, param.bytes);
}

void raw_socktuple(ArenaText& out, const Param& param) {
  append_socktuple(out, param.bytes);
}

// "3:f1 5:41": number, kind of the fd ('?' when it is not open) and events in hexadecimal.
void raw_fd_list(ArenaText& out, const Param& param) {
  const FdTable* fds =
      param.thread() == nullptr ? nullptr : param.context.state.fds(*param.thread());
  ByteReader reader(param.bytes);
  const auto count = reader.read<std::uint16_t>();
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto fd = reader.read<std::int64_t>();
    const auto events = reader.read<std::int16_t>();
    if (reader.failed()) {
      return;
    }
    const FdInfo* info = fds == nullptr ? nullptr : fds->find(fd);
    out.append(i == 0 ? "" : " ");
    out.append_number(static_cast<std::uint64_t>(fd));  // Compat: -1 as 18446744073709551615
    out.append(':');
    out.append(info == nullptr ? '?' : type_char(info->type));
    out.append_number(static_cast<std::uint32_t>(events), 16);
  }
}

// Of a negative result. Any number: the lowest has no positive twin.
std::string_view errno_of_result(std::int64_t result) {
  return errno_name(-static_cast<std::uint64_t>(result));
}

void resolved_errno(ArenaText& out, const Param& param) {
  if (param.as_signed() < 0) {
    out.append(errno_of_result(param.as_signed()));
  }
}

// "<f>/etc/passwd", "<4t>1.2.3.4:5->6.7.8.9:80"; names of negative numbers.
void resolved_fd(ArenaText& out, const Param& param) {
  const std::int64_t fd = param.as_signed();
  if (fd < 0) {
    out.append(fd == kAtFdcwd ? "AT_FDCWD" : errno_of_result(fd));
    return;
  }
  const FdTable* fds =
      param.thread() == nullptr ? nullptr : param.context.state.fds(*param.thread());
  const FdInfo* info = fds == nullptr ? nullptr : fds->find(fd);
  if (info == nullptr) {
    return;
  }
  out.append('<');
  out.append(type_char(info->type));
  if (info->is_ip_socket()) {
    constexpr std::string_view kLetters[] = {"", "", "t", "u", "i", "r"};
    const auto proto = static_cast<std::size_t>(info->visible_l4proto());
    out.append(proto < std::size(kLetters) ? kLetters[proto] : "");
  }
  out.append('>');
  out.append(info->name);
}

void resolved_pid(ArenaText& out, const Param& param) {
  const Thread* thread = param.context.state.find_thread(param.as_signed());
  if (thread != nullptr) {
    out.append(thread->image->comm);
  }
}

void resolved_uid(ArenaText& out, const Param& param) {
  const auto id = static_cast<std::uint32_t>(param.as_unsigned());
  if (id == 0xffffffff) {
    out.append("<NONE>");
    return;
  }
  const UserSnapshot* user =
      param.context.state.users().find_user(container_of(param.thread()), id);
  out.append(user != nullptr ? std::string_view(user->name) : "<NA>");
}

void resolved_gid(ArenaText& out, const Param& param) {
  const auto id = static_cast<std::uint32_t>(param.as_unsigned());
  if (id == 0xffffffff) {
    out.append("<NONE>");
    return;
  }
  const GroupSnapshot* group =
      param.context.state.users().find_group(container_of(param.thread()), id);
  out.append(group != nullptr ? std::string_view(group->name) : "<NA>");
}

void resolved_path(ArenaText& out, const Param& param) {
  append_absolute_path(out, param.context, param.index);
}

void resolved_flags(ArenaText& out, const Param& param) {
  append_flag_names(out, param.info.flags, static_cast<std::uint32_t>(param.as_unsigned()));
}

void resolved_enum(ArenaText& out, const Param& param) {
  const auto value = static_cast<std::uint32_t>(param.as_unsigned());
  bool is_first = true;
  for (const FlagName& flag : flag_names(param.info.flags)) {
    if (flag.value == value) {
      out.append(is_first ? "" : "|");
      out.append(flag.name);
      is_first = false;
    }
  }
}

void resolved_signal(ArenaText& out, const Param& param) {
  out.append(signal_name(param.as_unsigned()));
}

void resolved_syscall(ArenaText& out, const Param& param) {
  const SyscallInfo* info = syscall_by_code(static_cast<std::uint16_t>(param.as_unsigned()));
  if (info != nullptr) {
    out.append(info->name);
  }
}

void resolved_duration(ArenaText& out, const Param& param) {
  if (param.as_signed() == -1) {
    return;
  }
  char text[40];
  const int length =
      std::snprintf(text, sizeof(text), "%lgs", static_cast<double>(param.as_unsigned()) / 1e9);
  out.append(std::string_view(text, static_cast<std::size_t>(length)));
}

// Kind of the value that evt.rawarg yields.
enum class RawKind : std::uint8_t { kNone, kSigned, kUnsigned, kText, kBytes, kBool };

struct TypeRow {
  Writer raw = nullptr;
  Writer resolved = nullptr;
  RawKind kind = RawKind::kNone;
  std::string_view when_missing = "<NA>";
};

using enum RawKind;
constexpr TypeRow kSigned32 = {&raw_signed, nullptr, kSigned};
constexpr TypeRow kFlags = {&raw_decimal_unsigned, &resolved_flags, kUnsigned};
constexpr TypeRow kEnumFlags = {&raw_decimal_unsigned, &resolved_enum, kUnsigned};
constexpr TypeRow kPath = {&raw_text, &resolved_path, kText};
constexpr TypeRow kFdRow = {&raw_decimal_signed, &resolved_fd, kSigned};
constexpr TypeRow kPidRow = {&raw_decimal_signed, &resolved_pid, kSigned};

// In the order of ParamType. UINT32 and UINT64 in decimal are printed signed, as the reference
// does.
constexpr TypeRow kTypes[] = {
    /* NONE */ {},
    /* INT8 */ kSigned32,
    /* INT16 */ kSigned32,
    /* INT32 */ kSigned32,
    /* INT64 */ kSigned32,
    /* UINT8 */ {&raw_unsigned, nullptr, kUnsigned},
    /* UINT16 */ {&raw_unsigned, nullptr, kUnsigned},
    /* UINT32 */ {&raw_signed, nullptr, kUnsigned},
    /* UINT64 */ {&raw_signed, nullptr, kUnsigned},
    /* CHARBUF */ {&raw_text, nullptr, kText},
    /* BYTEBUF */ {&raw_bytes, nullptr, kBytes, "NULL"},
    /* ERRNO */ {&raw_decimal_signed, &resolved_errno, kSigned},
    /* SOCKADDR */ {&raw_sockaddr, nullptr, kBytes},
    /* SOCKTUPLE */ {&raw_socktuple, nullptr, kBytes, "NULL"},
    /* FD */ kFdRow,
    /* PID */ kPidRow,
    /* FDLIST */ {&raw_fd_list, nullptr, kBytes, "NULL"},
    /* FSPATH */ kPath,
    /* FSRELPATH */ kPath,
    /* SYSCALLID */ {&raw_unsigned, &resolved_syscall, kUnsigned},
    /* SIGTYPE */ {&raw_unsigned, &resolved_signal, kUnsigned},
    /* RELTIME */ {&raw_duration, &resolved_duration, kUnsigned},
    /* ABSTIME */ {&raw_time, nullptr, kUnsigned},
    /* PORT */ {&raw_unsigned, nullptr, kUnsigned},
    /* L4PROTO */ {&raw_unsigned, nullptr, kUnsigned},
    /* SOCKFAMILY */ {&raw_unsigned, nullptr, kUnsigned},
    /* BOOL */ {&raw_bool, nullptr, kBool},
    /* IPV4ADDR */ {&raw_ipv4, nullptr, kBytes},
    /* IPV6ADDR */ {&raw_ipv6, nullptr, kBytes},
    /* IPADDR */ {},
    /* IPNET */ {},
    /* DYN */ {nullptr, nullptr, RawKind::kNone, "NULL"},  // never asked: see actual_param
    /* FLAGS8 */ kFlags,
    /* FLAGS16 */ kFlags,
    /* FLAGS32 */ kFlags,
    /* ENUMFLAGS8 */ kEnumFlags,
    /* ENUMFLAGS16 */ kEnumFlags,
    /* ENUMFLAGS32 */ kEnumFlags,
    /* UID */ {&raw_signed, &resolved_uid, kUnsigned},
    /* GID */ {&raw_signed, &resolved_gid, kUnsigned},
    /* DOUBLE */ {},
    /* SIGSET */ {&raw_sigset, nullptr, kUnsigned},
    /* CHARBUFARRAY */ {&raw_bytes, nullptr, kBytes, "NULL"},
    /* CHARBUF_PAIR_ARRAY */ {&raw_bytes, nullptr, kBytes, "NULL"},
    /* MODE */ {&raw_unsigned, &resolved_flags, kUnsigned},
    /* FD32 */ kFdRow,
    /* PID32 */ kPidRow,
};
static_assert(std::size(kTypes) == static_cast<std::size_t>(ParamType::kPid32) + 1);

const TypeRow& row_of(ParamType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

// The parameter, with a DYN one replaced by what its first byte selects.
Param param_at(const FieldContext& context, std::size_t i) {
  const ParamInfo& info = context.event.info().params[i];
  const Bytes bytes = context.event.param(i);
  if (info.type == ParamType::kDyn && !bytes.empty()) {
    const auto variant = static_cast<std::size_t>(bytes[0]);
    if (variant < info.variants.size()) {
      return {context, info.variants[variant], bytes.subspan(1), i};
    }
  }
  return {context, info, bytes, i};
}

}  // namespace

void append_raw_param(ArenaText& out, const FieldContext& context, std::size_t i) {
  const Param param = param_at(context, i);
  const TypeRow& row = row_of(param.info.type);
  if (context.event.is_missing(i)) {
    out.append(row.when_missing);
  } else if (row.raw != nullptr) {
    row.raw(out, param);
  }
}

void append_resolved_param(ArenaText& out, const FieldContext& context, std::size_t i) {
  const Param param = param_at(context, i);
  const TypeRow& row = row_of(param.info.type);
  if (!param.bytes.empty() && row.resolved != nullptr) {
    row.resolved(out, param);
  }
}

Value param_value(const FieldContext& context, std::size_t i) {
  ArenaText out(context.arena, 64);
  append_resolved_param(out, context, i);
  if (out.empty()) {
    // Most texts need no copy.
    if (is_text(context.event.info().params[i].type)) {
      return Value::text(context.event.text(i));
    }
    append_raw_param(out, context, i);
  }
  return out.value();
}

void append_flag_names(ArenaText& out, FlagTable table, std::uint32_t value) {
  const std::uint32_t whole = value;
  bool is_first = true;
  for (const FlagName& flag : flag_names(table)) {
    const bool is_whole = flag.value == whole;
    const bool is_set = flag.value != 0 && (value & flag.value) == flag.value;
    if (is_whole || is_set) {
      out.append(is_first ? "" : "|");
      out.append(flag.name);
      is_first = false;
      value &= ~flag.value;
    }
    // A name of the whole value ends the list, whatever was printed before it.
    if (is_whole) {
      return;
    }
  }
}

Value raw_param_value(const FieldContext& context, std::size_t i) {
  const Param param = param_at(context, i);
  const RawKind kind = row_of(param.info.type).kind;
  if (param.bytes.empty() && kind != kText) {
    return {};
  }
  Value value;
  switch (kind) {
    case kSigned:
      value = Value::integer(param.as_signed());
      break;
    case kUnsigned:
      value = Value::number(param.as_unsigned());
      break;
    case kBool:
      value = Value::boolean(param.as_unsigned() != 0);
      break;
    case kText:
      value = Value::text(context.event.text(i));
      break;
    case kBytes:
      value = Value::bytes(param.bytes);
      break;
    case RawKind::kNone:
      return {};
  }
  return value.with_type(param.info.type, param.info.format);
}

}  // namespace saker
