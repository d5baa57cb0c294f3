// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/base/rule_files.h"
#include "kit/base/text.h"
#include "kit/commands.h"
#include "kit/diff/alert_set.h"
#include "kit/suggest/suggest.h"

namespace saker::kit {

namespace {

constexpr int kDone = 0;
constexpr int kNothing = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {{"rules", true}, {"alerts", true}, {"rule", true},
                                   {"where", true}, {"keep", true},   {"attack", true},
                                   {"field", true}, {"output", true}};

int usage(const std::string& message, int status = kUsage) {
  print_error(message);
  return status;
}

class SuggestCommand {
public:
  explicit SuggestCommand(const Arguments& arguments) : arguments_(arguments) {}

  int run() {
    rule_ = arguments_.value("rule").value_or("");
    const auto path = arguments_.value("alerts");
    if (rule_.empty() || !path) {
      return usage("suggest-exceptions needs --rule NAME and --alerts FILE");
    }
    if (arguments_.has("attack") && !arguments_.has("rules")) {
      return usage("--attack needs --rules FILE");
    }
    const auto history = read_alerts(*path);
    if (!history) {
      return usage(history.error().message);
    }
    SuggestRequest request;
    request.wanted_fields = arguments_.values("field");
    for (const PastAlert& alert : *history) {
      if (alert.rule == rule_) {
        (is_chosen(alert) ? request.noise : request.keep).push_back(alert);
      }
    }
    if (request.noise.empty()) {
      return usage("none of the " + count_of(history->size(), "alert") + " is one of rule '" +
                       rule_ + "' with what --where asks for",
                   kNothing);
    }
    for (const std::string& keep : arguments_.values("keep")) {
      const auto more = read_alerts(keep);
      if (!more) {
        return usage(more.error().message);
      }
      request.keep.insert(request.keep.end(), more->begin(), more->end());
    }
    const Suggestion suggestion = suggest_exceptions(request);
    if (suggestion.exceptions.empty()) {
      return usage("no exception silences these alerts without those to be kept", kNothing);
    }
    return report(suggestion, request.keep.size());
  }

private:
  // --where FIELD=VALUE (all of them) chooses the noise among the rule's alerts.
  [[nodiscard]] bool is_chosen(const PastAlert& alert) const {
    return std::ranges::all_of(arguments_.values("where"), [&](const std::string& condition) {
      const std::size_t equals = condition.find('=');
      const auto field = alert.fields.find(condition.substr(0, equals));
      return equals != std::string::npos && field != alert.fields.end() &&
             field->second == condition.substr(equals + 1);
    });
  }

  int report(const Suggestion& suggestion, std::size_t kept) {
    const std::string yaml = exceptions_yaml(rule_, suggestion);
    std::string text = "# Silences " + std::to_string(suggestion.silenced_count) + " of " +
                       count_of(suggestion.noise_count, "chosen alert") +
                       " of the rule, and none of " + count_of(kept, "other alert") + ".\n";
    if (arguments_.has("rules")) {
      const auto checked = check_attacks(yaml);
      if (!checked) {
        return usage(checked.error().message, kNotLoaded);
      }
      text += *checked;
    }
    text += yaml;
    const auto output = arguments_.value("output");
    if (!output) {
      print(text);
    } else if (const Status written = write_file(*output, text); !written) {
      return usage(written.error().message);
    }
    return kDone;
  }

  // The rules must load with the exceptions, and the attacks raise what they raised without them.
  Result<std::string> check_attacks(const std::string& yaml) {
    SAKER_ASSIGN_OR_RETURN(const auto paths, expand_yaml_paths(arguments_.values("rules"), false));
    SAKER_ASSIGN_OR_RETURN(std::vector<RuleFile> files, read_rule_files(paths));
    SAKER_ASSIGN_OR_RETURN(const auto before, RuleBench::load_texts(files));
    files.push_back({"suggested exceptions", yaml});
    SAKER_ASSIGN_OR_RETURN(const auto after, RuleBench::load_texts(files));
    std::string out = "# The rules load with it.\n";
    for (const std::string& capture : arguments_.values("attack")) {
      SAKER_ASSIGN_OR_RETURN(const AlertSet old, collect_alerts(*before, {capture}, false));
      SAKER_ASSIGN_OR_RETURN(const AlertSet fresh, collect_alerts(*after, {capture}, false));
      std::size_t lost = 0;
      for (const auto& [key, alert] : old) {
        lost += fresh.find(key) == fresh.end() ? 1U : 0U;
      }
      if (lost > 0) {
        return fail(ErrorCode::kRejected, "the exceptions would hide " + count_of(lost, "alert") +
                                              " of the attack " + capture);
      }
      out += "# Attack " + capture.substr(capture.rfind('/') + 1) + ": all " +
             count_of(old.size(), "alert") + " still fire.\n";
    }
    return out;
  }

  const Arguments& arguments_;
  std::string rule_;
};

}  // namespace

int run_suggest_exceptions(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  return SuggestCommand(arguments).run();
}

}  // namespace saker::kit
