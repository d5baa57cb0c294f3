// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The whole engine: a rule file, a NUL, and events (event_stream.h). The rules are loaded and run
// over the events, and what they raise is rendered.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/field/field_catalogue.h"
#include "engine/ruleset/matcher.h"
#include "rules/loader/load_rules.h"
#include "tests/fuzz/alert_checks.h"
#include "tests/fuzz/event_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace saker;
  static const auto fields = std::make_shared<const FieldCatalogue>();
  const std::uint8_t* const end = std::find(data, data + size, std::uint8_t{0});
  if (end == data + size) {
    return 0;
  }
  const std::vector<RuleFile> files{{"rules", std::string(data, end)}};
  LoadOptions options;
  options.regex.allow_pcre2 = true;
  const LoadResult loaded = load_rules(files, options, fields);
  if (loaded.rules == nullptr) {
    return 0;
  }
  Matcher all(loaded.rules, RuleMatching::kAll);
  Matcher first(loaded.rules, RuleMatching::kFirst);
  const auto used = static_cast<std::size_t>(end + 1 - data);
  fuzz::run_events({reinterpret_cast<const std::byte*>(end + 1), size - used},
                   [&](const FieldContext& context) {
                     const auto matches = all.match(context);
                     const auto one = first.match(context);
                     SAKER_CHECK(one.size() == std::min<std::size_t>(matches.size(), 1));
                     SAKER_CHECK(one.empty() || one[0] == matches[0]);
                     // One per event, by turns: rendering all would leave time for few inputs.
                     if (!matches.empty()) {
                       const RuleId id = matches[context.number % matches.size()];
                       fuzz::check_alert(Alert::make(loaded.rules, id, context));
                     }
                   });
  return 0;
}
