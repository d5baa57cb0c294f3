// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The scripts are also shown to the shells themselves, where they are installed.
#include "compat/cli/completion.h"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "app/commands.h"
#include "compat/cli/flags.h"
#include "tests/support/temp_dir.h"

namespace saker::app {
namespace {

bool has(const std::string& command) {
  return std::system(("command -v " + command + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command, const testing::TempDir& dir) {
  const std::string file = dir.file("output");
  EXPECT_EQ(std::system((command + " >" + file + " 2>&1").c_str()), 0) << command;
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class Completion : public ::testing::TestWithParam<const char*> {};

TEST_P(Completion, KnowsEveryFlagAndSubcommand) {
  const std::string script = cli::completion_script(GetParam(), all_subcommands()).value();
  for (const cli::Subcommand& command : all_subcommands()) {
    EXPECT_NE(script.find(command.name), std::string::npos) << command.name;
  }
  for (const cli::FlagInfo& flag : cli::all_flags()) {
    const std::string name =
        flag.long_name.empty() ? std::string(1, flag.short_name) : std::string(flag.long_name);
    EXPECT_NE(script.find(name), std::string::npos) << name;
  }
}

TEST_P(Completion, IsAcceptedByItsShell) {
  const std::string shell = GetParam();
  if (!has(shell)) {
    GTEST_SKIP() << shell << " is not installed";
  }
  const testing::TempDir dir;
  std::ofstream(dir.file("script")) << cli::completion_script(shell, all_subcommands()).value();
  EXPECT_EQ(output_of(shell + " -n " + dir.file("script"), dir), "");
}

INSTANTIATE_TEST_SUITE_P(Shells, Completion, ::testing::Values("bash", "zsh", "fish"),
                         [](const auto& test) { return std::string(test.param); });

TEST(BashCompletion, CompletesWords) {
  if (!has("bash")) {
    GTEST_SKIP() << "bash is not installed";
  }
  const testing::TempDir dir;
  std::ofstream(dir.file("script")) << cli::completion_script("bash", all_subcommands()).value();
  const auto complete = [&](const std::string& words, int at) {
    return output_of("cd " + dir.path().string() + " && bash -c '. ./script; COMP_WORDS=(" + words +
                         "); COMP_CWORD=" + std::to_string(at) + "; _saker; echo ${COMPREPLY[*]}'",
                     dir);
  };
  EXPECT_EQ(complete("saker rep", 1), "replay\n");
  EXPECT_EQ(complete("saker spool dr", 2), "drain\n");
  EXPECT_EQ(complete("saker run --valid", 2), "--validate\n");
  EXPECT_EQ(complete("saker -c scri", 2), "script\n");
  EXPECT_EQ(complete("falco rep", 1), "\n");
  EXPECT_EQ(complete("/usr/bin/falco --dry", 1), "--dry-run\n");
}

TEST(CompletionOfOtherShells, IsRefused) {
  EXPECT_FALSE(cli::completion_script("csh", all_subcommands()));
}

TEST(ManPage, KnowsEverythingAndIsAccepted) {
  const std::string page = cli::man_page(all_subcommands());
  EXPECT_TRUE(page.starts_with(".TH SAKER 8 "));
  for (const cli::Subcommand& command : all_subcommands()) {
    // A hyphen that is a minus sign is escaped.
    const std::string name = std::regex_replace(std::string(command.name), std::regex("-"), "\\-");
    EXPECT_NE(page.find(".SS saker " + name), std::string::npos) << name;
  }
  if (!has("man")) {
    GTEST_SKIP() << "man is not installed";
  }
  const testing::TempDir dir;
  std::ofstream(dir.file("saker.8")) << page;
  EXPECT_EQ(
      output_of("{ LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 "
                "-Z " +
                    dir.file("saker.8") + " 2>&1 >/dev/null; }",
                dir),
      "");
}

}  // namespace
}  // namespace saker::app
