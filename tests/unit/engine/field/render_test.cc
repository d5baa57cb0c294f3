// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/render.h"

#include <array>

#include <gtest/gtest.h>

namespace saker {
namespace {

struct Case {
  Value value;
  ParamType type;
  ParamFormat format;
  const char* expected;
};

class Render : public ::testing::TestWithParam<Case> {};

TEST_P(Render, WritesTheText) {
  std::string text;
  render_value(text, GetParam().value, GetParam().type, GetParam().format);
  EXPECT_EQ(text, GetParam().expected);
}

using enum ParamType;
using enum ParamFormat;

constexpr std::array<std::uint8_t, 16> kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0,
                                                     0, 0, 0, 0, 0, 0, 0, 1};
const std::array<Value, 2> kPair = {Value::text("a"), Value::text("b")};

INSTANTIATE_TEST_SUITE_P(Numbers, Render,
                         ::testing::Values(Case{Value::integer(-5), kInt64, kDec, "-5"},
                                           Case{Value::number(18446744073709551615ULL), kUint64,
                                                kDec, "18446744073709551615"},
                                           Case{Value::integer(-1), kInt32, kHex, "FFFFFFFF"},
                                           Case{Value::number(0xfe00), kInt32, kHex, "FE00"},
                                           Case{Value::number(0), kUint32, kHex, "0"},
                                           Case{Value::number(0644), kUint32, kOct, "644"},
                                           Case{Value::number(42), kReltime, kPaddedDec,
                                                "000000042"},
                                           Case{Value::number(80), kPort, kId, "80"},
                                           Case{Value::number(3), kUint64, kDefault, "3"},
                                           Case{Value::real(1.26), kDouble, kDefault, "1.3"},
                                           Case{Value::boolean(true), kBool, kDefault, "true"},
                                           Case{Value::boolean(false), kBool, kDefault, "false"}));

INSTANTIATE_TEST_SUITE_P(
    Others, Render,
    ::testing::Values(Case{Value{}, kCharbuf, kDefault, ""},
                      Case{Value::text("a b"), kCharbuf, kDefault, "a b"},
                      Case{Value::bytes(as_bytes(std::string_view("a\0\n\x7f~", 5))), kBytebuf,
                           kDefault, "a...~"},
                      Case{Value::ipv4(0x0100007f), kIpaddr, kDefault, "127.0.0.1"},
                      Case{Value::ipv6(kLoopback6.data()), kIpaddr, kDefault, "::1"},
                      Case{Value::ipv4(0x0100007f), kIpnet, kDefault, "<IPNET>"},
                      Case{Value::list(kPair), kCharbuf, kDefault, "(a,b)"},
                      Case{Value::list({}), kCharbuf, kDefault, "()"},
                      // The value's own type goes before the field's.
                      Case{Value::number(255).with_type(kFlags32, kHex), kDyn, kDefault, "FF"}));

TEST(RenderBytes, AsBase64) {
  for (const auto& [bytes, expected] : {std::pair<std::string_view, std::string_view>{"", ""},
                                        {"f", "Zg=="},
                                        {"fo", "Zm8="},
                                        {"foo", "Zm9v"},
                                        {"\xff\xfe", "//4="}}) {
    std::string text;
    render_value(text, Value::bytes(as_bytes(bytes)), kBytebuf, kDefault, true);
    EXPECT_EQ(text, expected);
  }
}

TEST(JsonNumber, DependsOnTypeAndFormat) {
  EXPECT_TRUE(is_json_number(kInt64, kId));
  EXPECT_TRUE(is_json_number(kReltime, kPaddedDec));
  EXPECT_TRUE(is_json_number(kPort, kDec));
  EXPECT_TRUE(is_json_number(kDouble, kDefault));
  EXPECT_FALSE(is_json_number(kInt32, kHex));
  EXPECT_FALSE(is_json_number(kUint32, kOct));
  EXPECT_FALSE(is_json_number(kCharbuf, kDec));
  EXPECT_FALSE(is_json_number(kIpaddr, kDec));
  EXPECT_FALSE(is_json_number(kBool, kDec));
}

}  // namespace
}  // namespace saker
