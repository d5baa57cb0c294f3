// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/flags.h"

#include <set>

#include <gtest/gtest.h>

namespace saker::cli {
namespace {

using Words = std::vector<std::string>;

std::string error_of(const Words& words) {
  const auto flags = parse_flags(words);
  return flags ? "" : flags.error().message;
}

// Every spelling of a flag that a table row allows, and the member that it sets.
TEST(Flags, EveryRowSetsItsMember) {
  for (const FlagInfo& flag : all_flags()) {
    const std::string short_form = flag.short_name == 0 ? "" : std::string("-") + flag.short_name;
    const std::string long_form = flag.long_name.empty() ? "" : "--" + std::string(flag.long_name);
    std::vector<Words> spellings;
    if (std::holds_alternative<bool Flags::*>(flag.target)) {
      spellings = {{short_form}, {long_form}};
    } else {
      if (flag.value_when_omitted.empty()) {
        spellings = {{short_form, "value"}, {long_form, "value"}};
      }
      spellings.push_back({short_form.empty() ? "" : short_form + "value"});
      spellings.push_back({long_form.empty() ? "" : long_form + "=value"});
    }
    for (const Words& words : spellings) {
      if (words[0].empty()) {
        continue;
      }
      const auto flags = parse_flags(words);
      ASSERT_TRUE(flags) << words[0] << ": " << flags.error().message;
      if (const auto* member = std::get_if<bool Flags::*>(&flag.target)) {
        EXPECT_TRUE((*flags).*(*member)) << words[0];
      } else if (const auto* text =
                     std::get_if<std::optional<std::string> Flags::*>(&flag.target)) {
        EXPECT_EQ((*flags).*(*text), "value") << words[0];
      } else {
        const auto& list = std::get<std::vector<std::string> Flags::*>(flag.target);
        EXPECT_EQ((*flags).*list, Words{"value"}) << words[0];
      }
    }
  }
}

TEST(Flags, AreUniqueAndInTheHelp) {
  std::set<std::string> seen;
  const std::string help = help_text("falco");
  for (const FlagInfo& flag : all_flags()) {
    for (const std::string& name : {std::string(1, flag.short_name), std::string(flag.long_name)}) {
      if (!name.empty() && name[0] != 0) {
        EXPECT_TRUE(seen.insert(name).second) << name;
        EXPECT_NE(help.find((name.size() == 1 ? "-" : "--") + name), std::string::npos) << name;
      }
    }
    EXPECT_NE(help.find(flag.meaning), std::string::npos) << flag.meaning;
  }
}

TEST(Flags, ListsKeepTheirOrder) {
  const auto flags = parse_flags(Words{"-r", "a", "-o", "x=1", "-r", "b", "-oy=2", "--option=z=3"});
  ASSERT_TRUE(flags);
  EXPECT_EQ(flags->rule_paths, (Words{"a", "b"}));
  EXPECT_EQ(flags->options, (Words{"x=1", "y=2", "z=3"}));
}

TEST(Flags, LastOfRepeatedSingleValuesCounts) {
  EXPECT_EQ(parse_flags(Words{"-c", "a", "-c", "b"})->config_path, "b");
}

TEST(Flags, OptionalValueNeedsAnEqualsSign) {
  EXPECT_EQ(parse_flags(Words{"--list"})->list_source, kAllSources);
  EXPECT_EQ(parse_flags(Words{"--list", "-N"})->list_source, kAllSources);
  EXPECT_EQ(parse_flags(Words{"--list=syscall"})->list_source, "syscall");
  EXPECT_EQ(parse_flags(Words{"--list", "syscall"})->list_source, kAllSources);
  EXPECT_FALSE(parse_flags(Words{})->list_source.has_value());
}

TEST(Flags, ShortFlagsCanBeJoined) {
  const auto flags = parse_flags(Words{"-vUN"});
  ASSERT_TRUE(flags);
  EXPECT_TRUE(flags->verbose && flags->unbuffered && flags->names_only);
}

TEST(Flags, WordsThatAreNoOptionsAreIgnored) {
  EXPECT_TRUE(parse_flags(Words{"word", "-v", "another"})->verbose);
  const auto flags = parse_flags(Words{"-r", "a.yaml", "word", "-o", "x=1", "y", "-V", "b", "c"});
  ASSERT_TRUE(flags);
  EXPECT_EQ(flags->rule_paths, Words{"a.yaml"});
  EXPECT_EQ(flags->options, Words{"x=1"});
  EXPECT_EQ(flags->validate_paths, Words{"b"});
}

struct Unknown {
  const char* word;
  const char* name;
};

class UnknownFlag : public ::testing::TestWithParam<Unknown> {};

TEST_P(UnknownFlag, IsRefused) {
  EXPECT_EQ(error_of({GetParam().word}),
            "Option \u2018" + std::string(GetParam().name) + "\u2019 does not exist");
}

// The flags that older releases had and this one refuses.
INSTANTIATE_TEST_SUITE_P(
    Removed, UnknownFlag,
    ::testing::Values(Unknown{"-A", "A"}, Unknown{"-b", "b"}, Unknown{"-d", "d"},
                      Unknown{"-D", "D"}, Unknown{"-e", "e"}, Unknown{"-E", "E"},
                      Unknown{"-F", "F"}, Unknown{"-g", "g"}, Unknown{"-k", "k"},
                      Unknown{"-m", "m"}, Unknown{"-n", "n"}, Unknown{"-s", "s"},
                      Unknown{"-S", "S"}, Unknown{"-t", "t"}, Unknown{"-T", "T"},
                      Unknown{"-u", "u"}, Unknown{"--cri", "cri"},
                      Unknown{"--cri=/run/x.sock", "cri"}, Unknown{"--modern-bpf", "modern-bpf"},
                      Unknown{"--gvisor-config", "gvisor-config"},
                      Unknown{"--nodriver", "nodriver"}, Unknown{"--versio", "versio"}));

TEST(Flags, MissingValue) {
  EXPECT_EQ(error_of({"-c"}), "Option \u2018c\u2019 is missing an argument");
  EXPECT_EQ(error_of({"-r", "a", "--option"}), "Option \u2018option\u2019 is missing an argument");
}

}  // namespace
}  // namespace saker::cli
