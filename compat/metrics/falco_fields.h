// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The snapshot as metrics.output_rule and metrics.output_file write it. Source: falco-compat.md
// 3.6.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "compat/metrics/snapshot.h"
#include "engine/alert/notice.h"

namespace saker::metrics {

using Fields = std::map<std::string, Notice::FieldValue>;

// What rates are measured from: the numbers of the snapshot before.
struct PreviousCounts {
  bool is_known = false;         // false: there was none
  std::uint64_t elapsed_ns = 0;  // as in Snapshot
  std::uint64_t events_processed = 0;
  std::uint64_t kernel_events = 0;
  std::uint64_t kernel_drops = 0;
};

[[nodiscard]] PreviousCounts counts_of(const Snapshot& snapshot);

[[nodiscard]] Fields falco_fields(const Snapshot& snapshot, const MetricsSelection& selection,
                                  const PreviousCounts& previous);

// "Falco internal: metrics snapshot".
[[nodiscard]] Notice metrics_notice(std::uint64_t now_ns, Fields fields);

// A line of metrics.output_file, with its line feed. `sample` counts from 1.
[[nodiscard]] std::string metrics_line(const Fields& fields, std::uint64_t sample);

// A name of a rule or file as part of a field's name: other characters than letters, digits, `_`
// and `:` become `_`, runs of it become one, and none stands at the end.
[[nodiscard]] std::string field_part(std::string_view name);

}  // namespace saker::metrics
