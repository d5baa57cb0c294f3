// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/diff/alert_set.h"

#include "engine/alert/alert.h"
#include "engine/alert/render_text.h"
#include "engine/ruleset/matcher.h"

namespace saker::kit {

Result<AlertSet> collect_alerts(const RuleBench& bench, const std::vector<std::string>& captures,
                                bool matches_first) {
  AlertSet alerts;
  for (const std::string& capture : captures) {
    Matcher matcher(bench.rules(), matches_first ? RuleMatching::kFirst : RuleMatching::kAll);
    CaptureSlice slice;
    slice.file = capture;
    SAKER_RETURN_IF_ERROR(bench.replay(slice, [&](const FieldContext& context) {
      for (const RuleId id : matcher.match(context)) {
        const Alert alert = Alert::make(bench.rules(), id, context);
        std::string message;
        render_message(message, alert, {});
        alerts[{alert.rule().name, capture, context.number}] = {
            std::string(to_text(alert.rule().priority)), std::move(message)};
      }
    }));
  }
  return alerts;
}

}  // namespace saker::kit
