// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Tests of rules, as written in YAML beside the rule files:
//
//   rules: [saker_rules.yaml]           # relative to this file
//   defaults: {evt.type: openat}        # fields of every event
//   tests:
//     - rule: Password hashes read
//       event: {fd.name: /etc/shadow, proc.exepath: /usr/bin/cat}
//       fires: true
//     - macro: program_started
//       event: {evt.type: execve}
//       is: true
//     - list: shells
//       has: [bash]
//
// docs/rule-tests.md describes all keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace saker::kit {

struct GivenField {
  std::string name;
  bool is_missing = false;  // written as null
  std::vector<std::string> texts;
};

using GivenFields = std::vector<GivenField>;

struct CaptureSlice {
  std::string file;  // empty: none
  std::uint64_t first_event = 0;
  std::uint64_t last_event = ~std::uint64_t{0};
};

enum class TestSubject : std::uint8_t { kRules, kMacro, kList };

// One test, or one case of a test with several.
struct RuleTest {
  std::string name;
  std::string file;
  std::uint32_t line = 0;  // from 1
  TestSubject subject = TestSubject::kRules;
  std::string subject_name;         // the rule, macro or list; empty: all rules
  std::vector<GivenFields> events;  // in order
  std::vector<std::string> jsonl;   // files of JSON lines, one event each
  CaptureSlice capture;
  bool matches_first = false;  // matching: first
  // Expectations; what is absent is not looked at.
  std::optional<bool> is;             // macro
  std::optional<bool> fires_subject;  // fires: true / false
  std::vector<std::string> fires;     // rule names
  std::vector<std::string> not_fires;
  std::optional<std::uint64_t> count;  // alerts (of the subject, if there is one)
  std::vector<std::string> order;      // rules in the order of their alerts
  std::string priority;
  std::vector<std::pair<std::string, std::string>> output;  // field, its text in the first alert
  std::string output_contains;
  std::string golden;            // file with the expected alerts, one a line
  std::vector<std::string> has;  // list
  std::vector<std::string> has_not;
};

struct TestFile {
  std::string path;
  std::vector<std::string> rule_files;  // paths
  std::vector<RuleTest> tests;
};

// Errors name file and line.
[[nodiscard]] Result<TestFile> parse_test_file(const std::string& path, const std::string& text);

}  // namespace saker::kit
