// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/value_copy.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(ValueCopy, OwnsEverythingThatValuesBorrow) {
  auto text = std::make_unique<std::string>("some text");
  auto address = std::make_unique<std::array<std::uint8_t, 16>>();
  (*address)[15] = 1;
  auto inner = std::make_unique<std::vector<Value>>();
  inner->push_back(Value::text(*text));
  inner->push_back(Value::integer(-7));
  auto outer = std::make_unique<std::vector<Value>>();
  outer->push_back(Value::list(*inner));
  outer->push_back(Value::ipv6(address->data()));
  std::vector<Value> values = {
      Value{},
      Value::boolean(true),
      Value::text(*text).with_type(ParamType::kFspath, ParamFormat::kHex),
      Value::bytes(as_bytes(*text)),
      Value::ipv4(0x0100007f),
      Value::list(*outer),
      Value::text(""),
      Value::list({}),
  };
  const auto storage = copy_values(values);
  text->assign(9, 'X');
  text.reset();
  address.reset();
  inner.reset();
  outer.reset();

  EXPECT_FALSE(values[0].has_value());
  EXPECT_TRUE(values[1].as_bool());
  EXPECT_EQ(values[2].as_text(), "some text");
  EXPECT_EQ(values[2].type(), ParamType::kFspath);
  EXPECT_EQ(values[2].format(), ParamFormat::kHex);
  EXPECT_EQ(as_text(values[3].as_bytes()), "some text");
  EXPECT_EQ(values[4].as_ipv4(), 0x0100007fU);
  const auto list = values[5].as_list();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].as_list()[0].as_text(), "some text");
  EXPECT_EQ(list[0].as_list()[1].as_int(), -7);
  EXPECT_EQ(list[1].as_ipv6()[15], 1);
  EXPECT_EQ(values[6].as_text(), "");
  EXPECT_TRUE(values[6].has_value());
  EXPECT_TRUE(values[7].as_list().empty());
}

TEST(ValueCopy, NothingBorrowedNeedsNoStorage) {
  std::vector<Value> values = {Value::integer(1), Value{}};
  EXPECT_EQ(copy_values(values), nullptr);
  EXPECT_EQ(values[0].as_int(), 1);
}

}  // namespace
}  // namespace saker
