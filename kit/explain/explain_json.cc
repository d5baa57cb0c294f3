// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <nlohmann/json.hpp>

#include "kit/explain/explanation.h"

namespace saker::kit {

namespace {

using nlohmann::json;

json data_of(const ExplainedPart& part) {
  json data = {{"text", part.text},
               {"is_true", part.is_true},
               {"is_reason", part.is_reason},
               {"place", part.place}};
  if (!part.through.empty()) {
    data["through"] = part.through;
  }
  for (const ExplainedValue& value : part.values) {
    json row = {{"expression", value.expression}};
    row["value"] = value.is_missing ? json() : json(value.text);
    data["values"].push_back(std::move(row));
  }
  for (const ExplainedPart& child : part.children) {
    data["parts"].push_back(data_of(child));
  }
  return data;
}

}  // namespace

std::string explanation_json(const Explanation& explanation, bool is_one_line) {
  const json out = {
      {"rule", explanation.rule},
      {"event", explanation.event},
      {"is_match", explanation.is_match},
      {"reason", explanation.reason},
      {"taken_by", explanation.taken_by.empty() ? json() : json(explanation.taken_by)},
      {"condition", data_of(explanation.condition)}};
  return out.dump(is_one_line ? -1 : 2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace saker::kit
