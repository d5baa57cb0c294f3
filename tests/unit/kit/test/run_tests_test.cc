// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/run_tests.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kit/test/test_report.h"
#include "tests/support/temp_dir.h"

namespace saker::kit {
namespace {

constexpr const char* kRules = R"(- list: hashes
  items: [/etc/shadow, /etc/gshadow]
- macro: opened
  condition: (evt.type in (open, openat) and evt.rawres >= 0)
- rule: Hashes
  desc: d
  condition: opened and fd.name in (hashes) and not proc.name = passwd
  output: "%proc.name (parent %proc.pname) opened %fd.name"
  priority: WARNING
- rule: Anything below etc
  desc: d
  condition: opened and fd.name startswith /etc
  output: "%fd.directory %fd.filename %proc.cmdline"
  priority: INFO
- rule: Address
  desc: d
  condition: evt.type = connect and fd.sip = 10.0.0.1 and fd.sport in (443, 80) and proc.aname = sshd
  output: "%fd.sip %proc.aname[2]"
  priority: ERROR
- rule: Name
  desc: d
  condition: evt.type = connect and fd.sip.name in (pool.example, b.example)
  output: "%fd.sip.name"
  priority: ERROR
)";

class RunTests : public ::testing::Test {
protected:
  void SetUp() override {
    std::ofstream(dir_.file("r.yaml")) << kRules;
    auto bench = RuleBench::load({dir_.file("r.yaml")});
    ASSERT_TRUE(bench.has_value()) << bench.error().message;
    bench_ = std::move(*bench);
  }

  std::vector<TestResult> run(const std::string& tests, unsigned jobs = 2) {
    auto file = parse_test_file(dir_.file("t_test.yaml"), tests);
    EXPECT_TRUE(file.has_value()) << file.error().message;
    tests_ = std::move(file->tests);
    RunOptions options;
    options.jobs = jobs;
    options.coverage = &coverage_;
    return run_tests(*bench_, tests_, options);
  }

  saker::testing::TempDir dir_;
  std::unique_ptr<RuleBench> bench_;
  std::vector<RuleTest> tests_;
  Coverage coverage_;
};

void expect_all_pass(const std::vector<TestResult>& results) {
  EXPECT_FALSE(results.empty());
  for (const TestResult& result : results) {
    EXPECT_TRUE(result.has_passed()) << result.test->name << ": " << result.failures.front();
  }
}

TEST_F(RunTests, AllKindsOfExpectationsHold) {
  expect_all_pass(run(R"(
defaults: {evt.type: openat}
tests:
  - rule: Hashes
    event: {fd.name: /etc/shadow, proc.exepath: /bin/cat}
    fires: true
    priority: warning
    output: {proc.name: cat, proc.pname: bash}
    output_contains: cat (parent bash) opened /etc/shadow
  - event: {fd.name: /etc/shadow}
    fires: [Hashes, Anything below etc]
    not_fires: Address
    count: 2
    order: [Hashes, Anything below etc]
  - {event: {fd.name: /etc/shadow}, matching: first, order: [Hashes]}
  - rule: Anything below etc
    event: {fd.name: /etc/ssh/config, proc.name: vi, proc.args: -R x}
    output: {fd.directory: /etc/ssh, fd.filename: config, proc.cmdline: vi -R x}
  - {rule: Hashes, event: {fd.name: /etc/shadow, proc.name: passwd}, fires: false}
  - {rule: Hashes, event: {fd.name: null}, fires: false}
  - {rule: Name, event: {evt.type: connect, fd.sip.name: b.example}, output: {fd.sip.name: b.example}}
  - {rule: Name, event: {evt.type: connect, fd.sip.name: c.example}, fires: false}
  - {rule: Name, event: {evt.type: connect, fd.sip: 10.0.0.1}, fires: false}
  - rule: Address
    event: {evt.type: connect, fd.sip: 10.0.0.1, fd.sport: 443, proc.aname: [bash, sshd]}
    cases:
      - {fires: true, output: {"proc.aname[2]": sshd}}
      - {with: {fd.sport: 22}, fires: false}
      - {with: {fd.sip: "::1"}, fires: false}
      - {with: {proc.aname: [bash]}, fires: false}
      - {with: {proc.aname: null}, fires: false}
  - {macro: opened, event: {evt.rawres: -2}, is: false}
  - {macro: opened, events: [{evt.rawres: 3}, {evt.type: open}], is: true}
  - {list: hashes, has: /etc/shadow, has_not: [/etc/passwd]}
  - rule: Hashes
    events: [{fd.name: /etc/shadow}, {fd.name: /a}, {fd.name: /etc/gshadow}]
    count: 2
)"));
}

TEST_F(RunTests, FailuresSayWhatWasExpected) {
  struct Row {
    const char* test;
    const char* failure;
  };
  const Row rows[] = {
      {"{rule: Hashes, event: {fd.name: /a}, fires: true}",
       "rule 'Hashes' did not fire (no rule fired)"},
      {"{rule: Hashes, event: {fd.name: /etc/shadow}, fires: false}", "rule 'Hashes' fired"},
      {"{event: {evt.type: open, fd.name: /etc/a}, fires: Hashes}",
       "rule 'Hashes' did not fire (fired: 'Anything below etc')"},
      {"{rule: Hashes, event: {fd.name: /etc/shadow}, priority: ERROR}",
       "expected priority ERROR, it is Warning"},
      {"{rule: Hashes, event: {fd.name: /etc/shadow}, output: {fd.name: /x}}",
       "output field fd.name: expected '/x', it is '/etc/shadow'"},
      {"{rule: None, event: {fd.name: /a}, fires: true}", "there is no rule 'None'"},
      {"{rule: Hashes, event: {fd.nme: /a}, fires: true}", "there is no field 'fd.nme'"},
      {"{rule: Hashes, event: {proc.pid: x}, fires: true}", "'x' is no value of proc.pid"},
      {"{rule: Hashes, event: {evt.type: nothing}, fires: true}", "no event is named 'nothing'"},
      {"{macro: opened, event: {evt.rawres: -2}, is: true}", "the macro is false for event 1"},
      {"{list: hashes, has: /b}", "the list lacks '/b'"},
  };
  for (const Row& row : rows) {
    const auto results = run("tests:\n  - " + std::string(row.test) + "\n");
    ASSERT_EQ(results.size(), 1U);
    ASSERT_FALSE(results[0].has_passed()) << row.test;
    EXPECT_EQ(results[0].failures[0], row.failure);
  }
}

TEST_F(RunTests, MistakesInTestFilesNameTheLine) {
  const std::pair<const char*, const char*> rows[] = {
      {"tests:\n  - {rule: R, fires: true}\n", ":2: the test has no event"},
      {"tests:\n  - {rule: R, event: {fd.name: a}}\n", ":2: the test expects nothing"},
      {"tests:\n  - {rule: R, evnt: {fd.name: a}}\n", ":2: unknown key 'evnt'"},
      {"test: []\n", ":1: unknown key 'test'"},
      {"tests: [\n", ":2: "},
  };
  for (const auto& [text, message] : rows) {
    const auto file = parse_test_file("t_test.yaml", text);
    ASSERT_FALSE(file.has_value()) << text;
    EXPECT_NE(file.error().message.find(std::string("t_test.yaml") + message), std::string::npos)
        << file.error().message;
  }
}

TEST_F(RunTests, ManyThreadsGiveTheSameResults) {
  std::string tests = "tests:\n";
  for (int i = 0; i < 400; ++i) {
    tests +=
        "  - {rule: Hashes, event: {fd.name: " + std::string(i % 2 == 0 ? "/etc/shadow" : "/a") +
        "}, fires: " + (i % 2 == 0 ? "true" : "false") + "}\n";
  }
  expect_all_pass(run(tests, 8));
}

TEST_F(RunTests, GoldensAreWrittenAndCompared) {
  const std::string text =
      "tests:\n  - {event: {evt.type: open, fd.name: /etc/shadow}, golden: g.txt}\n";
  auto file = parse_test_file(dir_.file("t_test.yaml"), text);
  ASSERT_TRUE(file.has_value());
  EXPECT_FALSE(run_tests(*bench_, file->tests, {})[0].has_passed());
  EXPECT_TRUE(run_tests(*bench_, file->tests, {.updates_goldens = true})[0].has_passed());
  EXPECT_TRUE(run_tests(*bench_, file->tests, {})[0].has_passed());
}

TEST_F(RunTests, JsonLinesAreEvents) {
  std::ofstream(dir_.file("e.jsonl"))
      << R"({"evt.type": "openat", "fd.name": "/etc/shadow"})"
      << "\n"
      << R"({"rule": "x", "output_fields": {"evt.type": "open", "fd.name": "/etc/gshadow", "proc.pid": 7}})"
      << "\n";
  expect_all_pass(run("tests:\n  - {rule: Hashes, jsonl: e.jsonl, count: 2}\n"));
}

TEST_F(RunTests, CoverageCountsAtomsSeenBothWays) {
  run("tests:\n"
      "  - {rule: Hashes, event: {fd.name: /etc/shadow}, fires: true}\n"
      "  - {rule: Hashes, event: {fd.name: /a}, fires: false}\n",
      1);
  const Node* tree = bench_->rule_tree("Hashes");
  const CoverageCount atoms = coverage_.atoms(*tree);
  EXPECT_EQ(atoms.all, 4U);
  EXPECT_EQ(atoms.covered, 1U);  // fd.name
  EXPECT_NE(coverage_html(coverage_, *bench_).find("Rule coverage"), std::string::npos);
}

TEST_F(RunTests, ReportsCountFailures) {
  const auto results =
      run("tests:\n"
          "  - {name: <good>, rule: Hashes, event: {fd.name: /etc/shadow}, fires: true}\n"
          "  - {name: bad, rule: Hashes, event: {fd.name: /a}, fires: true}\n");
  EXPECT_NE(tests_text(results, false).find("2 tests: 1 passed, 1 failed\n"), std::string::npos);
  EXPECT_NE(tests_junit(results).find("name=\"&lt;good&gt;\""), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(tests_json(results))["failed"], 1);
}

}  // namespace
}  // namespace saker::kit
