// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/option_path.h"

#include <gtest/gtest.h>

#include "compat/config/node_json.h"
#include "compat/config/yaml_file.h"

namespace saker::config {
namespace {

struct Case {
  const char* before;
  const char* option;
  const char* expected;  // JSON, or the error's text
};

class OptionPath : public ::testing::TestWithParam<Case> {};

TEST_P(OptionPath, Gives) {
  SourceMap sources;
  Diagnostics diagnostics;
  ConfigNode root =
      *parse_yaml(sources, sources.add_file("test", GetParam().before), process_env, diagnostics);
  const Status status = apply_option(GetParam().option, root, sources, process_env);
  EXPECT_EQ(status ? node_json(root) : status.error().message, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OptionPath,
    ::testing::Values(
        Case{"{}", "a=1", R"({"a":1})"},                                      //
        Case{"{}", "a=", R"({"a":""})"},                                      //
        Case{"{}", "a=x=y", R"({"a":"x=y"})"},                                //
        Case{"{}", "a.b.c=x", R"({"a":{"b":{"c":"x"}}})"},                    //
        Case{"{a: {b: 1}}", "a.c=2", R"({"a":{"b":1,"c":2}})"},               //
        Case{"{a: 1}", "a.c=2", R"({"a":{"c":2}})"},                          //
        Case{"{a: [1, 2]}", "a[1]=x", R"({"a":[1,"x"]})"},                    //
        Case{"{a: [1, 2]}", "a[]=x", R"({"a":[1,2,"x"]})"},                   //
        Case{"{}", "a[]=x", R"({"a":["x"]})"},                                //
        Case{"{}", "a[1].b=x", R"({"a":[null,{"b":"x"}]})"},                  //
        Case{"{}", R"(a\.b\[0\]\\=x)", R"({"a.b[0]\\":"x"})"},                //
        Case{"{}", "a={b: [1, c], d: {}}", R"({"a":{"b":[1,"c"],"d":{}}})"},  //
        Case{"{}", "a=[1, 2]", R"({"a":"[1, 2]"})"},                          //
        Case{"{}", "a[]={\"b\": 1}", R"({"a":[{"b":1}]})"},                   //
        Case{"{}", "novalue",
             "Error parsing config option \"novalue\". Must be of the form key=val or "
             "key.subkey=val"},
        Case{"{}", "=x",
             "Error parsing config option \"=x\". Must be of the form key=val or key.subkey=val"},
        Case{"{}", "a[x]=1", "Config error at key \"a[x]\": Parsing error: 'x' is no index"},
        Case{"{}", "a[1=1", "Config error at key \"a[1\": Parsing error: '[' without ']'"},
        Case{"{}", "a..b=1", "Config error at key \"a..b\": Parsing error: a name is empty"},
        Case{"{}", "a.=1", "Config error at key \"a.\": Parsing error: the key ends with a dot"},
        Case{"{}", "a[0]b=1",
             "Config error at key \"a[0]b\": Parsing error: expected '.' or '[' after ']'"},
        Case{"{}", "a[99999999]=1",
             "Config error at key \"a[99999999]\": Parsing error: '99999999' is no index"},
        Case{"{}", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1",
             "Config error at key "
             "\"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a\": "
             "Parsing error: more than 32 steps lead to it"}));

}  // namespace
}  // namespace saker::config
