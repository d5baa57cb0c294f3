// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <gtest/gtest.h>

#include "bpf/user/live_source.h"
#include "bpf/user/probe.h"

namespace saker::sensor {
namespace {

TEST(BuildWithoutPrograms, SaysSo) {
  Counters counters;
  const auto source = LiveSource::open({}, counters);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(source.error().message.find("SAKER_BUILD_BPF"), std::string::npos);
  EXPECT_FALSE(probe().is_sufficient());
}

}  // namespace
}  // namespace saker::sensor
