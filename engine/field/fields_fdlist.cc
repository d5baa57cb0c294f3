// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The fds of poll and ppoll as comma-separated texts: fdlist.nums, fdlist.names …
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/net_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using enum EventType;

bool is_poll(EventType type) {
  return type == kSyscallPollX || type == kSyscallPpollX;
}

void append_address(ArenaText& out, const IpAddress& address) {
  const Bytes bytes = std::as_bytes(std::span(address.bytes));
  if (address.is_ipv6) {
    append_ipv6(out, bytes);
  } else {
    append_ipv4(out, load_le<std::uint32_t>(bytes, 0));
  }
}

// Writers append what they show of one fd and return false to leave it out. `fd` may be null.
using Writer = bool (*)(ArenaText&, std::int64_t number, const FdInfo* fd);

bool write_number(ArenaText& out, std::int64_t number, const FdInfo*) {
  out.append_number(number);
  return true;
}

bool write_name(ArenaText& out, std::int64_t, const FdInfo* fd) {
  out.append(fd != nullptr && !fd->name.empty() ? std::string_view(fd->name) : "<NA>");
  return true;
}

bool is_connection(const FdInfo* fd) {
  return fd != nullptr && (fd->type == FdType::kIpv4Socket || fd->type == FdType::kIpv6Socket);
}

bool write_client_address(ArenaText& out, std::int64_t, const FdInfo* fd) {
  if (!is_connection(fd)) {
    return false;
  }
  append_address(out, fd->tuple.source);
  return true;
}

bool write_server_address(ArenaText& out, std::int64_t, const FdInfo* fd) {
  if (fd == nullptr || !fd->is_ip_socket()) {
    return false;
  }
  if (fd->type == FdType::kIpv6Server) {
    // Compat: the reference shows its first four bytes as an IPv4 address.
    append_ipv4(out,
                load_le<std::uint32_t>(std::as_bytes(std::span(fd->tuple.destination.bytes)), 0));
  } else {
    append_address(out, fd->tuple.destination);
  }
  return true;
}

bool write_client_port(ArenaText& out, std::int64_t, const FdInfo* fd) {
  if (!is_connection(fd)) {
    return false;
  }
  out.append_number(fd->tuple.source_port);
  return true;
}

bool write_server_port(ArenaText& out, std::int64_t, const FdInfo* fd) {
  if (!is_connection(fd)) {
    return false;
  }
  out.append_number(fd->tuple.destination_port);
  return true;
}

template <Writer W>
Value fd_list(const FieldContext& context, const Thread& thread) {
  if (!is_poll(context.event.type())) {
    return {};
  }
  const FdTable* fds = context.state.fds(thread);
  ArenaText out(context.arena);
  ByteReader reader(context.event.param(1));
  const auto count = reader.read<std::uint16_t>();
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto number = reader.read<std::int64_t>();
    reader.read<std::int16_t>();
    if (reader.failed()) {
      break;
    }
    ArenaText one(context.arena);
    if (W(one, number, fds == nullptr ? nullptr : fds->find(number))) {
      out.append(out.empty() ? "" : ",");
      out.append(one.view());
    }
  }
  return out.empty() ? Value{} : out.value();
}

// clang-format off
constexpr auto kFdList = in_class("fdlist", {
    {.name = "fdlist.nums", .type = kCharbuf, .format = kId,
     .meaning = "Numbers of the fds that poll waits for, joined by commas.", .extract = &with_thread<&fd_list<&write_number>>, .reads_event = &is_poll},
    {.name = "fdlist.names", .type = kCharbuf,
     .meaning = "Names of the fds that poll waits for, joined by commas; <NA> for fds without a name.", .extract = &with_thread<&fd_list<&write_name>>, .reads_event = &is_poll},
    {.name = "fdlist.cips", .type = kCharbuf,
     .meaning = "Client addresses of the sockets that poll waits for, joined by commas.", .extract = &with_thread<&fd_list<&write_client_address>>, .reads_event = &is_poll},
    {.name = "fdlist.sips", .type = kCharbuf,
     .meaning = "Server addresses of the sockets that poll waits for, joined by commas.", .extract = &with_thread<&fd_list<&write_server_address>>, .reads_event = &is_poll},
    {.name = "fdlist.cports", .type = kCharbuf, .format = kDec,
     .meaning = "Client ports of the sockets that poll waits for, joined by commas.", .extract = &with_thread<&fd_list<&write_client_port>>, .reads_event = &is_poll},
    {.name = "fdlist.sports", .type = kCharbuf, .format = kDec,
     .meaning = "Server ports of the sockets that poll waits for, joined by commas.", .extract = &with_thread<&fd_list<&write_server_port>>, .reads_event = &is_poll},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::fd_list() {
  return kFdList;
}

}  // namespace saker
