// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The smallest exceptions that silence chosen alerts of a rule and none of those to be kept. An
// exception is a set of fields and the values that they had together; few fields silence more than
// was seen, many silence only what was seen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::kit {

struct PastAlert {
  std::string rule;
  std::map<std::string, std::string> fields;  // of the output, as texts
};

// Reads alerts as JSON lines ("rule", "output_fields"). Other lines are an error.
[[nodiscard]] Result<std::vector<PastAlert>> read_alerts(const std::string& path);

struct SuggestedException {
  std::vector<std::string> fields;
  std::vector<std::vector<std::string>> values;  // rows, as many values as fields
  std::size_t silenced = 0;                      // alerts that only count here once
};

struct Suggestion {
  std::vector<SuggestedException> exceptions;
  std::size_t noise_count = 0;
  std::size_t silenced_count = 0;
};

struct SuggestRequest {
  std::vector<PastAlert> noise;
  std::vector<PastAlert> keep;             // must not be silenced
  std::vector<std::string> wanted_fields;  // empty: those that are known to be good
  std::size_t max_rows = 20;
};

[[nodiscard]] Suggestion suggest_exceptions(const SuggestRequest& request);

// An item that appends the exceptions to the rule.
[[nodiscard]] std::string exceptions_yaml(const std::string& rule, const Suggestion& suggestion);

}  // namespace saker::kit
