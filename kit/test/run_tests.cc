// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/run_tests.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "engine/alert/alert.h"
#include "engine/alert/field_text.h"
#include "engine/alert/render_text.h"
#include "engine/ruleset/matcher.h"
#include "kit/base/files.h"
#include "kit/base/text.h"
#include "kit/given/condition_evaluator.h"

namespace saker::kit {

namespace {

class TestRunner {
public:
  TestRunner(const RuleBench& bench, const RunOptions& options)
      : bench_(bench), options_(options), evaluator_(bench.given_fields()) {}

  std::vector<std::string> run(const RuleTest& test) {
    test_ = &test;
    failures_.clear();
    alerts_.clear();
    parts_.clear();
    switch (test.subject) {
      case TestSubject::kList:
        check_list();
        break;
      case TestSubject::kMacro:
        check_macro();
        break;
      case TestSubject::kRules:
        check_rules();
        break;
    }
    if (options_.coverage != nullptr) {
      options_.coverage->add(parts_);
    }
    return failures_;
  }

private:
  void failed(std::string message) { failures_.push_back(std::move(message)); }

  void check_list() {
    const CompiledList* list = bench_.list(test_->subject_name);
    if (list == nullptr) {
      return failed("there is no list '" + test_->subject_name + "'");
    }
    for (const std::string& item : test_->has) {
      if (std::ranges::count(list->items, item) == 0) {
        failed("the list lacks '" + item + "'");
      }
    }
    for (const std::string& item : test_->has_not) {
      if (std::ranges::count(list->items, item) > 0) {
        failed("the list has '" + item + "'");
      }
    }
  }

  // Calls `visit` for each event of the test; false after an error.
  bool for_each_event(const Node* subject, const RuleBench::Visit& visit) {
    std::uint64_t number = 0;
    std::vector<GivenFields> events = test_->events;
    for (const std::string& path : test_->jsonl) {
      auto more = read_json_events(path);
      if (!more) {
        failed(more.error().message);
        return false;
      }
      events.insert(events.end(), more->begin(), more->end());
    }
    for (const GivenFields& fields : events) {
      const auto event = bench_.make_event(fields, subject, ++number);
      if (!event) {
        failed(event.error().message);
        return false;
      }
      visit(event->context());
    }
    if (!test_->capture.file.empty()) {
      if (const Status replayed = bench_.replay(test_->capture, visit); !replayed) {
        failed(replayed.error().message);
        return false;
      }
    }
    return true;
  }

  void check_macro() {
    const Node* tree = bench_.macro_tree(test_->subject_name);
    if (tree == nullptr) {
      return failed("there is no macro '" + test_->subject_name + "'");
    }
    std::size_t number = 0;
    for_each_event(tree, [&](const FieldContext& context) {
      ++number;
      if (evaluator_.evaluate(*tree, context) != *test_->is) {
        failed("the macro is " + std::string(*test_->is ? "false" : "true") + " for event " +
               std::to_string(number));
      }
    });
  }

  void check_rules() {
    const Node* subject = nullptr;
    if (!test_->subject_name.empty()) {
      subject = bench_.rule_tree(test_->subject_name);
      if (subject == nullptr) {
        return failed("there is no rule '" + test_->subject_name + "'");
      }
    }
    Matcher matcher(bench_.rules(),
                    test_->matches_first ? RuleMatching::kFirst : RuleMatching::kAll);
    const bool is_read = for_each_event(subject, [&](const FieldContext& context) {
      for (const RuleId id : matcher.match(context)) {
        alerts_.push_back(Alert::make(bench_.rules(), id, context));
      }
      if (options_.coverage != nullptr) {
        cover(subject, context);
      }
    });
    if (is_read) {
      check_alerts();
    }
  }

  // The rule under test, or all rules that look at events of this type.
  void cover(const Node* subject, const FieldContext& context) {
    if (subject != nullptr) {
      evaluator_.evaluate(*subject, context);
      remember(*subject);
      return;
    }
    for (const Rule& rule : bench_.rules()->rules()) {
      if (rule.event_types.test(index_of(context.event.type()))) {
        if (const Node* tree = bench_.rule_tree(rule.name); tree != nullptr) {
          evaluator_.evaluate(*tree, context);
          remember(*tree);
        }
      }
    }
  }

  void remember(const Node& node) {
    PartCoverage& part = parts_[&node];
    ++(evaluator_.truth(node) ? part.true_count : part.false_count);
    for (const auto& child : node.children) {
      remember(*child);
    }
  }

  [[nodiscard]] std::vector<const Alert*> alerts_of(const std::string& rule) const {
    std::vector<const Alert*> found;
    for (const Alert& alert : alerts_) {
      if (rule.empty() || alert.rule().name == rule) {
        found.push_back(&alert);
      }
    }
    return found;
  }

  [[nodiscard]] std::string fired_text() const {
    std::vector<std::string> names;
    for (const Alert& alert : alerts_) {
      names.push_back("'" + alert.rule().name + "'");
    }
    return names.empty() ? "no rule fired" : "fired: " + join(names, ", ");
  }

  void check_alerts() {
    const std::string& subject = test_->subject_name;
    const std::vector<const Alert*> own = alerts_of(subject);
    if (test_->fires_subject && *test_->fires_subject == own.empty()) {
      failed("rule '" + subject + "' " +
             (own.empty() ? "did not fire (" + fired_text() + ")" : "fired"));
    }
    for (const std::string& rule : test_->fires) {
      if (alerts_of(rule).empty()) {
        failed("rule '" + rule + "' did not fire (" + fired_text() + ")");
      }
    }
    for (const std::string& rule : test_->not_fires) {
      if (!alerts_of(rule).empty()) {
        failed("rule '" + rule + "' fired");
      }
    }
    if (test_->count && *test_->count != own.size()) {
      failed("expected " + count_of(*test_->count, "alert") + ", there are " +
             std::to_string(own.size()) + " (" + fired_text() + ")");
    }
    std::vector<std::string> order;
    for (const Alert& alert : alerts_) {
      order.push_back(alert.rule().name);
    }
    if (!test_->order.empty() && test_->order != order) {
      failed("expected the order " + join(test_->order, ", ") + "; " + fired_text());
    }
    check_first(own.empty() ? nullptr : own.front());
    if (!test_->golden.empty()) {
      check_golden();
    }
  }

  // What is expected of the first alert.
  void check_first(const Alert* alert) {
    const bool is_wanted =
        !test_->priority.empty() || !test_->output.empty() || !test_->output_contains.empty();
    if (!is_wanted) {
      return;
    }
    if (alert == nullptr) {
      return failed("there is no alert to look at (" + fired_text() + ")");
    }
    Priority priority{};
    if (!test_->priority.empty() &&
        (!parse_priority(test_->priority, priority) || priority != alert->rule().priority)) {
      failed("expected priority " + test_->priority + ", it is " +
             std::string(to_text(alert->rule().priority)));
    }
    for (const auto& [field, expected] : test_->output) {
      std::string text;
      if (!append_field_text(text, *alert, field)) {
        text = "<NA>";
      }
      if (text != expected) {
        failed("output field " + field + ": expected '" + expected + "', it is '" + text + "'");
      }
    }
    std::string message;
    render_message(message, *alert, {});
    if (message.find(test_->output_contains) == std::string::npos) {
      failed("the output does not contain '" + test_->output_contains + "': " + message);
    }
  }

  void check_golden() {
    std::string lines;
    for (const Alert& alert : alerts_) {
      std::string message;
      render_message(message, alert, {});
      lines += std::string(to_text(alert.rule().priority)) + " " + alert.rule().name + ": " +
               message + "\n";
    }
    if (options_.updates_goldens) {
      if (const Status written = write_file(test_->golden, lines); !written) {
        failed(written.error().message);
      }
      return;
    }
    const auto expected = read_file(test_->golden);
    if (!expected) {
      failed(expected.error().message + " (--update writes it)");
    } else if (*expected != lines) {
      failed("alerts differ from " + test_->golden + " (--update accepts them):\n" + lines);
    }
  }

  const RuleBench& bench_;
  const RunOptions& options_;
  ConditionEvaluator evaluator_;
  const RuleTest* test_ = nullptr;
  std::vector<std::string> failures_;
  std::vector<Alert> alerts_;
  Coverage::Parts parts_;
};

}  // namespace

std::vector<TestResult> run_tests(const RuleBench& bench, const std::vector<RuleTest>& tests,
                                  const RunOptions& options) {
  std::vector<TestResult> results(tests.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    TestRunner runner(bench, options);
    for (std::size_t i = next++; i < tests.size(); i = next++) {
      const auto begin = std::chrono::steady_clock::now();
      results[i].test = &tests[i];
      results[i].failures = runner.run(tests[i]);
      results[i].seconds =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::min<std::size_t>(options.jobs, tests.size()); ++i) {
    threads.emplace_back(work);
  }
  work();
  threads.clear();
  return results;
}

}  // namespace saker::kit
