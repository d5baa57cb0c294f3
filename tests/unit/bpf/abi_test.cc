// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The types that both sides share, as the BPF compiler laid them out (from the BTF of the built
// object; no privileges needed) and as ours does.
#include <bpf/btf.h>

#include <cstddef>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "bpf/shared/record.h"
#include "engine/event/event_view.h"

namespace saker {
namespace {

struct FreeBtf {
  void operator()(btf* types) const noexcept { btf__free(types); }
};

struct Member {
  const char* type;
  const char* name;
  std::size_t offset;
};
constexpr Member kMembers[] = {
    {"saker_record_prefix", "cpu", offsetof(saker_record_prefix, cpu)},
    {"saker_record_head", "ts_ns", offsetof(saker_record_head, ts_ns)},
    {"saker_record_head", "tid", offsetof(saker_record_head, tid)},
    {"saker_record_head", "length", offsetof(saker_record_head, length)},
    {"saker_record_head", "type", offsetof(saker_record_head, type)},
    {"saker_record_head", "param_count", offsetof(saker_record_head, param_count)},
    {"saker_ledger_row", "count", offsetof(saker_ledger_row, count)},
    {"saker_options", "boot_epoch_ns", offsetof(saker_options, boot_epoch_ns)},
    {"saker_options", "only_cgroup", offsetof(saker_options, only_cgroup)},
    {"saker_options", "snaplen", offsetof(saker_options, snaplen)},
    {"saker_options", "ring_count", offsetof(saker_options, ring_count)},
    {"saker_options", "cpus_per_ring", offsetof(saker_options, cpus_per_ring)},
    {"saker_options", "drop_failed_exit", offsetof(saker_options, drop_failed_exit)},
};

struct Size {
  const char* type;
  std::size_t size;
};
constexpr Size kSizes[] = {{"saker_record_prefix", sizeof(saker_record_prefix)},
                           {"saker_record_head", sizeof(saker_record_head)},
                           {"saker_ledger_row", sizeof(saker_ledger_row)},
                           {"saker_options", sizeof(saker_options)}};

class Abi : public ::testing::Test {
protected:
  void SetUp() override {
    types_.reset(btf__parse(SAKER_BPF_OBJECT, nullptr));
    ASSERT_NE(types_, nullptr) << SAKER_BPF_OBJECT;
  }
  const btf_type* find(const char* name) {
    const int id = btf__find_by_name_kind(types_.get(), name, BTF_KIND_STRUCT);
    EXPECT_GE(id, 0) << name;
    return id < 0 ? nullptr : btf__type_by_id(types_.get(), static_cast<__u32>(id));
  }

  std::unique_ptr<btf, FreeBtf> types_;
};

TEST_F(Abi, SizesAgree) {
  for (const Size& expected : kSizes) {
    const btf_type* type = find(expected.type);
    ASSERT_NE(type, nullptr);
    EXPECT_EQ(type->size, expected.size) << expected.type;
  }
}

TEST_F(Abi, OffsetsAgree) {
  for (const Member& expected : kMembers) {
    const btf_type* type = find(expected.type);
    ASSERT_NE(type, nullptr);
    bool is_found = false;
    for (__u32 i = 0; i < btf_vlen(type); ++i) {
      if (std::string(btf__name_by_offset(types_.get(), btf_members(type)[i].name_off)) ==
          expected.name) {
        is_found = true;
        EXPECT_EQ(btf_member_bit_offset(type, i), expected.offset * 8)
            << expected.type << "." << expected.name;
      }
    }
    EXPECT_TRUE(is_found) << expected.type << "." << expected.name;
  }
}

TEST_F(Abi, RecordHeadIsTheHeaderThatEventViewReads) {
  EXPECT_EQ(sizeof(saker_record_head), kEventHeaderBytes);
  EXPECT_EQ(sizeof(saker_record_prefix) % 8, 0U);
  // With the ledger; larger blocks of memory are hard to get for kernels before 5.15.
  EXPECT_LT(SAKER_MAX_CPUS * sizeof(saker_ledger_row), std::size_t{1000} * 1000);
  EXPECT_LE(kEventTypeCount, static_cast<std::size_t>(SAKER_MAX_EVENT_TYPES));
}

}  // namespace
}  // namespace saker
