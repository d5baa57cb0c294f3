// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/commands.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace saker::app {
namespace {

using Words = std::vector<std::string>;

Result<Words> rewritten(const Words& words) {
  const cli::Subcommand* command = cli::find_subcommand(all_subcommands(), "saker", words);
  if (command == nullptr || command->rewrite == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "no such subcommand");
  }
  return command->rewrite(std::span(words).subspan(1));
}

TEST(Commands, EveryRowIsComplete) {
  std::set<std::string_view> names;
  for (const cli::Subcommand& command : all_subcommands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.meaning.empty()) << command.name;
    EXPECT_FALSE(command.details.empty()) << command.name;
    EXPECT_NE(command.rewrite == nullptr, command.run == nullptr) << command.name;
  }
}

TEST(Commands, RewrittenOnesBecomeFlags) {
  EXPECT_EQ(rewritten({"version"}).value(), Words{"--version"});
  EXPECT_EQ(rewritten({"run", "-v"}).value(), Words{"-v"});
  EXPECT_EQ(rewritten({"replay", "a.scap", "-r", "x.yaml"}).value(),
            (Words{"-o", "engine.kind=replay", "-o", "engine.replay.capture_file=a.scap", "-r",
                   "x.yaml"}));
  EXPECT_EQ(rewritten({"replay", "-"}).value().back(), "engine.replay.capture_file=/dev/stdin");
  EXPECT_FALSE(rewritten({"replay"}));
  EXPECT_FALSE(rewritten({"replay", "-r"}));
}

}  // namespace
}  // namespace saker::app
