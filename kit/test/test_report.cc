// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/test_report.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

#include "kit/base/text.h"

namespace saker::kit {

namespace {

std::size_t failure_count(std::span<const TestResult> results) {
  return static_cast<std::size_t>(
      std::ranges::count_if(results, [](const TestResult& r) { return !r.has_passed(); }));
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6f", seconds);
  return text;
}

}  // namespace

std::string tests_text(std::span<const TestResult> results, bool is_verbose) {
  std::string out;
  for (const TestResult& result : results) {
    if (result.has_passed()) {
      out += is_verbose ? "ok      " + result.test->name + "\n" : "";
      continue;
    }
    out += "FAILED  " + result.test->name + "\n        " + result.test->file + ":" +
           std::to_string(result.test->line) + "\n";
    for (const std::string& failure : result.failures) {
      out += "        " + failure + "\n";
    }
  }
  const std::size_t failures = failure_count(results);
  return out + count_of(results.size(), "test") + ": " + std::to_string(results.size() - failures) +
         " passed, " + std::to_string(failures) + " failed\n";
}

std::string tests_junit(std::span<const TestResult> results) {
  std::map<std::string, std::vector<const TestResult*>> by_file;
  for (const TestResult& result : results) {
    by_file[result.test->file].push_back(&result);
  }
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"saker test\" "
      "tests=\"" +
      std::to_string(results.size()) + "\" failures=\"" + std::to_string(failure_count(results)) +
      "\">\n";
  for (const auto& [file, tests] : by_file) {
    std::string cases;
    std::size_t failures = 0;
    double seconds = 0;
    for (const TestResult* result : tests) {
      seconds += result->seconds;
      cases += "    <testcase classname=\"" + escape_markup(file) + "\" name=\"" +
               escape_markup(result->test->name) + "\" time=\"" + seconds_text(result->seconds) +
               "\"";
      if (result->has_passed()) {
        cases += "/>\n";
        continue;
      }
      ++failures;
      cases += ">\n      <failure message=\"" + escape_markup(result->failures.front()) + "\">" +
               escape_markup(file + ":" + std::to_string(result->test->line) + "\n" +
                             join(result->failures, "\n")) +
               "</failure>\n    </testcase>\n";
    }
    out += "  <testsuite name=\"" + escape_markup(file) + "\" tests=\"" +
           std::to_string(tests.size()) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"0\" skipped=\"0\" time=\"" + seconds_text(seconds) + "\">\n" + cases +
           "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string tests_json(std::span<const TestResult> results) {
  using nlohmann::json;
  json tests = json::array();
  for (const TestResult& result : results) {
    tests.push_back({{"name", result.test->name},
                     {"file", result.test->file},
                     {"line", result.test->line},
                     {"passed", result.has_passed()},
                     {"failures", result.failures}});
  }
  const json out = {
      {"tests", std::move(tests)}, {"count", results.size()}, {"failed", failure_count(results)}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace saker::kit
