// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/host_facts.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::metrics {
namespace {

TEST(HostFacts, ThisMachineHasThem) {
  EXPECT_FALSE(kernel_release().empty());
  EXPECT_GT(cpu_count(), 0U);
  EXPECT_GT(boot_time_ns(), 1'000'000'000'000'000'000U);
  const ResourceUsage usage = resource_usage();
  EXPECT_GT(usage.rss_kb, 0U);
  EXPECT_GE(usage.vsz_kb, usage.rss_kb);
  EXPECT_GT(usage.host_memory_kb, 0U);
  EXPECT_GT(usage.host_open_fds, 0U);
}

TEST(HostFacts, WhatCannotBeReadIsZero) {
  const ResourceUsage usage = resource_usage("/no/such/proc");
  EXPECT_EQ(usage.rss_kb, 0U);
  EXPECT_EQ(usage.cpu_perc, 0);
  EXPECT_EQ(usage.host_memory_kb, 0U);
}

TEST(HostFacts, DigestsOfFiles) {
  const testing::TempDir dir;
  std::ofstream(dir.file("a.yaml")) << "abc";
  const auto digests = file_digests({dir.file("a.yaml"), dir.file("missing.yaml")});
  ASSERT_EQ(digests.size(), 1U);
  EXPECT_EQ(digests[0].name, "a.yaml");
  // FIPS 180-2's example.
  EXPECT_EQ(digests[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace saker::metrics
