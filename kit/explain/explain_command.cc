// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/base/rule_files.h"
#include "kit/base/text.h"
#include "kit/commands.h"
#include "kit/explain/explanation.h"
#include "kit/explain/live_request.h"

namespace saker::kit {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {{"rules", true},    {"capture", true}, {"event", true},
                                   {"field", true},    {"test", true},    {"format", true},
                                   {"output", true},   {"live", false},   {"count", true},
                                   {"duration", true}, {"filter", true},  {"reached", false}};

int usage(const std::string& message, int status = kUsage) {
  print_error(message);
  return status;
}

// Explanations as they come: as text at once, else when all are there.
class ExplainReport {
public:
  explicit ExplainReport(const Arguments& arguments)
      : format_(arguments.value("format").value_or("text")), output_(arguments.value("output")) {}

  [[nodiscard]] std::size_t count() const { return count_; }

  void add(Explanation explanation) {
    const bool is_first = count_++ == 0;
    if (format_ != "text") {
      explanations_.push_back(std::move(explanation));
      return;
    }
    const std::string text =
        (is_first ? "" : "\n") + explanation_text(explanation, is_terminal() && !output_);
    if (output_) {
      text_ += text;
    } else {
      print(text);
    }
  }

  Status finish() {
    if (format_ == "html") {
      text_ = explanation_html(explanations_);
    }
    for (std::size_t i = 0; format_ == "json" && i < explanations_.size(); ++i) {
      text_ += explanation_json(explanations_[i], explanations_.size() > 1);
    }
    if (output_) {
      return write_file(*output_, text_);
    }
    print(text_);
    return {};
  }

private:
  std::string format_;
  std::optional<std::string> output_;
  std::vector<Explanation> explanations_;
  std::string text_;
  std::size_t count_ = 0;
};

class ExplainCommand {
public:
  ExplainCommand(const Arguments& arguments, const WatchMachine& watch)
      : arguments_(arguments), watch_(watch), report_(arguments) {}

  int run() {
    std::vector<std::string> rules = arguments_.values("rules");
    if (const auto test = arguments_.value("test")) {
      if (const Status read = read_test(*test, rules); !read) {
        return usage(read.error().message);
      }
    }
    if (rules.empty()) {
      return usage("explain needs --rules FILE");
    }
    const auto files = expand_yaml_paths(rules, false);
    if (!files) {
      return usage(files.error().message);
    }
    auto texts = read_rule_files(*files);
    if (!texts) {
      return usage(texts.error().message);
    }
    if (arguments_.has("live")) {
      auto live = read_live_request(arguments_);
      if (!live) {
        return usage(live.error().message);
      }
      live_ = std::move(*live);
      if (!live_->filter.empty()) {
        texts->push_back(filter_file(live_->filter));
      }
    }
    auto bench = RuleBench::load_texts(*texts);
    if (!bench) {
      return usage(bench.error().message, kNotLoaded);
    }
    bench_ = std::move(*bench);
    rule_name_ =
        rule_name_.empty() && !arguments_.words().empty() ? arguments_.words().front() : rule_name_;
    const auto all = bench_->rules()->rules();
    const auto rule = std::ranges::find(all, rule_name_, &Rule::name);
    if (rule == all.end()) {
      return usage("there is no rule '" + rule_name_ + "'");
    }
    return live_ ? explain_live(*rule) : explain(*rule);
  }

private:
  // FILE:LINE or FILE:NAME of a test gives the rule and its events.
  Status read_test(const std::string& where, std::vector<std::string>& rules) {
    const std::size_t colon = where.find(':');
    const std::string path = where.substr(0, colon);
    const std::string which = colon == std::string::npos ? "" : where.substr(colon + 1);
    SAKER_ASSIGN_OR_RETURN(const std::string text, read_file(path));
    SAKER_ASSIGN_OR_RETURN(const TestFile file, parse_test_file(path, text));
    const auto found = std::ranges::find_if(file.tests, [&](const RuleTest& test) {
      return which.empty() || test.name == which || std::to_string(test.line) == which;
    });
    if (found == file.tests.end()) {
      return fail(ErrorCode::kNotFound, "there is no test '" + which + "' in " + path);
    }
    rules = rules.empty() ? file.rule_files : rules;
    rule_name_ = arguments_.words().empty() ? found->subject_name : arguments_.words().front();
    events_ = found->events;
    slice_ = found->capture;
    return {};
  }

  Status read_event() {
    GivenFields fields;
    for (const std::string& word : arguments_.values("field")) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos) {
        return fail(ErrorCode::kInvalidArgument, "--field takes NAME=VALUE");
      }
      const std::string value = word.substr(equals + 1);
      fields.push_back({word.substr(0, equals), value == "<NA>", {value}});
    }
    if (!fields.empty()) {
      events_ = {fields};
    }
    if (const auto capture = arguments_.value("capture")) {
      slice_.file = *capture;
      const std::string number = arguments_.value("event").value_or("");
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), slice_.first_event);
      if (error != std::errc() || end != number.data() + number.size()) {
        return fail(ErrorCode::kInvalidArgument, "--capture needs --event NUMBER");
      }
      slice_.last_event = slice_.first_event;
    }
    if (events_.empty() && slice_.file.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "explain needs an event: --field NAME=VALUE, --capture FILE --event N, --test, "
                  "or --live");
    }
    return {};
  }

  int explain(const Rule& rule) {
    if (const Status read = read_event(); !read) {
      return usage(read.error().message);
    }
    Explainer explainer(*bench_);
    const auto visit = [&](const FieldContext& context) {
      report_.add(explainer.explain(rule, context));
    };
    const Node* tree = bench_->rule_tree(rule.name);
    for (const GivenFields& fields : events_) {
      const auto event = bench_->make_event(fields, tree, report_.count() + 1);
      if (!event) {
        return usage(event.error().message);
      }
      visit(event->context());
    }
    if (!slice_.file.empty()) {
      if (const Status replayed = bench_->replay(slice_, visit); !replayed) {
        return usage(replayed.error().message);
      }
    }
    return finish("the capture has no such event, or rules do not see it");
  }

  int explain_live(const Rule& rule) {
    Explainer explainer(*bench_);
    ConditionEvaluator evaluator(bench_->given_fields());
    const Node& condition = *bench_->rule_tree(rule.name);
    const Node* filter = bench_->rule_tree(kFilterRule);
    const FieldCatalogue standard;
    const GivenValues nothing(standard);
    const auto visit = [&](const FieldContext& of_machine) {
      if (!rule.event_types.test(index_of(of_machine.event.type()))) {
        return true;
      }
      FieldContext context = of_machine;
      context.given = &nothing;
      if ((!live_->takes_reached && !evaluator.evaluate(condition, context)) ||
          (filter != nullptr && !evaluator.evaluate(*filter, context))) {
        return true;
      }
      report_.add(explainer.explain(rule, context));
      return report_.count() < live_->count;
    };
    const auto begin = [&] {
      const std::string events = count_of(live_->count, "event");
      std::fprintf(stderr, "Watching for %s that the rule %s; Ctrl-C ends it ...\n", events.c_str(),
                   live_->takes_reached ? "looks at" : "matches");
    };
    const Status watched = watch_({.rules = *bench_->rules(),
                                   .duration_ns = live_->duration_ns,
                                   .on_begin = begin,
                                   .visit = visit});
    if (!watched) {
      return usage(watched.error().message, kFailed);
    }
    return finish("no such event came");
  }

  int finish(const std::string& absence) {
    if (report_.count() == 0) {
      return usage(absence, kFailed);
    }
    if (const Status written = report_.finish(); !written) {
      return usage(written.error().message);
    }
    return kDone;
  }

  const Arguments& arguments_;
  const WatchMachine& watch_;
  ExplainReport report_;
  std::optional<LiveRequest> live_;
  std::unique_ptr<RuleBench> bench_;
  std::string rule_name_;
  std::vector<GivenFields> events_;
  CaptureSlice slice_;
};

}  // namespace

int run_explain(std::span<const std::string> rest, const WatchMachine& watch) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  const std::string format = arguments.value("format").value_or("text");
  if (format != "text" && format != "json" && format != "html") {
    return usage("--format takes: text, json, html");
  }
  return ExplainCommand(arguments, watch).run();
}

}  // namespace saker::kit
