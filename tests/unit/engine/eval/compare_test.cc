// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/compare.h"

#include <vector>

#include <gtest/gtest.h>

namespace saker {
namespace {

using enum CompareOp;

struct TextCase {
  CompareOp op;
  OpModifier modifier;
  std::vector<std::string_view> constants;
  std::string_view value;
  bool holds;
};

bool test_text(const TextCase& c) {
  Arena arena;
  const auto constants = make_constants(ParamType::kCharbuf, c.op, c.constants, false);
  EXPECT_TRUE(constants.has_value());
  return select_test(ValueClass::kText, false, c.op, c.modifier)(*constants, Value::text(c.value),
                                                                 arena);
}

TEST(Compare, Texts) {
  using enum OpModifier;
  const TextCase cases[] = {
      {kEq, kNone, {"a"}, "a", true},
      {kEq, kNone, {"a"}, "A", false},
      {kNe, kNone, {"a"}, "b", true},
      {kLt, kNone, {"b"}, "a", true},
      {kGe, kNone, {"\xff"}, "a", false},
      {kContains, kNone, {""}, "a", true},
      {kContains, kNone, {"bc"}, "abcd", true},
      {kIcontains, kNone, {"BC"}, "abcd", true},
      {kStartswith, kNone, {"ab"}, "abc", true},
      {kEndswith, kNone, {"ab"}, "abc", false},
      {kGlob, kNone, {"/etc/*"}, "/etc/a/b", true},
      {kIglob, kNone, {"/ETC/*"}, "/etc/a", true},
      {kRegex, kNone, {"[a-z]+"}, "abc", true},
      {kRegex, kNone, {"[a-z]+"}, "abc1", false},
      {kRegex,
       kNone,
       {"a.c"},
       "a\xff"
       "c",
       true},
      {kIn, kNone, {"a", "b"}, "b", true},
      {kIn, kNone, {}, "b", false},
      {kIn, kNone, {"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "9", true},
      {kIn, kNone, {"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "", false},
      {kPmatch, kNone, {"/var/run", "/etc"}, "/etc/x", true},
      {kStartswith, kAnyof, {"x", "ab"}, "abc", true},
      {kStartswith, kAllof, {"a", "ab"}, "abc", true},
      {kStartswith, kAllof, {"a", "x"}, "abc", false},
      {kStartswith, kOneof, {"a", "ab"}, "abc", false},
      {kStartswith, kOneof, {"a", "x"}, "abc", true},
      {kEq, kOneof, {"a", "a"}, "a", false},
      {kEq, kAllof, {}, "a", false},
      {kEq, kAnyof, {}, "a", false},
      {kNe, kAllof, {"a", "b"}, "c", true},
      {kNe, kAnyof, {"a", "b"}, "a", true},
  };
  for (const TextCase& c : cases) {
    EXPECT_EQ(test_text(c), c.holds)
        << to_text(c.op) << " " << to_text(c.modifier) << " on " << c.value;
  }
}

struct NumberCase {
  ParamType type;
  CompareOp op;
  std::string_view constant;
  Value value;
  bool holds;
};

TEST(Compare, NumbersInTheirOwnWidth) {
  const NumberCase cases[] = {
      {ParamType::kInt64, kEq, "-1", Value::integer(-1), true},
      {ParamType::kInt64, kLt, "0", Value::integer(-5), true},
      {ParamType::kUint32, kEq, "-1", Value::number(0xffffffff), true},
      {ParamType::kUint64, kGt, "0", Value::number(~0ULL), true},
      {ParamType::kInt16, kEq, "+7", Value::integer(7), true},
      {ParamType::kPort, kEq, "65537", Value::number(1), true},
      {ParamType::kPort, kEq, "http", Value::number(80), true},
      {ParamType::kBool, kNe, "true", Value::boolean(false), true},
      {ParamType::kDouble, kGe, "2", Value::real(2.5), true},
  };
  for (const NumberCase& c : cases) {
    Arena arena;
    const auto constants = make_constants(c.type, c.op, std::span(&c.constant, 1), false);
    ASSERT_TRUE(constants.has_value()) << c.constant;
    EXPECT_EQ(select_test(value_class(c.type), false, c.op, OpModifier::kNone)(*constants, c.value,
                                                                               arena),
              c.holds)
        << to_text(c.op) << " " << c.constant;
  }
}

TEST(Constants, RefuseWhatTheTypeCannotHold) {
  struct Row {
    ParamType type;
    CompareOp op;
    std::string_view text;
    std::string_view message;
  };
  const Row rows[] = {
      {ParamType::kInt64, kEq, "0x10", "0x10 is not a valid number"},
      {ParamType::kUint32, kEq, "1.5", "1.5 is not a valid number"},
      {ParamType::kInt64, kEq, "", " is not a valid number"},
      {ParamType::kBool, kEq, "yes", "filter error: unrecognized boolean value yes"},
      {ParamType::kIpaddr, kEq, "1.2.3", "unrecognized IPv4 address 1.2.3"},
      {ParamType::kIpaddr, kEq, "zz", "unrecognized IPv6 address zz"},
      {ParamType::kIpnet, kEq, "1.2.3.4", "unrecognized IP network 1.2.3.4"},
      {ParamType::kIpnet, kEq, "1.2.3.4/33", "invalid netmask 33"},
      {ParamType::kPort, kEq, "no-such-service", "unrecognized protocol no-such-service"},
      {ParamType::kBytebuf, kBcontains, "abc",
       "filter error: bcontains and bstartswith operator support hex strings only"},
  };
  for (const Row& row : rows) {
    const auto constants = make_constants(row.type, row.op, std::span(&row.text, 1), false);
    ASSERT_FALSE(constants.has_value()) << row.text;
    EXPECT_EQ(constants.error().message, row.message);
  }
}

TEST(Compare, NetworksAndAddresses) {
  Arena arena;
  const std::string_view net = "10.1.0.0/17";
  const auto nets = make_constants(ParamType::kIpnet, kEq, std::span(&net, 1), false);
  const auto inside = select_test(ValueClass::kNet, false, kEq, OpModifier::kNone);
  const auto outside = select_test(ValueClass::kNet, false, kNe, OpModifier::kNone);
  const auto ip = [](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return Value::ipv4(static_cast<std::uint32_t>(a | b << 8 | c << 16) |
                       static_cast<std::uint32_t>(d) << 24);
  };
  EXPECT_TRUE(inside(*nets, ip(10, 1, 127, 9), arena));
  EXPECT_FALSE(inside(*nets, ip(10, 1, 128, 9), arena));
  EXPECT_TRUE(outside(*nets, ip(10, 1, 128, 9), arena));
  const std::array<std::uint8_t, 16> six{};
  EXPECT_FALSE(inside(*nets, Value::ipv6(six.data()), arena));
  EXPECT_TRUE(outside(*nets, Value::ipv6(six.data()), arena));
}

TEST(Compare, ListsOfTexts) {
  Arena arena;
  const std::vector<std::string_view> texts{"a", "b"};
  const auto constants = make_constants(ParamType::kCharbuf, kIn, texts, false);
  const auto every = select_test(ValueClass::kText, true, kIn, OpModifier::kNone);
  const auto some = select_test(ValueClass::kText, true, kIntersects, OpModifier::kNone);
  const Value both[] = {Value::text("a"), Value::text("c")};
  EXPECT_FALSE(every(*constants, Value::list(both), arena));
  EXPECT_TRUE(some(*constants, Value::list(both), arena));
  EXPECT_TRUE(every(*constants, Value::list({}), arena));
  EXPECT_FALSE(some(*constants, Value::list({}), arena));
}

}  // namespace
}  // namespace saker
