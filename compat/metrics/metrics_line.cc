// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Includes nlohmann/json.
#include <nlohmann/json.hpp>

#include "compat/metrics/falco_fields.h"

namespace saker::metrics {

std::string metrics_line(const Fields& fields, std::uint64_t sample) {
  nlohmann::json values = nlohmann::json::object();
  for (const auto& [name, value] : fields) {
    std::visit([&, &key = name](const auto& content) { values[key] = content; }, value);
  }
  const nlohmann::json line = {{"sample", sample}, {"output_fields", std::move(values)}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace saker::metrics
