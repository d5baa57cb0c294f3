// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/bpf_object.h"

#include <gtest/gtest.h>

#include "bpf/shared/record.h"

namespace saker::sensor {
namespace {

TEST(BpfObject, RefusesMachinesWithMoreCpusThanItWatches) {
  EXPECT_TRUE(check_cpu_count(1));
  EXPECT_TRUE(check_cpu_count(SAKER_MAX_CPUS));
  const Status refused = check_cpu_count(SAKER_MAX_CPUS + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_NE(refused.error().message.find("1025 CPUs"), std::string::npos);
}

}  // namespace
}  // namespace saker::sensor
