// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/subcommand.h"

#include <gtest/gtest.h>

namespace saker::cli {
namespace {

using Words = std::vector<std::string>;

int nothing(std::span<const std::string> /*rest*/) {
  return 0;
}

constexpr Subcommand kTable[] = {
    {.name = "one", .arguments = "FILE", .meaning = "First.", .details = "More.", .run = nothing},
    {.name = "two", .arguments = "", .meaning = "Second.", .details = "", .run = nothing},
};

TEST(Subcommand, AreForSakerOnly) {
  const Words words = {"two", "x"};
  EXPECT_EQ(find_subcommand(kTable, "/usr/bin/saker", words), &kTable[1]);
  EXPECT_EQ(find_subcommand(kTable, "falco", words), nullptr);
}

TEST(Subcommand, StandFirst) {
  EXPECT_EQ(find_subcommand(kTable, "saker", Words{"-v", "one"}), nullptr);
  EXPECT_EQ(find_subcommand(kTable, "saker", Words{"three"}), nullptr);
  EXPECT_EQ(find_subcommand(kTable, "saker", Words{}), nullptr);
}

TEST(Subcommand, HelpNamesWhatFollows) {
  EXPECT_EQ(subcommand_help(kTable[0]), "Usage:\n  saker one FILE\n\nFirst.\n\nMore.\n");
  EXPECT_EQ(subcommand_help(kTable[1]), "Usage:\n  saker two\n\nSecond.\n");
  const std::string all = subcommands_help(kTable);
  EXPECT_NE(all.find("\n  one         First.\n  two         Second.\n"), std::string::npos) << all;
}

TEST(Subcommand, UnknownOnesNameTheClosest) {
  EXPECT_EQ(unknown_subcommand(kTable, "twoo"),
            "there is no subcommand 'twoo'; did you mean 'two'? (saker --help lists them)");
  EXPECT_EQ(unknown_subcommand(kTable, "different"),
            "there is no subcommand 'different' (saker --help lists them)");
}

TEST(Subcommand, HelpIsAskedForBeforeTwoDashes) {
  EXPECT_TRUE(wants_help(Words{"x", "--help"}));
  EXPECT_TRUE(wants_help(Words{"-h"}));
  EXPECT_FALSE(wants_help(Words{"--", "--help"}));
}

}  // namespace
}  // namespace saker::cli
