// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/value_class.h"

#include <initializer_list>
#include <string>

namespace saker {

namespace {

using enum CompareOp;

constexpr std::uint32_t set_of(std::initializer_list<CompareOp> ops) {
  std::uint32_t bits = 0;
  for (const CompareOp op : ops) {
    bits |= 1U << static_cast<unsigned>(op);
  }
  return bits;
}

constexpr std::uint32_t kEquality = set_of({kExists, kEq, kNe, kIn, kIntersects});
constexpr std::uint32_t kOrder = set_of({kLt, kLe, kGt, kGe});

struct ClassRow {
  std::uint32_t operators;
  std::string_view filters;  // as messages name the class
};

// In the order of ValueClass.
constexpr ClassRow kClasses[] = {
    {kEquality | kOrder, "numeric"},
    {kEquality | kOrder, "numeric"},
    {kEquality | kOrder, "numeric"},
    {kEquality, "numeric"},
    {kEquality | kOrder, "numeric"},
    {kEquality | kOrder |
         set_of({kContains, kIcontains, kStartswith, kEndswith, kGlob, kIglob, kPmatch, kRegex}),
     "string"},
    {kEquality | set_of({kContains, kStartswith, kEndswith, kBcontains, kBstartswith}), "buffer"},
    {kEquality, "ip address and network"},
    {kEquality, "ip address and network"},
    {set_of({kExists}), ""},
};

std::string quoted(CompareOp op) {
  return "'" + std::string(to_text(op)) + "'";
}

}  // namespace

ValueClass value_class(ParamType type) {
  switch (type) {
    using enum ParamType;
    case kInt8:
    case kInt16:
    case kInt32:
    case kInt64:
    case kErrno:
    case kFd:
    case kPid:
    case kFd32:
    case kPid32:
      return ValueClass::kSigned;
    case kUint8:
    case kUint16:
    case kUint32:
    case kUint64:
    case kSyscallid:
    case kSigtype:
    case kReltime:
    case kAbstime:
    case kFlags8:
    case kFlags16:
    case kFlags32:
    case kEnumflags8:
    case kEnumflags16:
    case kEnumflags32:
    case kMode:
    case kL4proto:
    case kSockfamily:
      return ValueClass::kUnsigned;
    case kPort:
      return ValueClass::kPort;
    case kBool:
      return ValueClass::kBool;
    case kDouble:
      return ValueClass::kDouble;
    case kCharbuf:
    case kFspath:
    case kFsrelpath:
      return ValueClass::kText;
    case kBytebuf:
      return ValueClass::kBytes;
    case kIpv4addr:
    case kIpv6addr:
    case kIpaddr:
      return ValueClass::kIp;
    case kIpnet:
      return ValueClass::kNet;
    default:
      return ValueClass::kOther;
  }
}

std::string operator_fault(ParamType type, bool is_list, CompareOp op, OpModifier modifier) {
  if (is_list) {
    constexpr std::uint32_t kListOperators = set_of({kExists, kIn, kIntersects});
    return (kListOperators >> static_cast<unsigned>(op) & 1U) != 0
               ? std::string()
               : "filter error: " + quoted(op) + " operator not supported list filters";
  }
  const ValueClass value = value_class(type);
  const ClassRow& row = kClasses[static_cast<std::size_t>(value)];
  const bool is_address = value == ValueClass::kIp || value == ValueClass::kNet;
  if ((row.operators >> static_cast<unsigned>(op) & 1U) != 0) {
    if (is_address && modifier != OpModifier::kNone && op != kEq && op != kNe) {
      return "filter error: " + quoted(op) +
             " with modifier not supported for ip address and network filters";
    }
    return {};
  }
  if (row.filters.empty()) {
    return "filter error: " + quoted(op) + " operator not supported for type '" +
           std::string(to_text(type)) + "'";
  }
  if (is_address && modifier != OpModifier::kNone) {
    return "filter error: " + quoted(op) +
           " with modifier not supported for ip address and network filters";
  }
  return "filter error: " + quoted(op) + " operator not supported for " + std::string(row.filters) +
         " filters";
}

}  // namespace saker
