// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <charconv>
#include <thread>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/commands.h"
#include "kit/test/test_report.h"

namespace saker::kit {

namespace {

constexpr int kPassed = 0;
constexpr int kFailed = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {
    {"format", true},       {"output", true}, {"rules", true}, {"jobs", true},
    {"coverage"},           {"update"},       {"verbose"},     {"coverage-html", true},
    {"coverage-min", true},
};

int usage(const std::string& message, int status = kUsage) {
  print_error(message);
  return status;
}

// Tests of one file with its rules; several files that name the same rules share them.
struct Group {
  std::vector<std::string> rule_files;
  std::vector<RuleTest> tests;
};

class TestCommand {
public:
  explicit TestCommand(const Arguments& arguments) : arguments_(arguments) {}

  int run() {
    const auto paths = expand_yaml_paths(arguments_.words(), true);
    if (!paths) {
      return usage(paths.error().message);
    }
    if (paths->empty()) {
      return usage("there are no tests (*_test.yaml)");
    }
    for (const std::string& path : *paths) {
      if (const Status added = add_file(path); !added) {
        return usage(added.error().message);
      }
    }
    for (Group& group : groups_) {
      if (const int status = run_group(group); status != kPassed) {
        return status;
      }
    }
    return report();
  }

private:
  Status add_file(const std::string& path) {
    SAKER_ASSIGN_OR_RETURN(const std::string text, read_file(path));
    SAKER_ASSIGN_OR_RETURN(TestFile file, parse_test_file(path, text));
    std::vector<std::string> rules = arguments_.values("rules");
    rules = rules.empty() ? file.rule_files : rules;
    SAKER_ASSIGN_OR_RETURN(rules, expand_yaml_paths(rules, false));
    if (rules.empty()) {
      return fail(ErrorCode::kInvalidArgument, path + " names no rules; say --rules FILE");
    }
    auto group = std::ranges::find(groups_, rules, &Group::rule_files);
    if (group == groups_.end()) {
      groups_.push_back({rules, {}});
      group = groups_.end() - 1;
    }
    std::ranges::move(file.tests, std::back_inserter(group->tests));
    return {};
  }

  [[nodiscard]] bool wants_coverage() const {
    return arguments_.has("coverage") || arguments_.has("coverage-html") ||
           arguments_.has("coverage-min");
  }

  int run_group(Group& group) {
    auto bench = RuleBench::load(group.rule_files);
    if (!bench) {
      return usage(bench.error().message, kNotLoaded);
    }
    Coverage coverage;
    RunOptions options;
    options.jobs = std::max(1U, std::thread::hardware_concurrency());
    if (const auto jobs = arguments_.value("jobs")) {
      (void)std::from_chars(jobs->data(), jobs->data() + jobs->size(), options.jobs);
    }
    options.updates_goldens = arguments_.has("update");
    options.coverage = wants_coverage() ? &coverage : nullptr;
    const auto results = run_tests(**bench, group.tests, options);
    results_.insert(results_.end(), results.begin(), results.end());
    return wants_coverage() ? report_coverage(coverage, **bench) : kPassed;
  }

  int report_coverage(const Coverage& coverage, const RuleBench& bench) {
    if (const auto path = arguments_.value("coverage-html")) {
      if (const Status written = write_file(*path, coverage_html(coverage, bench)); !written) {
        return usage(written.error().message);
      }
    }
    if (arguments_.has("coverage")) {
      coverage_ += coverage_text(coverage, bench);
    }
    if (const auto minimum = arguments_.value("coverage-min")) {
      const double percent = total_atoms(coverage, bench).percent();
      if (percent < std::atof(minimum->c_str())) {
        coverage_ += "Coverage is below " + *minimum + "%.\n";
        is_below_minimum_ = true;
      }
    }
    return kPassed;
  }

  int report() {
    const std::string format = arguments_.value("format").value_or("text");
    std::string text;
    if (format == "junit") {
      text = tests_junit(results_);
    } else if (format == "json") {
      text = tests_json(results_);
    } else {
      text = coverage_ + tests_text(results_, arguments_.has("verbose"));
    }
    const auto output = arguments_.value("output");
    if (!output) {
      print(text);
    } else if (const Status written = write_file(*output, text); !written) {
      return usage(written.error().message);
    }
    if (format != "text" && is_below_minimum_) {
      print_error("coverage is below the minimum");
    }
    const bool is_good =
        !is_below_minimum_ && std::ranges::all_of(results_, &TestResult::has_passed);
    return is_good ? kPassed : kFailed;
  }

  const Arguments& arguments_;
  std::vector<Group> groups_;  // results point into their tests
  std::vector<TestResult> results_;
  std::string coverage_;
  bool is_below_minimum_ = false;
};

}  // namespace

int run_test(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  const std::string format = arguments.value("format").value_or("text");
  if (format != "text" && format != "junit" && format != "json") {
    return usage("--format takes: text, junit, json");
  }
  if (arguments.words().empty()) {
    return usage("test needs test files or folders with *_test.yaml");
  }
  return TestCommand(arguments).run();
}

}  // namespace saker::kit
