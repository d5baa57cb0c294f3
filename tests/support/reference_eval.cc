// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/reference_eval.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <netdb.h>
#include <strings.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include <re2/re2.h>

#include "engine/lang/printer.h"

namespace saker::reference {

namespace {

enum class Class { kSigned, kUnsigned, kPort, kBool, kDouble, kText, kBytes, kAddress, kNetwork };

Class class_of(ParamType type) {
  switch (type) {
    case ParamType::kInt8:
    case ParamType::kInt16:
    case ParamType::kInt32:
    case ParamType::kInt64:
    case ParamType::kFd:
    case ParamType::kPid:
    case ParamType::kErrno:
    case ParamType::kFd32:
    case ParamType::kPid32:
      return Class::kSigned;
    case ParamType::kPort:
      return Class::kPort;
    case ParamType::kBool:
      return Class::kBool;
    case ParamType::kDouble:
      return Class::kDouble;
    case ParamType::kCharbuf:
    case ParamType::kFspath:
    case ParamType::kFsrelpath:
      return Class::kText;
    case ParamType::kBytebuf:
      return Class::kBytes;
    case ParamType::kIpv4addr:
    case ParamType::kIpv6addr:
    case ParamType::kIpaddr:
      return Class::kAddress;
    case ParamType::kIpnet:
      return Class::kNetwork;
    default:
      return Class::kUnsigned;
  }
}

// evt.rawarg has in some events another type than the condition was compiled for.
bool is_readable_as(const Value& value, ParamType type) {
  switch (class_of(type)) {
    case Class::kSigned:
    case Class::kUnsigned:
    case Class::kPort:
      return value.kind() == ValueKind::kInt || value.kind() == ValueKind::kUint;
    case Class::kBool:
      return value.kind() == ValueKind::kBool;
    case Class::kDouble:
      return value.kind() == ValueKind::kDouble;
    case Class::kText:
      return value.kind() == ValueKind::kText;
    case Class::kBytes:
      return value.kind() == ValueKind::kBytes;
    default:
      return value.kind() == ValueKind::kIpv4 || value.kind() == ValueKind::kIpv6;
  }
}

// The text of an address value: unambiguous, so it serves for comparing.
std::string address_text(const Value& value) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (value.kind() == ValueKind::kIpv4) {
    const std::uint32_t address = value.as_ipv4();
    inet_ntop(AF_INET, &address, buffer, sizeof(buffer));
  } else {
    inet_ntop(AF_INET6, value.as_ipv6(), buffer, sizeof(buffer));
  }
  return buffer;
}

std::string address_text(std::string_view constant) {
  const int family = constant.find('.') != std::string_view::npos ? AF_INET : AF_INET6;
  unsigned char bytes[16] = {};
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_pton(family, std::string(constant).c_str(), bytes);
  inet_ntop(family, bytes, buffer, sizeof(buffer));
  return buffer;
}

// The address as a string of '0' and '1', network order.
std::string bits_of(const unsigned char* bytes, int count) {
  std::string bits;
  for (int i = 0; i < count * 8; ++i) {
    bits += (bytes[i / 8] >> (7 - i % 8) & 1) != 0 ? '1' : '0';
  }
  return bits;
}

bool is_inside(const Value& value, std::string_view net) {
  const std::string host(net.substr(0, net.find('/')));
  const std::size_t length = std::stoul(std::string(net.substr(net.find('/') + 1)));
  const bool is_six = host.find(':') != std::string::npos;
  if (is_six != (value.kind() == ValueKind::kIpv6)) {
    return false;
  }
  unsigned char constant[16] = {};
  inet_pton(is_six ? AF_INET6 : AF_INET, host.c_str(), constant);
  unsigned char mine[16] = {};
  if (is_six) {
    std::memcpy(mine, value.as_ipv6(), 16);
  } else {
    const std::uint32_t address = value.as_ipv4();
    std::memcpy(mine, &address, 4);
  }
  const int count = is_six ? 16 : 4;
  return bits_of(mine, count).substr(0, length) == bits_of(constant, count).substr(0, length);
}

template <typename T>
std::uint64_t sign_extended(std::uint64_t bits) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<T>(bits)));
}

std::uint64_t number_of(std::string_view constant, ParamType type) {
  if (class_of(type) == Class::kBool) {
    return constant == "true" ? 1 : 0;
  }
  if (class_of(type) == Class::kPort) {
    if (constant.empty()) {
      return 0;
    }
    if (constant.find_first_not_of("0123456789") != std::string_view::npos) {
      const servent* service = getservbyname(std::string(constant).c_str(), nullptr);
      return service == nullptr ? 0 : ntohs(static_cast<std::uint16_t>(service->s_port));
    }
  }
  const std::string text(constant);
  auto bits =
      constant.starts_with('-') ? static_cast<std::uint64_t>(std::stoll(text)) : std::stoull(text);
  switch (fixed_size(type)) {
    case 1:
      return class_of(type) == Class::kSigned ? sign_extended<std::int8_t>(bits) : bits & 0xff;
    case 2:
      return class_of(type) == Class::kSigned ? sign_extended<std::int16_t>(bits) : bits & 0xffff;
    case 4:
      return class_of(type) == Class::kSigned ? sign_extended<std::int32_t>(bits)
                                              : bits & 0xffffffff;
    default:
      return bits;
  }
}

bool holds_order(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kNe:
      return order != 0;
    case CompareOp::kLt:
      return order < 0;
    case CompareOp::kLe:
      return order <= 0;
    case CompareOp::kGt:
      return order > 0;
    case CompareOp::kGe:
      return order >= 0;
    default:
      return order == 0;
  }
}

template <typename T>
int order_of(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : std::string(path) + "/") {
    if (c != '/') {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::exchange(part, {}));
    }
  }
  return parts;
}

bool is_path_prefix(std::string_view prefix, std::string_view path) {
  const auto wanted = components(prefix);
  const auto given = components(path);
  if (wanted.size() > given.size()) {
    return false;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool is_pattern = wanted[i].find_first_of("?*[") != std::string::npos;
    if (is_pattern ? fnmatch(wanted[i].c_str(), given[i].c_str(), 0) != 0 : wanted[i] != given[i]) {
      return false;
    }
  }
  return true;
}

// Replaces what is not UTF-8, by the library that Falco's rule authors know.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 0;
    for (std::size_t n = 1; n <= 4 && i + n <= text.size() && length == 0; ++n) {
      static const re2::RE2 kOneCharacter("(?s).");  // matches exactly one valid character
      const std::string_view piece = text.substr(i, n);
      const auto first = static_cast<unsigned char>(piece[0]);
      const std::size_t expected = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
      const bool is_surrogate =
          expected == 3 && n == 3 && first == 0xed && static_cast<unsigned char>(piece[1]) >= 0xa0;
      if (n == expected && !is_surrogate && first != 0xc0 && first != 0xc1 &&
          re2::RE2::FullMatch(re2::StringPiece(piece.data(), n), kOneCharacter)) {
        length = n;
      }
    }
    out += length == 0 ? "\xEF\xBF\xBD" : std::string(text.substr(i, length));
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

bool compare_text(CompareOp op, std::string_view left, std::string_view right) {
  const std::string l(left);
  const std::string r(right);
  switch (op) {
    case CompareOp::kContains:
    case CompareOp::kBcontains:
      return l.find(r) != std::string::npos;
    case CompareOp::kIcontains:
      return strcasestr(l.c_str(), r.c_str()) != nullptr;
    case CompareOp::kStartswith:
    case CompareOp::kBstartswith:
      return l.compare(0, r.size(), r) == 0;
    case CompareOp::kEndswith:
      return l.size() >= r.size() && l.compare(l.size() - r.size(), r.size(), r) == 0;
    case CompareOp::kGlob:
      return fnmatch(r.c_str(), l.c_str(), 0) == 0;
    case CompareOp::kIglob:
      return fnmatch(r.c_str(), l.c_str(), FNM_CASEFOLD) == 0;
    case CompareOp::kRegex:
      return re2::RE2::FullMatch(repaired(left), re2::RE2(r, re2::RE2::POSIX));
    case CompareOp::kPmatch:
      return is_path_prefix(right, left);
    default:
      return holds_order(op, order_of(l, r));
  }
}

// One value against one constant.
bool compare_constant(CompareOp op, ParamType type, const Value& value,
                      const std::string& constant) {
  switch (class_of(type)) {
    case Class::kText:
      return compare_text(op, value.as_text(), constant);
    case Class::kBytes:
      return compare_text(op, value.as_text(),
                          op == CompareOp::kBcontains || op == CompareOp::kBstartswith
                              ? unhex(constant)
                              : constant);
    case Class::kAddress:
      return (address_text(value) == address_text(constant)) != (op == CompareOp::kNe);
    case Class::kNetwork:
      return is_inside(value, constant) != (op == CompareOp::kNe);
    case Class::kSigned:
      return holds_order(
          op, order_of(value.as_int(), static_cast<std::int64_t>(number_of(constant, type))));
    case Class::kDouble:
      return holds_order(op,
                         order_of(value.as_double(), static_cast<double>(std::stoll(constant))));
    default:
      return holds_order(op, order_of(value.as_uint(), number_of(constant, type)));
  }
}

bool compare_two(CompareOp op, ParamType type, const Value& a, const Value& b) {
  switch (class_of(type)) {
    case Class::kText:
    case Class::kBytes:
      return compare_text(op, a.as_text(), b.as_text());
    case Class::kAddress:
    case Class::kNetwork:
      return (address_text(a) == address_text(b)) != (op == CompareOp::kNe);
    case Class::kSigned:
      return holds_order(op, order_of(a.as_int(), b.as_int()));
    case Class::kDouble:
      return holds_order(op, order_of(a.as_double(), b.as_double()));
    default:
      return holds_order(op, order_of(a.as_uint(), b.as_uint()));
  }
}

std::vector<std::string> constants_of(const Check& check) {
  if (const Literal* literal = check.right_literal()) {
    return {literal->text};
  }
  std::vector<std::string> texts;
  for (const Literal& item : check.right_list()->items) {
    texts.push_back(item.text);
  }
  return texts;
}

// What Falco's membership forgets. Compat: docs/compat.md#membership
void keep_reachable(const Check& check, std::vector<std::string>& constants) {
  const FieldExpr* field = check.left.as_field();
  if (field == nullptr) {
    return;
  }
  if (field->name.starts_with("evt.rawarg.") ||
      (field->name == "proc.apid" && !field->has_argument)) {
    constants.clear();
  } else if (field->name == "fd.net" && constants.size() > 1) {
    constants.resize(1);
  }
}

// One value against all constants of the check.
bool compare_constants(const Check& check, ParamType type, const Value& value) {
  std::vector<std::string> constants = constants_of(check);
  if (check.op == CompareOp::kIn || check.op == CompareOp::kIntersects) {
    keep_reachable(check, constants);
  }
  const auto holds = [&](const std::string& constant) {
    return compare_constant(check.op, type, value, constant);
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(constants, holds));
  const bool is_any = check.op == CompareOp::kIn || check.op == CompareOp::kIntersects ||
                      check.op == CompareOp::kPmatch || check.modifier == OpModifier::kAnyof;
  if (is_any) {
    return count > 0;
  }
  if (check.modifier == OpModifier::kAllof) {
    return !constants.empty() && count == constants.size();
  }
  return count == 1;  // oneof, or the only constant
}

}  // namespace

bool Interpreter::evaluate(const Node& condition, const FieldContext& context) {
  const auto is_true = [&](const auto& child) { return evaluate(*child, context); };
  switch (condition.kind) {
    case NodeKind::kAnd:
      return std::ranges::all_of(condition.children, is_true);
    case NodeKind::kOr:
      return std::ranges::any_of(condition.children, is_true);
    case NodeKind::kNot:
      return !evaluate(*condition.children.front(), context);
    default:
      return evaluate_check(condition.check, context);
  }
}

bool Interpreter::evaluate_check(const Check& check, const FieldContext& context) {
  const Operand left = evaluate_expr(check.left, context, true);
  if (!left.value.has_value()) {
    return false;
  }
  if (check.op == CompareOp::kExists) {
    return true;
  }
  Operand right;
  const Expr* right_expr = check.right_expr();
  if (right_expr != nullptr) {
    right = evaluate_expr(*right_expr, context, true);
    if (!right.value.has_value()) {
      return false;
    }
  }
  const auto holds = [&](const Value& value) {
    if (!is_readable_as(value, left.type)) {
      return false;
    }
    return right_expr != nullptr ? compare_two(check.op, left.type, value, right.value)
                                 : compare_constants(check, left.type, value);
  };
  if (left.is_list && right_expr != nullptr) {
    const auto is_in_right = [&](const Value& value) {
      return std::ranges::any_of(right.value.as_list(), [&](const Value& r) {
        return compare_two(CompareOp::kEq, left.type, value, r);
      });
    };
    return check.op == CompareOp::kIn ? std::ranges::all_of(left.value.as_list(), is_in_right)
                                      : std::ranges::any_of(left.value.as_list(), is_in_right);
  }
  if (left.is_list) {
    return check.op == CompareOp::kIn ? std::ranges::all_of(left.value.as_list(), holds)
                                      : std::ranges::any_of(left.value.as_list(), holds);
  }
  switch (left.quantifier) {
    case Quantifier::kNone:
      return holds(left.value);
    case Quantifier::kHostName:
      return check.op == CompareOp::kNe;
    case Quantifier::kDistance:
      return check.op == CompareOp::kEq &&
             left.value.as_uint() <= number_of(constants_of(check).at(0), left.type);
    default:
      break;
  }
  const auto candidates = left.value.as_list();
  if (left.quantifier == Quantifier::kEitherEnd && check.op == CompareOp::kNe) {
    return !candidates.empty() && std::ranges::all_of(candidates, holds);
  }
  return std::ranges::any_of(candidates, holds);
}

const BoundField& Interpreter::bind(const FieldExpr& expr) {
  const std::string key = expr.name + (expr.has_argument ? "[" + expr.argument + "]" : "");
  auto found = bound_.find(key);
  if (found == bound_.end()) {
    found = bound_.emplace(key, fields_.bind(expr.name, expr.has_argument, expr.argument).value())
                .first;
  }
  return found->second;
}

Interpreter::Operand Interpreter::evaluate_expr(const Expr& expr, const FieldContext& context,
                                                bool is_condition_side) {
  if (const FieldExpr* name = expr.as_field()) {
    const BoundField& field = bind(*name);
    return {is_condition_side ? extract_candidates(context, field) : extract(context, field),
            field.type, field.is_list(), is_condition_side ? field.quantifier : Quantifier::kNone};
  }
  if (const Literal* literal = expr.as_literal()) {
    return {
        literal->is_number ? Value::integer(std::stoll(literal->text)) : Value::text(literal->text),
        literal->is_number ? ParamType::kInt64 : ParamType::kCharbuf};
  }
  const TransformerExpr* transformer = expr.as_transformer();
  if (transformer != nullptr && transformer->name == "val") {
    return evaluate_expr(transformer->args.front(), context, is_condition_side);
  }
  const std::vector<Expr>& args =
      transformer != nullptr ? transformer->args : expr.as_tuple()->items;
  const std::span<Value> values = context.arena.array<Value>(args.size());
  std::vector<TransformerInput> inputs;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Operand operand = evaluate_expr(args[i], context, false);
    const ParamFormat format =
        args[i].as_field() != nullptr ? bind(*args[i].as_field()).format : ParamFormat::kDec;
    values[i] = operand.value.type() == ParamType::kNone
                    ? operand.value.with_type(operand.type, format)
                    : operand.value;
    inputs.push_back({operand.type, operand.is_list, print(args[i])});
  }
  if (transformer == nullptr) {
    return {Value::list(values), ParamType::kCharbuf, true};
  }
  const TransformerInfo& info = *find_transformer(transformer->name);
  const TransformerOutput output =
      check_transformer(info, inputs, transformer->has_argument, transformer->argument).value();
  return {apply_transformer(info, values, inputs, transformer->argument, context.arena),
          output.type, output.is_list};
}

}  // namespace saker::reference
