// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A snapshot with a different number in every place.
#pragma once

#include "compat/metrics/snapshot.h"

namespace saker::metrics {

inline Snapshot sample_snapshot() {
  Snapshot snapshot;
  snapshot.now_ns = 1'700'000'010'000'000'000;
  snapshot.elapsed_ns = 10'000'000'000;
  snapshot.process = {.falco_version = "0.45.0",
                      .saker_version = "0.1.0",
                      .hostname = "vm",
                      .kernel_release = "6.18.0",
                      .engine_name = "modern_bpf",
                      .start_ns = 1'700'000'000'000'000'000,
                      .reload_ns = 1'700'000'001'000'000'000,
                      .boot_ns = 1'600'000'000'000'000'000,
                      .cpu_count = 2,
                      .config_files = {{"falco.yaml", "aa"}},
                      .rules_files = {{"falco_rules.yaml", "bb"}},
                      .interfaces = {{"eth0", "10.0.0.2", "fd00::2"}}};
  snapshot.events_processed = 1000;
  snapshot.rules = {{.name = "Read \"it\" (CVE-1)",
                     .source = "syscall",
                     .priority = Priority::kWarning,
                     .tags = {"T1555", "host.x"},
                     .matches = 7,
                     .evaluations = 70,
                     .time_ns = 700},
                    {.name = "Quiet", .source = "syscall"}};
  snapshot.resources = {.cpu_perc = 1.4,
                        .rss_kb = 2048,
                        .vsz_kb = 4096,
                        .pss_kb = 1024,
                        .container_memory_bytes = 0,
                        .host_cpu_perc = 10.8,
                        .host_memory_kb = 8192,
                        .host_procs_running = 3,
                        .host_open_fds = 44};
  snapshot.state = {.threads = 11, .fds = 12, .added_threads = 13};
  snapshot.kernel = {.is_known = true,
                     .events = 2000,
                     .drops = 20,
                     .drops_ring_full = 15,
                     .drops_by_category = {{"open", 9}, {"other_interest", 6}},
                     .cpus = {{1500, 12}, {500, 8}},
                     .programs = {{"exit_open", 4, 400}}};
  snapshot.outputs = {{.name = "http", .held = 1, .delivered = 5, .stored = 9}};
  snapshot.ledger = {{"events.malformed", "data_loss", "Bad.", 3}};
  snapshot.events_by_type = {{"openat", 600}};
  return snapshot;
}

}  // namespace saker::metrics
