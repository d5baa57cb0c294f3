// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <charconv>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/base/text.h"
#include "kit/commands.h"
#include "kit/explain/explanation.h"

namespace saker::kit {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {{"rules", true}, {"capture", true}, {"event", true},
                                   {"field", true}, {"test", true},    {"format", true},
                                   {"output", true}};

int usage(const std::string& message, int status = kUsage) {
  print_error(message);
  return status;
}

class ExplainCommand {
public:
  explicit ExplainCommand(const Arguments& arguments) : arguments_(arguments) {}

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
    auto bench = RuleBench::load(*files);
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
    return explain(*rule);
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
      return fail(
          ErrorCode::kInvalidArgument,
          "explain needs an event: --field NAME=VALUE, --capture FILE --event N, or --test");
    }
    return {};
  }

  int explain(const Rule& rule) {
    if (const Status read = read_event(); !read) {
      return usage(read.error().message);
    }
    Explainer explainer(*bench_);
    std::string out;
    std::size_t count = 0;
    const auto visit = [&](const FieldContext& context) {
      const Explanation explanation = explainer.explain(rule, context);
      out += count++ > 0 && format() == "text" ? "\n" : "";
      out += render(explanation);
    };
    const Node* tree = bench_->rule_tree(rule.name);
    for (const GivenFields& fields : events_) {
      const auto event = bench_->make_event(fields, tree, count + 1);
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
    if (count == 0) {
      return usage("the capture has no such event, or rules do not see it", kFailed);
    }
    const auto output = arguments_.value("output");
    if (!output) {
      print(out);
    } else if (const Status written = write_file(*output, out); !written) {
      return usage(written.error().message);
    }
    return kDone;
  }

  [[nodiscard]] std::string format() const { return arguments_.value("format").value_or("text"); }

  [[nodiscard]] std::string render(const Explanation& explanation) const {
    if (format() == "json") {
      return explanation_json(explanation);
    }
    if (format() == "html") {
      return explanation_html(explanation);
    }
    return explanation_text(explanation, is_terminal() && !arguments_.has("output"));
  }

  const Arguments& arguments_;
  std::unique_ptr<RuleBench> bench_;
  std::string rule_name_;
  std::vector<GivenFields> events_;
  CaptureSlice slice_;
};

}  // namespace

int run_explain(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  const std::string format = arguments.value("format").value_or("text");
  if (format != "text" && format != "json" && format != "html") {
    return usage("--format takes: text, json, html");
  }
  return ExplainCommand(arguments).run();
}

}  // namespace saker::kit
