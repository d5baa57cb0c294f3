// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Sockets: client and server end, local and remote end, either end, as address, port or network.
#include "engine/field/extract_support.h"
#include "engine/field/fd_name.h"
#include "engine/field/field_rows.h"
#include "engine/field/host_names.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

const FdInfo* record(const FieldContext& context) {
  return context.applied.thread != nullptr && works_on_fd(context.event.type()) ? context.applied.fd
                                                                                : nullptr;
}

// One end of a connection; `address` null: the fd has no such end, or it is not known.
struct End {
  const IpAddress* address = nullptr;
  std::uint16_t port = 0;
};

End source_of(const FdInfo& fd) {
  return {&fd.tuple.source, fd.tuple.source_port};
}

End destination_of(const FdInfo& fd) {
  return {&fd.tuple.destination, fd.tuple.destination_port};
}

bool is_connection(const FdInfo& fd) {
  return fd.type == FdType::kIpv4Socket || fd.type == FdType::kIpv6Socket;
}

bool has_role(const FdInfo& fd) {
  return fd.role != SocketRole::kUnknown;
}

End client_end(const FieldContext&, const FdInfo& fd) {
  return is_connection(fd) && has_role(fd) ? source_of(fd) : End{};
}

End server_end(const FieldContext&, const FdInfo& fd) {
  return fd.is_ip_server() || (is_connection(fd) && has_role(fd)) ? destination_of(fd) : End{};
}

bool is_source_local(const FieldContext& context, const FdInfo& fd) {
  return context.state.interfaces().is_local(fd.tuple.source);
}

End local_end(const FieldContext& context, const FdInfo& fd) {
  if (!is_connection(fd) || !has_role(fd)) {
    return {};
  }
  return is_source_local(context, fd) ? source_of(fd) : destination_of(fd);
}

End remote_end(const FieldContext& context, const FdInfo& fd) {
  if (!is_connection(fd) || !has_role(fd)) {
    return {};
  }
  return is_source_local(context, fd) ? destination_of(fd) : source_of(fd);
}

using EndOf = End (*)(const FieldContext&, const FdInfo&);

Value address_value(const IpAddress& address) {
  return address.is_ipv6 ? Value::ipv6(address.bytes.data())
                         : Value::ipv4(load_le<std::uint32_t>(
                               reinterpret_cast<const std::byte*>(address.bytes.data())));
}

template <EndOf E>
Value address(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  const End end = fd == nullptr ? End{} : E(context, *fd);
  return end.address == nullptr ? Value{} : address_value(*end.address);
}

// Names are only known for addresses that conditions have asked about.
template <EndOf E>
Value host_name(const FieldContext& context, const BoundField& field) {
  const Value end = address<E>(context, field);
  if (context.host_names == nullptr || !end.has_value()) {
    return {};
  }
  const std::string name = context.host_names->name_of(end);
  return name.empty() ? Value{} : Value::text(context.arena.copy(name));
}

template <EndOf E>
Value port(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  const End end = fd == nullptr ? End{} : E(context, *fd);
  return end.address == nullptr ? Value{} : Value::number(end.port);
}

template <EndOf E>
Value port_as_text(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  const End end = fd == nullptr ? End{} : E(context, *fd);
  if (end.address == nullptr) {
    return {};
  }
  ArenaText out(context.arena, 8);
  out.append_number(end.port);
  return out.value();
}

// Compat: fd.cproto of other sockets with a role is empty.
Value client_port_text(const FieldContext& context, const BoundField& field) {
  const FdInfo* fd = record(context);
  return fd != nullptr && has_role(*fd) && !is_connection(*fd)
             ? Value::text("")
             : port_as_text<&client_end>(context, field);
}

// Compat: fd.sproto of a bound socket is empty, though it has a port.
Value server_port_text(const FieldContext& context, const BoundField& field) {
  const FdInfo* fd = record(context);
  return fd != nullptr && fd->is_ip_server() ? Value::text("")
                                             : port_as_text<&server_end>(context, field);
}

// fd.ip, fd.net, fd.port, fd.proto have no value of their own in outputs. In conditions: both ends
// of a connection, the bound end of a server; an empty list for other fds.
template <Value (*View)(const End&)>
Value either_end(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  if (fd == nullptr) {
    return {};
  }
  const std::span<Value> values = context.arena.array<Value>(2);
  std::size_t count = 0;
  if (is_connection(*fd)) {
    values[count++] = View(source_of(*fd));
  }
  if (fd->is_ip_socket()) {
    values[count++] = View(destination_of(*fd));
  }
  return Value::list(values.first(count));
}

Value address_view(const End& end) {
  return address_value(*end.address);
}

Value port_view(const End& end) {
  return Value::number(end.port);
}

Value protocol(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  if (fd == nullptr) {
    return {};
  }
  constexpr std::string_view kNames[] = {"<NA>", "<NA>", "tcp", "udp", "icmp", "raw"};
  const auto i = static_cast<std::size_t>(fd->visible_l4proto());
  return Value::text(fd->is_ip_socket() && i < std::size(kNames) ? kNames[i] : "<NA>");
}

Value family(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  if (fd == nullptr) {
    return {};
  }
  if (fd->type == FdType::kUnixSocket) {
    return Value::text("unix");
  }
  return fd->is_ip_socket() ? Value::text("ip") : Value{};
}

Value is_server(const FieldContext& context, const BoundField&) {
  const FdInfo* fd = record(context);
  if (fd == nullptr) {
    return {};
  }
  return Value::boolean(
      fd->is_ip_server() ||
      (is_connection(*fd) && context.state.interfaces().is_local(fd->tuple.destination)));
}

constexpr std::uint16_t kConditionOnly =
    field_flag::kFilterOnly | field_flag::kNoTransformer | field_flag::kNoRightSide;
constexpr std::uint16_t kHostName = field_flag::kNoTransformer | field_flag::kNoRightSide;

// clang-format off
constexpr auto kFdSocket = in_class("fd", {
    {.name = "fd.ip", .type = kIpaddr, .flags = kConditionOnly, .scope = Scope::kFd, .quantifier = Quantifier::kEitherEnd,
     .meaning = "Address of either end: = holds if one end matches, != if neither does.", .extract = &no_value, .candidates = &either_end<&address_view>, .reads_event = &works_on_fd},
    {.name = "fd.cip", .type = kIpaddr, .scope = Scope::kFd,
     .meaning = "Address of the client.", .extract = &address<&client_end>, .reads_event = &works_on_fd},
    {.name = "fd.sip", .type = kIpaddr, .scope = Scope::kFd,
     .meaning = "Address of the server.", .extract = &address<&server_end>, .reads_event = &works_on_fd},
    {.name = "fd.lip", .type = kIpaddr, .scope = Scope::kFd,
     .meaning = "Address of the local end.", .extract = &address<&local_end>, .reads_event = &works_on_fd},
    {.name = "fd.rip", .type = kIpaddr, .scope = Scope::kFd,
     .meaning = "Address of the remote end.", .extract = &address<&remote_end>, .reads_event = &works_on_fd},
    {.name = "fd.port", .type = kPort, .format = kDec, .flags = kConditionOnly, .scope = Scope::kFd, .quantifier = Quantifier::kEitherEnd,
     .meaning = "Port of either end: = and the orders hold if one end matches, != if neither does.", .extract = &no_value, .candidates = &either_end<&port_view>, .reads_event = &works_on_fd},
    {.name = "fd.cport", .type = kPort, .format = kDec, .scope = Scope::kFd,
     .meaning = "Port of the client.", .extract = &port<&client_end>, .reads_event = &works_on_fd},
    {.name = "fd.sport", .type = kPort, .format = kDec, .scope = Scope::kFd,
     .meaning = "Port of the server.", .extract = &port<&server_end>, .reads_event = &works_on_fd},
    {.name = "fd.lport", .type = kPort, .format = kDec, .scope = Scope::kFd,
     .meaning = "Port of the local end.", .extract = &port<&local_end>, .reads_event = &works_on_fd},
    {.name = "fd.rport", .type = kPort, .format = kDec, .scope = Scope::kFd,
     .meaning = "Port of the remote end.", .extract = &port<&remote_end>, .reads_event = &works_on_fd},
    {.name = "fd.l4proto", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Transport protocol: tcp, udp, icmp, raw; the text <NA> for others.", .extract = &protocol, .reads_event = &works_on_fd},
    {.name = "fd.sockfamily", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "ip or unix; no value for fds that are neither.", .extract = &family, .reads_event = &works_on_fd},
    {.name = "fd.is_server", .type = kBool, .scope = Scope::kFd,
     .meaning = "Whether this machine is the server of the connection: the socket is bound, or the server's address is one of ours.", .extract = &is_server, .reads_event = &works_on_fd},
    {.name = "fd.proto", .type = kPort, .flags = kConditionOnly, .scope = Scope::kFd, .quantifier = Quantifier::kEitherEnd,
     .meaning = "Port of either end, compared with the name of a service or a number.", .extract = &no_value, .candidates = &either_end<&port_view>, .reads_event = &works_on_fd},
    {.name = "fd.cproto", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Port of the client as text; empty for bound sockets.", .extract = &client_port_text, .reads_event = &works_on_fd},
    {.name = "fd.sproto", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Port of the server as text; empty for bound sockets.", .extract = &server_port_text, .reads_event = &works_on_fd},
    {.name = "fd.lproto", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Port of the local end as text.", .extract = &port_as_text<&local_end>, .reads_event = &works_on_fd},
    {.name = "fd.rproto", .type = kCharbuf, .scope = Scope::kFd,
     .meaning = "Port of the remote end as text.", .extract = &port_as_text<&remote_end>, .reads_event = &works_on_fd},
    {.name = "fd.net", .type = kIpnet, .flags = kConditionOnly, .scope = Scope::kFd, .quantifier = Quantifier::kEitherEnd,
     .meaning = "Network of either end: = holds if one end lies in it, != if neither does.", .extract = &no_value, .candidates = &either_end<&address_view>, .reads_event = &works_on_fd},
    {.name = "fd.cnet", .type = kIpnet, .flags = kConditionOnly, .scope = Scope::kFd,
     .meaning = "Network of the client: = holds if its address lies in it.", .extract = &address<&client_end>, .reads_event = &works_on_fd},
    {.name = "fd.snet", .type = kIpnet, .flags = kConditionOnly, .scope = Scope::kFd,
     .meaning = "Network of the server: = holds if its address lies in it.", .extract = &address<&server_end>, .reads_event = &works_on_fd},
    {.name = "fd.lnet", .type = kIpnet, .flags = kConditionOnly, .scope = Scope::kFd,
     .meaning = "Network of the local end: = holds if its address lies in it.", .extract = &address<&local_end>, .reads_event = &works_on_fd},
    {.name = "fd.rnet", .type = kIpnet, .flags = kConditionOnly, .scope = Scope::kFd,
     .meaning = "Network of the remote end: = holds if its address lies in it.", .extract = &address<&remote_end>, .reads_event = &works_on_fd},
    {.name = "fd.cip.name", .type = kCharbuf, .flags = kHostName, .scope = Scope::kEvent, .quantifier = Quantifier::kHostName,
     .meaning = "Host name of the client: in conditions the constant is looked up and its addresses compared; in outputs the name of a condition that has the address.", .extract = &host_name<&client_end>, .candidates = &address<&client_end>, .reads_event = &works_on_fd},
    {.name = "fd.sip.name", .type = kCharbuf, .flags = kHostName, .scope = Scope::kEvent, .quantifier = Quantifier::kHostName,
     .meaning = "Host name of the server: in conditions the constant is looked up and its addresses compared; in outputs the name of a condition that has the address.", .extract = &host_name<&server_end>, .candidates = &address<&server_end>, .reads_event = &works_on_fd},
    {.name = "fd.lip.name", .type = kCharbuf, .flags = kHostName, .scope = Scope::kEvent, .quantifier = Quantifier::kHostName,
     .meaning = "Host name of the local end: in conditions the constant is looked up and its addresses compared; in outputs the name of a condition that has the address.", .extract = &host_name<&local_end>, .candidates = &address<&local_end>, .reads_event = &works_on_fd},
    {.name = "fd.rip.name", .type = kCharbuf, .flags = kHostName, .scope = Scope::kEvent, .quantifier = Quantifier::kHostName,
     .meaning = "Host name of the remote end: in conditions the constant is looked up and its addresses compared; in outputs the name of a condition that has the address.", .extract = &host_name<&remote_end>, .candidates = &address<&remote_end>, .reads_event = &works_on_fd},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::fd_socket() {
  return kFdSocket;
}

}  // namespace saker
