// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/compare.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/base/check.h"
#include "engine/eval/ascii.h"
#include "engine/eval/glob.h"

namespace saker {

namespace {

using enum CompareOp;

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto equal = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal) != text.end() ||
         part.empty();
}

template <CompareOp op, typename T>
bool ordered(const T& a, const T& b) {
  if constexpr (op == kEq || op == kIn || op == kIntersects) {
    return a == b;
  } else if constexpr (op == kNe) {
    return a != b;
  } else if constexpr (op == kLt) {
    return a < b;
  } else if constexpr (op == kLe) {
    return a <= b;
  } else if constexpr (op == kGt) {
    return a > b;
  } else {
    static_assert(op == kGe);
    return a >= b;
  }
}

template <CompareOp op>
bool text_holds(std::string_view left, std::string_view right) {
  if constexpr (op == kContains || op == kBcontains) {
    return left.find(right) != std::string_view::npos;
  } else if constexpr (op == kIcontains) {
    return contains_ignoring_case(left, right);
  } else if constexpr (op == kStartswith || op == kBstartswith) {
    return left.starts_with(right);
  } else if constexpr (op == kEndswith) {
    return left.ends_with(right);
  } else if constexpr (op == kGlob || op == kIglob) {
    return glob_matches(right, left, op == kIglob);
  } else {
    return ordered<op>(left, right);
  }
}

template <CompareOp op>
struct SignedCompare {
  static std::size_t count(const Constants& c) { return c.numbers.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena&) {
    return ordered<op>(v.as_int(), static_cast<std::int64_t>(c.numbers[i]));
  }
};

template <CompareOp op>
struct UnsignedCompare {
  static std::size_t count(const Constants& c) { return c.numbers.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena&) {
    return ordered<op>(v.as_uint(), c.numbers[i]);
  }
};

template <CompareOp op>
struct DoubleCompare {
  static std::size_t count(const Constants& c) { return c.numbers.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena&) {
    return ordered<op>(v.as_double(), static_cast<double>(static_cast<std::int64_t>(c.numbers[i])));
  }
};

template <CompareOp op>
struct TextCompare {
  static std::size_t count(const Constants& c) { return c.texts.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena& arena) {
    if constexpr (op == kRegex) {
      return c.regexes[i].matches(v.as_text(), arena);
    } else {
      return text_holds<op>(v.as_text(), c.texts[i]);
    }
  }
};

bool same_address(const IpConstant& constant, const Value& v) {
  if (constant.is_ipv6 != (v.kind() == ValueKind::kIpv6)) {
    return false;
  }
  if (constant.is_ipv6) {
    return std::memcmp(constant.bytes.data(), v.as_ipv6(), 16) == 0;
  }
  const std::uint32_t address = v.as_ipv4();
  return std::memcmp(constant.bytes.data(), &address, sizeof(address)) == 0;
}

bool is_inside(const NetConstant& net, const Value& v) {
  if (net.address.is_ipv6 != (v.kind() == ValueKind::kIpv6)) {
    return false;
  }
  std::array<std::uint8_t, 16> bytes{};
  if (net.address.is_ipv6) {
    std::memcpy(bytes.data(), v.as_ipv6(), bytes.size());
  } else {
    const std::uint32_t address = v.as_ipv4();
    std::memcpy(bytes.data(), &address, sizeof(address));
  }
  const std::size_t whole = net.prefix_length / 8U;
  if (std::memcmp(bytes.data(), net.address.bytes.data(), whole) != 0) {
    return false;
  }
  const unsigned rest = net.prefix_length % 8U;
  return rest == 0 || ((bytes[whole] ^ net.address.bytes[whole]) >> (8 - rest)) == 0;
}

template <CompareOp op>
struct IpCompare {
  static std::size_t count(const Constants& c) { return c.addresses.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena&) {
    return same_address(c.addresses[i], v) != (op == kNe);
  }
};

template <CompareOp op>
struct NetCompare {
  static std::size_t count(const Constants& c) { return c.nets.size(); }
  static bool holds(const Constants& c, std::size_t i, const Value& v, Arena&) {
    return is_inside(c.nets[i], v) != (op == kNe);
  }
};

// How the constants combine.
template <typename Compare>
bool with_first(const Constants& c, const Value& v, Arena& arena) {
  return Compare::count(c) > 0 && Compare::holds(c, 0, v, arena);
}

template <typename Compare>
std::size_t holding(const Constants& c, const Value& v, Arena& arena) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < Compare::count(c); ++i) {
    if (Compare::holds(c, i, v, arena)) {
      ++found;
    }
  }
  return found;
}

template <typename Compare>
bool with_any(const Constants& c, const Value& v, Arena& arena) {
  for (std::size_t i = 0; i < Compare::count(c); ++i) {
    if (Compare::holds(c, i, v, arena)) {
      return true;
    }
  }
  return false;
}

template <typename Compare>
bool with_all(const Constants& c, const Value& v, Arena& arena) {
  return Compare::count(c) > 0 && holding<Compare>(c, v, arena) == Compare::count(c);
}

template <typename Compare>
bool with_one(const Constants& c, const Value& v, Arena& arena) {
  return holding<Compare>(c, v, arena) == 1;
}

template <typename Compare>
bool every_element(const Constants& c, const Value& v, Arena& arena) {
  return std::ranges::all_of(v.as_list(),
                             [&](const Value& e) { return with_any<Compare>(c, e, arena); });
}

template <typename Compare>
bool some_element(const Constants& c, const Value& v, Arena& arena) {
  return std::ranges::any_of(v.as_list(),
                             [&](const Value& e) { return with_any<Compare>(c, e, arena); });
}

bool text_in_set(const Constants& c, const Value& v, Arena&) {
  return c.has_text(v.as_text());
}
bool path_has_prefix(const Constants& c, const Value& v, Arena&) {
  return c.paths.matches(v.as_text());
}

struct TestRow {
  CompareOp op = kExists;
  std::array<ValueTest, 4> by_modifier{};  // in the order of OpModifier
  ValueTest on_list = nullptr;
};

template <template <CompareOp> typename Compare, CompareOp op>
constexpr TestRow row() {
  using C = Compare<op>;
  if constexpr (op == kIn || op == kIntersects) {
    return {op,
            {with_any<C>, with_any<C>, with_any<C>, with_any<C>},
            op == kIn ? every_element<C> : some_element<C>};
  } else {
    return {op, {with_first<C>, with_one<C>, with_any<C>, with_all<C>}, nullptr};
  }
}

template <template <CompareOp> typename Compare>
constexpr std::array kOrderedRows = {
    row<Compare, kEq>(), row<Compare, kNe>(), row<Compare, kLt>(), row<Compare, kLe>(),
    row<Compare, kGt>(), row<Compare, kGe>(), row<Compare, kIn>(), row<Compare, kIntersects>()};

template <template <CompareOp> typename Compare>
constexpr std::array kEqualityRows = {row<Compare, kEq>(), row<Compare, kNe>(), row<Compare, kIn>(),
                                      row<Compare, kIntersects>()};

constexpr std::array kTextOnlyRows = {
    row<TextCompare, kContains>(),
    row<TextCompare, kIcontains>(),
    row<TextCompare, kBcontains>(),
    row<TextCompare, kStartswith>(),
    row<TextCompare, kBstartswith>(),
    row<TextCompare, kEndswith>(),
    row<TextCompare, kGlob>(),
    row<TextCompare, kIglob>(),
    row<TextCompare, kRegex>(),
    TestRow{
        kPmatch, {path_has_prefix, path_has_prefix, path_has_prefix, path_has_prefix}, nullptr}};

std::span<const TestRow> rows_of(ValueClass value) {
  switch (value) {
    case ValueClass::kSigned:
      return kOrderedRows<SignedCompare>;
    case ValueClass::kUnsigned:
    case ValueClass::kPort:
      return kOrderedRows<UnsignedCompare>;
    case ValueClass::kBool:
      return kEqualityRows<UnsignedCompare>;
    case ValueClass::kDouble:
      return kOrderedRows<DoubleCompare>;
    case ValueClass::kText:
    case ValueClass::kBytes:
      return kOrderedRows<TextCompare>;
    case ValueClass::kIp:
      return kEqualityRows<IpCompare>;
    case ValueClass::kNet:
      return kEqualityRows<NetCompare>;
    case ValueClass::kOther:
      break;
  }
  return {};
}

const TestRow* find_row(std::span<const TestRow> rows, CompareOp op) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [op](const TestRow& r) { return r.op == op; });
  return found == rows.end() ? nullptr : &*found;
}

bool same_value(ValueClass value, const Value& a, const Value& b) {
  switch (value) {
    case ValueClass::kText:
    case ValueClass::kBytes:
      return a.as_text() == b.as_text();
    case ValueClass::kIp:
    case ValueClass::kNet:
      return a.kind() == b.kind() &&
             (a.kind() == ValueKind::kIpv4 ? a.as_ipv4() == b.as_ipv4()
                                           : std::memcmp(a.as_ipv6(), b.as_ipv6(), 16) == 0);
    case ValueClass::kDouble:
      return a.as_double() == b.as_double();
    default:
      return a.as_uint() == b.as_uint();
  }
}

// -1, 0 or 1.
int order_of(ValueClass value, const Value& a, const Value& b) {
  const auto three_way = [](auto x, auto y) { return x < y ? -1 : (y < x ? 1 : 0); };
  switch (value) {
    case ValueClass::kText:
    case ValueClass::kBytes:
      return three_way(a.as_text(), b.as_text());
    case ValueClass::kSigned:
      return three_way(a.as_int(), b.as_int());
    case ValueClass::kDouble:
      return three_way(a.as_double(), b.as_double());
    default:
      return three_way(a.as_uint(), b.as_uint());
  }
}

bool compare_lists(ValueClass value, CompareOp op, std::span<const Value> left,
                   std::span<const Value> right) {
  const auto is_in_right = [&](const Value& v) {
    return std::ranges::any_of(right, [&](const Value& r) { return same_value(value, v, r); });
  };
  return op == kIn ? std::ranges::all_of(left, is_in_right)
                   : std::ranges::any_of(left, is_in_right);
}

}  // namespace

ValueTest select_test(ValueClass value, bool is_list, CompareOp op, OpModifier modifier) {
  const bool is_textual = value == ValueClass::kText || value == ValueClass::kBytes;
  const TestRow* found = find_row(rows_of(value), op);
  if (found == nullptr && is_textual) {
    found = find_row(kTextOnlyRows, op);
  }
  SAKER_CHECK(found != nullptr);
  if (is_list) {
    return found->on_list;
  }
  if (is_textual &&
      (op == kIn || op == kIntersects || (op == kEq && modifier == OpModifier::kAnyof))) {
    return text_in_set;
  }
  return found->by_modifier[static_cast<std::size_t>(modifier)];
}

bool compare_values(ValueClass value, bool is_list, CompareOp op, const Value& left,
                    const Value& right) {
  if (is_list) {
    return compare_lists(value, op, left.as_list(), right.as_list());
  }
  switch (op) {
    case kEq:
    case kIn:
    case kIntersects:
      return same_value(value, left, right);
    case kNe:
      return !same_value(value, left, right);
    case kLt:
      return order_of(value, left, right) < 0;
    case kLe:
      return order_of(value, left, right) <= 0;
    case kGt:
      return order_of(value, left, right) > 0;
    case kGe:
      return order_of(value, left, right) >= 0;
    case kContains:
    case kBcontains:
      return text_holds<kContains>(left.as_text(), right.as_text());
    case kIcontains:
      return text_holds<kIcontains>(left.as_text(), right.as_text());
    case kStartswith:
    case kBstartswith:
      return text_holds<kStartswith>(left.as_text(), right.as_text());
    case kEndswith:
      return text_holds<kEndswith>(left.as_text(), right.as_text());
    case kGlob:
      return text_holds<kGlob>(left.as_text(), right.as_text());
    case kIglob:
      return text_holds<kIglob>(left.as_text(), right.as_text());
    case kExists:
    case kRegex:
    case kPmatch:
      break;
  }
  return false;
}

}  // namespace saker
