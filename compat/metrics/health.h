// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Whether the product does its job: what /healthz tells. Looked at about once a second by the
// control thread, read by the webserver.
//
//   red when   no event arrives from the kernel although the sensor's own system calls must cause
//              some (programs detached), more events are lost than the configuration tolerates, or
//              an output has had work waiting, or has lost what came, for a while without a
//              delivery, or look-ups of container metadata have been failing for a while.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace saker::metrics {

struct HealthOptions {
  double drop_threshold = 0.1;                          // share of events lost since the last look
  std::uint64_t blind_after_ns = 5'000'000'000;         // without a single kernel hit
  std::uint64_t dead_output_after_ns = 30'000'000'000;  // with work and without a delivery
};

struct HealthInput {
  struct Output {
    std::string_view name;
    std::uint64_t waiting = 0;    // in memory or in the spool
    std::uint64_t delivered = 0;  // totals
    std::uint64_t lost = 0;       // failed, refused or dropped
  };

  std::uint64_t now_ns = 0;  // any steady clock
  bool is_live = false;      // events come from this kernel
  std::uint64_t hits = 0;    // of tracepoints, the sensor's own included; total
  std::uint64_t events = 0;  // totals
  std::uint64_t drops = 0;
  std::vector<Output> outputs;
  std::uint64_t lookups_found = 0;  // of container metadata; totals
  std::uint64_t lookups_failed = 0;
  // What other parts say about themselves; empty: nothing.
  std::vector<std::string> other_troubles;
};

class HealthMonitor {
public:
  explicit HealthMonitor(const HealthOptions& options) : options_(options) {}

  void set_drop_threshold(double share) { options_.drop_threshold = share; }

  // Returns what is wrong, in plain words; empty: healthy.
  [[nodiscard]] std::vector<std::string> look(const HealthInput& input);

private:
  struct OutputMemory {
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    std::uint64_t fine_ns = 0;  // when it last delivered or had nothing waiting
    // Losses without a delivery in between; 0: none.
    std::uint64_t losing_since_ns = 0;
    std::uint64_t last_loss_ns = 0;
    std::uint64_t looked_ns = 0;
  };

  void look_at_lookups(const HealthInput& input, std::vector<std::string>& troubles);
  void look_at_output(const HealthInput::Output& output, std::uint64_t now_ns,
                      std::vector<std::string>& troubles);

  HealthOptions options_;
  bool is_first_ = true;
  std::uint64_t hits_ = 0;
  std::uint64_t hits_ns_ = 0;  // when they last grew
  std::uint64_t events_ = 0;
  std::uint64_t drops_ = 0;
  std::map<std::string, OutputMemory, std::less<>> outputs_;
  std::uint64_t lookups_found_ = 0;
  std::uint64_t lookups_failed_ = 0;
  std::uint64_t lookups_fine_ns_ = 0;   // when one succeeded, or none had failed for a while
  std::uint64_t lookups_worse_ns_ = 0;  // when one failed
};

// Body of /healthz: Falco's {"status": "ok"}, or "failing" with the reasons.
[[nodiscard]] std::string health_body(const std::vector<std::string>& troubles);

}  // namespace saker::metrics
