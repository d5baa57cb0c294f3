// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/falco_fields.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/compat/metrics/sample_snapshot.h"

namespace saker::metrics {
namespace {

using Json = nlohmann::json;

Json fields_json(const MetricsSelection& selection = {}, const PreviousCounts& previous = {}) {
  const std::string line = metrics_line(falco_fields(sample_snapshot(), selection, previous), 3);
  EXPECT_TRUE(line.ends_with("}\n"));
  const Json json = Json::parse(line);
  EXPECT_EQ(json["sample"], 3);
  return json["output_fields"];
}

TEST(FalcoFields, ProcessIsAlwaysTold) {
  const Json fields = fields_json();
  EXPECT_EQ(fields["evt.time"], 1'700'000'010'000'000'000);
  EXPECT_EQ(fields["evt.source"], "syscall");
  EXPECT_EQ(fields["falco.duration_sec"], 10);
  EXPECT_EQ(fields["falco.sha256_rules_file.falco_rules_yaml"], "bb");
  EXPECT_EQ(fields["falco.sha256_config_file.falco_yaml"], "aa");
  EXPECT_EQ(fields["falco.host_netinfo.interfaces.eth0.protocols.ipv4.addresses"], "10.0.0.2");
  EXPECT_EQ(fields["falco.outputs_queue_num_drops"], 0);
  EXPECT_EQ(fields["falco.num_evts"], 1000);
  EXPECT_EQ(fields["falco.num_evts_prev"], 0);
  EXPECT_FALSE(fields.contains("falco.evts_rate_sec")) << "there is nothing to compare with";
}

TEST(FalcoFields, RatesAreBetweenSnapshots) {
  const Json fields = fields_json({}, {.is_known = true,
                                       .elapsed_ns = 0,
                                       .events_processed = 500,
                                       .kernel_events = 1900,
                                       .kernel_drops = 10});
  EXPECT_EQ(fields["falco.evts_rate_sec"], 50.0);
  EXPECT_EQ(fields["scap.evts_rate_sec"], 10.0);
  EXPECT_EQ(fields["scap.evts_drop_rate_sec"], 1.0);
  EXPECT_EQ(fields["scap.n_drops_perc"], 10.0);
  EXPECT_EQ(fields["scap.n_evts_prev"], 1900);
}

TEST(FalcoFields, RulesAreNamedByTheirSanitizedNames) {
  const Json fields = fields_json();
  EXPECT_EQ(fields["falco.rules.Read_it_CVE_1"], 7);
  EXPECT_EQ(fields["falco.rules.matches_total"], 7);
  EXPECT_FALSE(fields.contains("falco.rules.Quiet"));
}

TEST(FalcoFields, MemoryInMegabytesOrNot) {
  EXPECT_EQ(fields_json()["falco.memory_rss_mb"], 2.0);
  const Json fields = fields_json({.convert_memory_to_mb = false});
  EXPECT_EQ(fields["falco.memory_rss_kb"], 2048);
  EXPECT_FALSE(fields.contains("falco.memory_rss_mb"));
}

TEST(FalcoFields, EmptyValuesOnlyWhenWanted) {
  EXPECT_FALSE(fields_json().contains("falco.n_stored_evts"));
  const Json fields = fields_json({.include_empty_values = true});
  EXPECT_EQ(fields["falco.n_stored_evts"], 0);
  EXPECT_EQ(fields["falco.rules.Quiet"], 0);
  EXPECT_EQ(fields["falco.container_memory_used_mb"], 0.0);
}

TEST(FalcoFields, KernelCounters) {
  const Json fields = fields_json({.kernel_event_counters_per_cpu = true});
  EXPECT_EQ(fields["scap.n_evts"], 2000);
  EXPECT_EQ(fields["scap.n_drops"], 20);
  EXPECT_EQ(fields["scap.n_drops_buffer_total"], 15);
  EXPECT_EQ(fields["scap.n_evts_cpu_1"], 500);
  EXPECT_EQ(fields["scap.exit_open.run_cnt"], 4);
  EXPECT_EQ(fields["scap.exit_open.avg_time_ns"], 100);
  EXPECT_FALSE(fields_json({.kernel_event_counters = false}).contains("scap.n_evts"));
}

TEST(FalcoFields, NoticeIsFalcos) {
  const Notice notice = metrics_notice(5, {});
  EXPECT_EQ(notice.rule, "Falco internal: metrics snapshot");
  EXPECT_EQ(notice.priority, Priority::kInformational);
}

TEST(FalcoFields, PartsOfNames) {
  EXPECT_EQ(field_part("Testing rule   2 (CVE-2244)"), "Testing_rule_2_CVE_2244");
  EXPECT_EQ(field_part("Testing rule__:2)"), "Testing_rule_:2");
  EXPECT_EQ(field_part(""), "");
}

}  // namespace
}  // namespace saker::metrics
