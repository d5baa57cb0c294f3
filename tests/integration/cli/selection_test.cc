// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `rules:` chooses among the loaded rules, in its order; and the ways in which -o changes what a
// run does. Source: falco-compat.md 4.3, 4.4.
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

std::string rule(const std::string& name, const std::string& tags, const std::string& more = "") {
  return "- rule: " + name +
         "\n  desc: x\n  condition: evt.type = open\n  output: at %evt.num\n  priority: WARNING\n"
         "  tags: [" +
         tags + "]\n" + more;
}

// What -o and the file say alike.
struct Selection {
  const char* name;
  std::string yaml;                  // value of `rules:`
  std::vector<std::string> options;  // the same
  std::set<std::string> running;
};

const std::set<std::string> kAll = {"Shell in A", "Shell in B", "Write C"};

const std::vector<Selection> kSelections = {
    {"nothing", "[]", {}, kAll},
    {"by_name",
     "[{disable: {rule: Write C}}]",
     {"rules[].disable.rule=Write C"},
     {"Shell in A", "Shell in B"}},
    {"by_pattern", "[{disable: {rule: Shell*}}]", {"rules[].disable.rule=Shell*"}, {"Write C"}},
    {"pattern_in_the_middle",
     "[{disable: {rule: '*in*'}}]",
     {"rules[].disable.rule=*in*"},
     {"Write C"}},
    {"names_match_whole", "[{disable: {rule: Shell}}]", {"rules[].disable.rule=Shell"}, kAll},
    {"by_tag", "[{disable: {tag: net}}]", {"rules[].disable.tag=net"}, {"Shell in B", "Write C"}},
    {"tags_match_exactly", "[{disable: {tag: ne}}]", {"rules[].disable.tag=ne"}, kAll},
    {"tags_have_no_wildcards", "[{disable: {tag: '*'}}]", {"rules[].disable.tag=*"}, kAll},
    {"only_one",
     "[{disable: {rule: '*'}}, {enable: {rule: Write C}}]",
     {"rules[].disable.rule=*", "rules[].enable.rule=Write C"},
     {"Write C"}},
    {"only_a_tag",
     "[{disable: {rule: '*'}}, {enable: {tag: shell}}]",
     {"rules[].disable.rule=*", "rules[].enable.tag=shell"},
     {"Shell in A", "Shell in B"}},
    {"the_last_counts",
     "[{enable: {tag: shell}}, {disable: {rule: '*'}}]",
     {"rules[].enable.tag=shell", "rules[].disable.rule=*"},
     {}},
    {"enabled_against_its_file",
     "[{enable: {rule: Off}}]",
     {"rules[].enable.rule=Off"},
     {"Shell in A", "Shell in B", "Write C", "Off"}},
    {"rule_and_tag_both_count",
     "[{disable: {rule: Write C, tag: net}}]",
     {"rules[]={\"disable\": {\"rule\": \"Write C\", \"tag\": \"net\"}}"},
     {"Shell in B"}},
    {"elements_by_index",
     "[{disable: {rule: '*'}}, {enable: {rule: Shell in B}}]",
     {"rules[0].disable.rule=*", "rules[1].enable.rule=Shell in B"},
     {"Shell in B"}}};

class SelectionRun : public ::testing::Test {
protected:
  void SetUp() override {
    if (shared_dir().empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
    rules_ = binary_.write("r.yaml", rule("Shell in A", "shell, net") +
                                         rule("Shell in B", "shell") + rule("Write C", "file") +
                                         rule("Off", "off", "  enabled: false\n"));
  }
  // Names of the rules that alerted.
  std::set<std::string> run(const std::string& more, const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {
        "-c",
        binary_.write("falco.yaml", quiet_config("rule_matching: all\n" + more)),
        "-r",
        rules_,
        "-o",
        "engine.kind=replay",
        "-o",
        "engine.replay.capture_file=" + (shared_dir() / "spec/replay/curl_google.scap").string()};
    for (const std::string& option : options) {
      arguments.insert(arguments.end(), {"-o", option});
    }
    const RunResult result = binary_.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::set<std::string> names;
    const std::string list = result.out.substr(result.out.find("Triggered rules"));
    const std::regex line("\n   (.*): [0-9]+");
    for (auto at = std::sregex_iterator(list.begin(), list.end(), line);
         at != std::sregex_iterator(); ++at) {
      names.insert((*at)[1]);
    }
    return names;
  }

  Binary binary_;
  std::string rules_;
};

class RuleSelectionRun : public SelectionRun, public ::testing::WithParamInterface<Selection> {};

TEST_P(RuleSelectionRun, OfTheFile) {
  EXPECT_EQ(run("rules: " + GetParam().yaml + "\n", {}), GetParam().running);
}

TEST_P(RuleSelectionRun, OfOptions) {
  EXPECT_EQ(run("", GetParam().options), GetParam().running);
}

INSTANTIATE_TEST_SUITE_P(Table, RuleSelectionRun, ::testing::ValuesIn(kSelections),
                         [](const auto& test) { return test.param.name; });

// What -o does to a run, in each form of a key.
struct Override {
  const char* name;
  std::vector<std::string> options;
  const char* out;  // part of standard output; with '!' in front: absent
};

TEST_F(SelectionRun, OptionsOfEveryForm) {
  const Override kTable[] = {
      {"dots", {"stdout_output.enabled=false"}, "!Warning at"},
      {"append", {"append_output[].extra_output=cpu=%evt.cpu"}, " cpu="},
      {"index",
       {"append_output[0].extra_output=x=%evt.num", "append_output[0].match.rule=Shell in A"},
       " x="},
      {"object",
       {"append_output[]={\"match\": {\"tags\": [\"shell\"]}, \"extra_output\": \"y=1\"}"},
       " y=1"},
      {"escaped_dot",
       {R"(static_fields.a\.b=here)", "append_output[].extra_output=z=%static.a.b"},
       " z=here"},
      {"later_wins", {"json_output=true", "json_output=false"}, ": Warning at"},
      {"equal_signs_of_the_value",
       {"static_fields.k=a=b", "append_output[].extra_output=k=%static.k"},
       " k=a=b"},
      {"environment",
       {"static_fields.k=${KIND}", "append_output[].extra_output=k=%static.k"},
       " k=of value"},
      {"priority", {"priority=critical"}, "!Warning at"},
      {"empty_value", {"static_fields.k=", "append_output[].extra_output=k=%static.k"}, " k="},
  };
  binary_.env["KIND"] = "of value";
  for (const Override& row : kTable) {
    std::vector<std::string> arguments = {
        "-c",
        binary_.write("falco.yaml", quiet_config()),
        "-r",
        rules_,
        "-o",
        "engine.kind=replay",
        "-o",
        "engine.replay.capture_file=" + (shared_dir() / "spec/replay/curl_google.scap").string()};
    for (const std::string& option : row.options) {
      arguments.insert(arguments.end(), {"-o", option});
    }
    const RunResult result = binary_.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << row.name << "\n" << result.err;
    const bool is_absent = *row.out == '!';
    EXPECT_EQ(result.out.find(row.out + (is_absent ? 1 : 0)) == std::string::npos, is_absent)
        << row.name << "\n"
        << result.out.substr(0, 500);
  }
}

}  // namespace
}  // namespace saker::testing
