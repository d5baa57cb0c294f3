// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/env_expand.h"

#include <stdlib.h>

#include <gtest/gtest.h>

namespace saker::config {
namespace {

struct Case {
  const char* text;
  const char* expected;
};

class EnvExpand : public ::testing::TestWithParam<Case> {};

TEST_P(EnvExpand, Replaces) {
  const EnvLookup lookup = [](std::string_view name) -> std::string {
    return name == "A" ? "one" : name == "NESTED" ? "${A}" : "";
  };
  EXPECT_EQ(expand_env(GetParam().text, lookup), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, EnvExpand,
                         ::testing::Values(Case{"", ""},                      //
                                           Case{"plain", "plain"},            //
                                           Case{"${A}", "one"},               //
                                           Case{"x${A}y${A}z", "xoneyonez"},  //
                                           Case{"${UNSET}", ""},              //
                                           Case{"a${UNSET}b", "ab"},          //
                                           Case{"$${A}", "${A}"},             //
                                           Case{"$${A}${A}", "${A}one"},      //
                                           Case{"$A", "$A"},                  //
                                           Case{"${A", "${A"},                //
                                           Case{"$", "$"},                    //
                                           Case{"${NESTED}", "${A}"}));

TEST(EnvExpand, ReadsTheProcessEnvironment) {
  ASSERT_EQ(::setenv("SAKER_TEST_VARIABLE", "value", 1), 0);
  EXPECT_EQ(expand_env("${SAKER_TEST_VARIABLE}", process_env), "value");
  EXPECT_EQ(expand_env("${SAKER_TEST_NO_SUCH_VARIABLE}", process_env), "");
}

}  // namespace
}  // namespace saker::config
