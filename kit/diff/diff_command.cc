// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/commands.h"
#include "kit/diff/diff_report.h"
#include "kit/diff/git.h"

namespace saker::kit {

namespace {

constexpr int kSame = 0;
constexpr int kDiffers = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {{"corpus", true}, {"format", true}, {"matching", true},
                                   {"bisect", true}, {"rule", true},   {"output", true}};

int usage(const std::string& message, int status = kUsage) {
  print_error(message);
  return status;
}

// A set of rule files: a path, or several with commas.
Result<std::vector<std::string>> files_of(const std::string& word) {
  std::vector<std::string> paths;
  std::size_t begin = 0;
  while (begin <= word.size()) {
    const std::size_t end = std::min(word.find(',', begin), word.size());
    paths.push_back(word.substr(begin, end - begin));
    begin = end + 1;
  }
  return expand_yaml_paths(paths, false);
}

class DiffCommand {
public:
  explicit DiffCommand(const Arguments& arguments)
      : arguments_(arguments), captures_(arguments.values("corpus")) {
    matches_first_ = arguments.value("matching").value_or("first") == "first";
  }

  int compare() {
    if (arguments_.words().size() != 2) {
      return usage("diff needs two rule sets: OLD NEW (files with commas, or folders)");
    }
    std::unique_ptr<RuleBench> sides[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const auto files = files_of(arguments_.words()[i]);
      if (!files) {
        return usage(files.error().message);
      }
      auto bench = RuleBench::load(*files);
      if (!bench) {
        return usage(arguments_.words()[i] + ": " + bench.error().message, kNotLoaded);
      }
      sides[i] = std::move(*bench);
    }
    const auto before = collect_alerts(*sides[0], captures_, matches_first_);
    const auto after = collect_alerts(*sides[1], captures_, matches_first_);
    if (!before || !after) {
      return usage((!before ? before : after).error().message);
    }
    DiffReport report;
    report.alerts = compare_alerts(*before, *after);
    report.rules = compare_rules(*sides[0], *sides[1]);
    report.before_count = before->size();
    report.after_count = after->size();
    if (const Status written = write(render(report)); !written) {
      return usage(written.error().message);
    }
    return report.is_empty() ? kSame : kDiffers;
  }

  // Finds the first commit of the range whose alerts differ from those before the range.
  int bisect(const std::string& range) {
    const std::size_t dots = range.find("..");
    if (dots == std::string::npos || arguments_.words().empty() || captures_.empty()) {
      return usage("--bisect GOOD..BAD needs rule files and --corpus");
    }
    const auto commits = git_commits(range, arguments_.words());
    const auto good = alerts_at(range.substr(0, dots));
    if (!commits || !good) {
      return usage(!commits ? commits.error().message : good.error().message);
    }
    std::size_t low = 0;  // commits before `low` are as good
    std::size_t high = commits->size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      const auto alerts = alerts_at((*commits)[middle]);
      if (alerts && *alerts == *good) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == commits->size()) {
      print("no commit of " + range + " changes the alerts\n");
      return kSame;
    }
    return report_commit(*commits, low, range.substr(0, dots));
  }

private:
  // Says what the commit at `index` changed, compared with the one before it (`good`: before all).
  int report_commit(const std::vector<std::string>& commits, std::size_t index,
                    const std::string& good) {
    const auto title = git_title(commits[index]);
    DiffReport report;
    report.commit = title ? *title : commits[index];
    const auto before = bench_at(index == 0 ? good : commits[index - 1]);
    const auto after = bench_at(commits[index]);
    if (!before || !after) {
      print("first commit that changes the alerts: " + report.commit + "\nthere " +
            (!before ? before : after).error().message + "\n");
      return kDiffers;
    }
    const auto old = alerts_of(**before);
    const auto fresh = alerts_of(**after);
    if (!old || !fresh) {
      return usage((!old ? old : fresh).error().message);
    }
    report.alerts = compare_alerts(*old, *fresh);
    report.rules = compare_rules(**before, **after);
    report.before_count = old->size();
    report.after_count = fresh->size();
    if (const Status written = write(render(report)); !written) {
      return usage(written.error().message);
    }
    return kDiffers;
  }

  Result<AlertSet> alerts_at(const std::string& commit) {
    SAKER_ASSIGN_OR_RETURN(const auto bench, bench_at(commit));
    return alerts_of(*bench);
  }

  // With the rule files as they were in a commit.
  Result<std::unique_ptr<RuleBench>> bench_at(const std::string& commit) {
    std::vector<RuleFile> files;
    for (const std::string& path : arguments_.words()) {
      SAKER_ASSIGN_OR_RETURN(std::string text, git_file(commit, path));
      files.push_back({path, std::move(text)});
    }
    return RuleBench::load_texts(files);
  }

  // With --rule only those of that rule.
  Result<AlertSet> alerts_of(const RuleBench& bench) {
    SAKER_ASSIGN_OR_RETURN(AlertSet alerts, collect_alerts(bench, captures_, matches_first_));
    if (const auto rule = arguments_.value("rule")) {
      std::erase_if(alerts, [&](const auto& row) { return row.first.rule != *rule; });
    }
    return alerts;
  }

  [[nodiscard]] std::string render(const DiffReport& report) const {
    const std::string format = arguments_.value("format").value_or("text");
    if (format == "json") {
      return diff_json(report);
    }
    return format == "markdown" ? diff_markdown(report) : diff_text(report);
  }

  Status write(const std::string& text) const {
    if (const auto output = arguments_.value("output")) {
      return write_file(*output, text);
    }
    print(text);
    return {};
  }

  const Arguments& arguments_;
  std::vector<std::string> captures_;
  bool matches_first_ = true;
};

}  // namespace

int run_diff(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  const std::string format = arguments.value("format").value_or("text");
  if (format != "text" && format != "json" && format != "markdown") {
    return usage("--format takes: text, json, markdown");
  }
  DiffCommand command(arguments);
  const auto range = arguments.value("bisect");
  return range ? command.bisect(*range) : command.compare();
}

}  // namespace saker::kit
