// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The containers of the state: id map, fd table, interfaces.
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/state/fd_store.h"
#include "engine/state/id_map.h"
#include "engine/state/interfaces.h"

namespace saker {
namespace {

TEST(IdMap, BehavesLikeAMap) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same cases in every run
  IdMap<int> map;
  std::map<std::int64_t, int> model;
  for (int i = 0; i < 200000; ++i) {
    const auto key = static_cast<std::int64_t>(random() % 3000) - 100;
    if (random() % 2 == 0) {
      map.put(key, i);
      model[key] = i;
    } else {
      map.erase(key);
      model.erase(key);
    }
    const int* found = map.find(key);
    const auto expected = model.find(key);
    ASSERT_EQ(found != nullptr, expected != model.end());
    ASSERT_TRUE(found == nullptr || *found == expected->second);
    ASSERT_EQ(map.size(), model.size());
  }
  for (const auto& [key, value] : model) {
    ASSERT_EQ(*map.find(key), value);
  }
}

TEST(IdMap, DoesNotKnowTheReservedKey) {
  IdMap<int> map;
  EXPECT_EQ(map.find(IdMap<int>::kReservedKey), nullptr);
  map.erase(IdMap<int>::kReservedKey);
  EXPECT_EQ(map.size(), 0U);
}

class FdTables : public ::testing::Test {
protected:
  Counters counters;
  FdStore store{100000, 200000, counters};
};

TEST_F(FdTables, HoldLowHighAndNegativeNumbers) {
  Ref<FdTable> table = store.make_files()->table;
  for (const std::int64_t fd : {3, 0, 2000, 1023, 1024, -14}) {
    FdInfo* info = store.add(table, fd, store.make(FdType::kFile));
    ASSERT_NE(info, nullptr);
    info->name = std::to_string(fd);
  }
  EXPECT_EQ(table->size(), 6U);
  for (const std::int64_t fd : {3, 0, 2000, 1023, 1024, -14}) {
    ASSERT_NE(table->find(fd), nullptr);
    EXPECT_EQ(table->find(fd)->name, std::to_string(fd));
  }
  EXPECT_EQ(table->find(1), nullptr);
  EXPECT_EQ(table->find(5000), nullptr);
  store.remove(table, 2000);
  store.remove(table, 3);
  store.remove(table, 4);
  EXPECT_EQ(table->size(), 4U);
}

TEST_F(FdTables, AreCopiedOnWrite) {
  Ref<FdTable> parent = store.make_files()->table;
  store.add(parent, 3, store.make(FdType::kFile));
  Ref<FdTable> child = parent;
  store.edit(child, 3).name = "child";
  EXPECT_EQ(parent->find(3)->name, "");
  EXPECT_NE(parent->find(3)->id, child->find(3)->id);
  store.remove(child, 3);
  EXPECT_NE(parent->find(3), nullptr);
  EXPECT_EQ(store.live_count(), 1U);
}

TEST_F(FdTables, EditGivesANewIdInPlaceWhenNobodyShares) {
  Ref<FdTable> table = store.make_files()->table;
  FdInfo* info = store.add(table, 3, store.make(FdType::kFile));
  const std::uint64_t id = info->id;
  EXPECT_EQ(&store.edit(table, 3), info);
  EXPECT_GT(info->id, id);
}

InterfaceSnapshot ipv4_interface(std::array<std::uint8_t, 4> address, std::uint8_t mask_bytes) {
  InterfaceSnapshot row;
  std::copy(address.begin(), address.end(), row.address.begin());
  std::fill_n(row.netmask.begin(), mask_bytes, std::uint8_t{255});
  return row;
}

IpAddress ipv4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  return address;
}

TEST(InterfacesTest, InferTheOwnEndOfATuple) {
  Interfaces interfaces;
  EXPECT_TRUE(interfaces.infer_local(ipv4({8, 8, 8, 8})).is_zero());
  interfaces.assign({ipv4_interface({127, 0, 0, 1}, 1), ipv4_interface({10, 0, 0, 5}, 3),
                     ipv4_interface({192, 168, 0, 7}, 2)});
  const std::pair<std::array<std::uint8_t, 4>, std::array<std::uint8_t, 4>> cases[] = {
      {{127, 0, 0, 1}, {127, 0, 0, 1}},      // the same address
      {{127, 0, 0, 9}, {127, 0, 0, 1}},      // the same subnet
      {{192, 168, 3, 4}, {192, 168, 0, 7}},  // the same subnet
      {{8, 8, 8, 8}, {10, 0, 0, 5}},         // the first that is not loopback
  };
  for (const auto& [other, expected] : cases) {
    EXPECT_EQ(interfaces.infer_local(ipv4(other)), ipv4(expected));
  }
  EXPECT_TRUE(interfaces.is_local(ipv4({10, 0, 0, 5})));
  EXPECT_FALSE(interfaces.is_local(ipv4({10, 0, 0, 6})));
}

TEST(InterfacesTest, CompareHalfOfAnIpv6Address) {
  InterfaceSnapshot row;
  row.is_ipv6 = true;
  row.address = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
  Interfaces interfaces;
  interfaces.assign({row});
  IpAddress address;
  address.is_ipv6 = true;
  address.bytes = row.address;
  address.bytes[15] = 9;
  EXPECT_TRUE(interfaces.is_local(address));
  address.bytes[7] = 9;
  EXPECT_FALSE(interfaces.is_local(address));
}

}  // namespace
}  // namespace saker
