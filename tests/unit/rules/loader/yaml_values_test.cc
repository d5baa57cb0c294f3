// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/yaml_values.h"

#include <limits>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(YamlBool, AcceptsWhatYamlCppAccepts) {
  struct Case {
    std::string_view text;
    std::optional<bool> value;
  };
  const Case cases[] = {
      {"true", true}, {"True", true}, {"TRUE", true},
      {"yes", true},  {"Yes", true},  {"YES", true},
      {"y", true},    {"Y", true},    {"on", true},
      {"On", true},   {"ON", true},   {"false", false},
      {"no", false},  {"n", false},   {"N", false},
      {"Off", false}, {"tRUE", {}},   {"yES", {}},
      {"", {}},       {"1", {}},      {"0", {}},
      {" true", {}},  {"true ", {}},  {"maybe", {}},
      {"oN", {}},     {"TRue", {}},   {"truetruetruetrue", {}},
      {"-", {}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(yaml_bool(c.text), c.value) << '\'' << c.text << '\'';
  }
}

TEST(YamlUnsigned, ReadsTheBasesOfStreams) {
  struct Case {
    std::string_view text;
    std::optional<std::uint64_t> value;
  };
  const Case cases[] = {
      {"0", 0},
      {"7", 7},
      {"15 ", 15},
      {"+3", 3},
      {"0x10", 16},
      {"010", 8},
      {"4294967295", 4294967295},
      {"", {}},
      {"-1", {}},
      {"abc", {}},
      {"1.5", {}},
      {"99999999999999999999999", {}},
      {"1 2", {}},
      {"0x", {}},
      {"x", {}},
      {"08", {}},
      {"18446744073709551615", std::numeric_limits<std::uint64_t>::max()},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(yaml_unsigned(c.text, std::numeric_limits<std::uint64_t>::max()), c.value)
        << '\'' << c.text << '\'';
  }
}

TEST(YamlUnsigned, RefusesWhatIsAboveTheLimit) {
  EXPECT_EQ(yaml_unsigned("100", 100), 100U);
  EXPECT_EQ(yaml_unsigned("101", 100), std::nullopt);
}

}  // namespace
}  // namespace saker
