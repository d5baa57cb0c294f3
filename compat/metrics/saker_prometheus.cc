// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Our own families. docs/metrics.md lists them; a test compares the two.
#include "compat/metrics/prometheus.h"

namespace saker::metrics {

namespace {

struct OutputFamily {
  std::string_view name;
  bool is_counter;
  std::string_view help;
  std::uint64_t OutputCounts::*member;
};

// clang-format off
constexpr OutputFamily kOutputFamilies[] = {
    {"saker_output_queue_messages", false, "Alerts that wait in memory for an output.", &OutputCounts::held},
    {"saker_output_pushed_total", true, "Alerts handed to an output.", &OutputCounts::pushed},
    {"saker_output_filtered_total", true, "Alerts that an output's filter left out.", &OutputCounts::filtered},
    {"saker_output_delivered_total", true, "Alerts that an output delivered.", &OutputCounts::delivered},
    {"saker_output_failed_total", true, "Alerts that an output could not deliver.", &OutputCounts::failed},
    {"saker_output_dropped_full_total", true, "Alerts dropped because an output's queue was full.", &OutputCounts::dropped_full},
    {"saker_output_dropped_refused_total", true, "Alerts that an output refused.", &OutputCounts::dropped_refused},
    {"saker_output_retries_total", true, "Repeated writes of an output.", &OutputCounts::retries},
    {"saker_spool_messages", false, "Alerts in an output's spool.", &OutputCounts::stored},
    {"saker_spool_bytes", false, "Bytes of the alerts in an output's spool.", &OutputCounts::stored_bytes},
    {"saker_spool_set_aside_messages", false, "Alerts that a receiver never accepted, kept apart in the spool.", &OutputCounts::set_aside},
};

struct RuleFamily {
  std::string_view name;
  std::string_view help;
  std::uint64_t RuleCounts::*member;
};

constexpr RuleFamily kRuleFamilies[] = {
    {"saker_rule_evaluations_total", "How often a rule's condition was asked; the indexes spare the rest.", &RuleCounts::evaluations},
    {"saker_rule_matches_total", "How often a rule matched.", &RuleCounts::matches},
    {"saker_rule_time_nanoseconds_total", "Time spent on a rule's condition, estimated from samples.", &RuleCounts::time_ns},
};
// clang-format on

void add_rules(PrometheusText& out, const Snapshot& snapshot) {
  for (const RuleFamily& family : kRuleFamilies) {
    for (const RuleCounts& rule : snapshot.rules) {
      if (rule.evaluations != 0) {
        out.add({.name = family.name, .is_counter = true, .help = family.help},
                {{"rule_name", rule.name}, {"source", rule.source}}, rule.*family.member);
      }
    }
  }
}

void add_outputs(PrometheusText& out, const Snapshot& snapshot) {
  for (const OutputFamily& family : kOutputFamilies) {
    for (const OutputCounts& output : snapshot.outputs) {
      out.add({.name = family.name, .is_counter = family.is_counter, .help = family.help},
              {{"output", output.name}}, output.*family.member);
    }
  }
}

void add_programs(PrometheusText& out, const Snapshot& snapshot) {
  for (const ProgramCost& program : snapshot.kernel.programs) {
    out.add({.name = "saker_bpf_run_time_nanoseconds_total",
             .is_counter = true,
             .help = "Time spent in a kernel program; needs kernel.bpf_stats_enabled."},
            {{"program", program.name}}, program.run_time_ns);
  }
  for (const ProgramCost& program : snapshot.kernel.programs) {
    out.add({.name = "saker_bpf_runs_total",
             .is_counter = true,
             .help = "Runs of a kernel program; needs kernel.bpf_stats_enabled."},
            {{"program", program.name}}, program.run_count);
  }
}

void add_number(PrometheusText& out, const PrometheusText::Family& family, std::uint64_t value) {
  out.add(family, {}, value);
}

}  // namespace

void add_saker_families(PrometheusText& out, const Snapshot& snapshot,
                        const MetricsSelection& selection) {
  out.add({.name = "saker_version_info", .help = "The version of Saker."},
          {{"version", snapshot.process.saker_version}}, std::uint64_t{1});
  add_number(out, {"saker_healthy", false, "1 unless /healthz is red."},
             snapshot.troubles.empty() ? 1 : 0);
  add_number(out, {"saker_events_processed_total", true, "Events that rules have seen."},
             snapshot.events_processed);
  add_number(out, {"saker_rules_generation", false, "Grows with every rule set that took effect."},
             snapshot.rule_generation);
  add_number(out, {"saker_reloads_total", true, "Reloads that took effect."}, snapshot.reloads);
  add_number(out, {"saker_reloads_failed_total", true, "Reloads that were refused."},
             snapshot.failed_reloads);
  for (const LedgerRow& row : snapshot.ledger) {
    out.add({.name = "saker_ledger_total",
             .is_counter = true,
             .help = "The ledger of events, losses and state; docs/metrics.md explains each row."},
            {{"counter", row.name}, {"kind", row.kind}}, row.value);
  }
  for (const auto& [type, count] : snapshot.events_by_type) {
    out.add({.name = "saker_events_by_type_total",
             .is_counter = true,
             .help = "Events read, by type; system calls by their name."},
            {{"type", type}}, count);
  }
  if (selection.rules_counters) {
    add_rules(out, snapshot);
  }
  add_outputs(out, snapshot);
  if (selection.libbpf_stats) {
    add_programs(out, snapshot);
  }
}

}  // namespace saker::metrics
