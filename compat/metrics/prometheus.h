// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string>

#include "compat/metrics/prometheus_text.h"
#include "compat/metrics/snapshot.h"

namespace saker::metrics {

// The body of /metrics: Falco's families (falcosecurity_…), then ours (saker_…).
[[nodiscard]] std::string prometheus_page(const Snapshot& snapshot,
                                          const MetricsSelection& selection);

// saker_prometheus.cc: ours alone. docs/metrics.md lists them.
void add_saker_families(PrometheusText& out, const Snapshot& snapshot,
                        const MetricsSelection& selection);

}  // namespace saker::metrics
