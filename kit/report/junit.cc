// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"
#include "kit/report/report.h"

namespace saker::kit {

std::string findings_junit(const Report& report, Severity fail_on) {
  std::string suites;
  std::size_t all_tests = 0;
  std::size_t all_failures = 0;
  for (const std::string& file : report.files) {
    std::string cases;
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const Finding& finding : report.findings) {
      const SourceLocation place = report.sources.locate(finding.span);
      if (place.file != file || finding.severity < fail_on) {
        continue;
      }
      ++tests;
      ++failures;
      const std::string where = file + ":" + std::to_string(place.line);
      cases += "    <testcase classname=\"" + escape_markup(file) + "\" name=\"" +
               escape_markup(finding.code + " at line " + std::to_string(place.line)) +
               "\">\n      <failure type=\"" + escape_markup(finding.code) + "\" message=\"" +
               escape_markup(finding.message) + "\">" +
               escape_markup(where + ": " + finding.message +
                             (finding.hint.empty() ? "" : "\nhint: " + finding.hint)) +
               "</failure>\n    </testcase>\n";
    }
    if (tests == 0) {
      tests = 1;
      cases = "    <testcase classname=\"" + escape_markup(file) + "\" name=\"clean\"/>\n";
    }
    suites += "  <testsuite name=\"" + escape_markup(file) + "\" tests=\"" + std::to_string(tests) +
              "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"0\">\n" +
              cases + "  </testsuite>\n";
    all_tests += tests;
    all_failures += failures;
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"saker check\" tests=\"" +
         std::to_string(all_tests) + "\" failures=\"" + std::to_string(all_failures) + "\">\n" +
         suites + "</testsuites>\n";
}

}  // namespace saker::kit
