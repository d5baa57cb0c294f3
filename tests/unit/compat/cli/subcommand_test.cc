// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/subcommand.h"

#include <gtest/gtest.h>

namespace saker::cli {
namespace {

using Words = std::vector<std::string>;

TEST(Subcommand, AreForSakerOnly) {
  const Words words = {"version"};
  EXPECT_EQ(rewrite_subcommand("/usr/bin/saker", words).value(), Words{"--version"});
  EXPECT_EQ(rewrite_subcommand("falco", words).value(), words);
}

TEST(Subcommand, ReplayBecomesOptions) {
  EXPECT_EQ(rewrite_subcommand("saker", Words{"replay", "a.scap", "-r", "x.yaml"}).value(),
            (Words{"-o", "engine.kind=replay", "-o", "engine.replay.capture_file=a.scap", "-r",
                   "x.yaml"}));
  EXPECT_FALSE(rewrite_subcommand("saker", Words{"replay"}));
  EXPECT_FALSE(rewrite_subcommand("saker", Words{"replay", "-r"}));
}

TEST(Subcommand, RunAndFlagsStayFlags) {
  EXPECT_EQ(rewrite_subcommand("saker", Words{"run", "-v"}).value(), Words{"-v"});
  EXPECT_EQ(rewrite_subcommand("saker", Words{"-v", "run"}).value(), (Words{"-v", "run"}));
  EXPECT_EQ(rewrite_subcommand("saker", Words{}).value(), Words{});
}

}  // namespace
}  // namespace saker::cli
