// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/merge.h"

#include <gtest/gtest.h>

#include "compat/config/node_json.h"
#include "compat/config/yaml_file.h"

namespace saker::config {
namespace {

ConfigNode parse(const char* text) {
  SourceMap sources;
  Diagnostics diagnostics;
  return *parse_yaml(sources, sources.add_file("test", text), process_env, diagnostics);
}

struct Case {
  const char* to;
  const char* from;
  MergeStrategy strategy;
  const char* expected;
};

class Merge : public ::testing::TestWithParam<Case> {};

TEST_P(Merge, Gives) {
  ConfigNode to = parse(GetParam().to);
  merge(to, parse(GetParam().from), GetParam().strategy);
  EXPECT_EQ(node_json(to), GetParam().expected);
}

using enum MergeStrategy;
INSTANTIATE_TEST_SUITE_P(
    Table, Merge,
    ::testing::Values(Case{"{a: 1}", "{b: 2}", kAppend, R"({"a":1,"b":2})"},
                      Case{"{a: 1}", "{a: 2}", kAppend, R"({"a":2})"},
                      Case{"{a: [1]}", "{a: [2, 3]}", kAppend, R"({"a":[1,2,3]})"},
                      Case{"{a: [1]}", "{a: x}", kAppend, R"({"a":"x"})"},
                      Case{"{a: {b: 1}}", "{a: {c: 2}}", kAppend, R"({"a":{"c":2}})"},
                      Case{"{a: [1]}", "{a: [2]}", kOverride, R"({"a":[2]})"},
                      Case{"{a: 1}", "{b: 2}", kOverride, R"({"a":1,"b":2})"},
                      Case{"{a: [1]}", "{a: [2], b: 3}", kAddOnly, R"({"a":[1],"b":3})"}));

}  // namespace
}  // namespace saker::config
