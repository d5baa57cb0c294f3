// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs tests of rules: events through the compiled rules and their Matcher, as a sensor's would go.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kit/test/coverage.h"
#include "kit/test/rule_bench.h"
#include "kit/test/test_file.h"

namespace saker::kit {

struct TestResult {
  const RuleTest* test = nullptr;
  std::vector<std::string> failures;  // empty: passed
  double seconds = 0;

  [[nodiscard]] bool has_passed() const { return failures.empty(); }
};

struct RunOptions {
  unsigned jobs = 1;
  bool updates_goldens = false;
  Coverage* coverage = nullptr;  // null: not wanted
};

// `bench` holds the rules that the tests are about. Results in the order of the tests.
[[nodiscard]] std::vector<TestResult> run_tests(const RuleBench& bench,
                                                const std::vector<RuleTest>& tests,
                                                const RunOptions& options);

}  // namespace saker::kit
