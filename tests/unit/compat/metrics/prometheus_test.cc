// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/prometheus.h"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/compat/metrics/sample_snapshot.h"

namespace saker::metrics {
namespace {

MetricsSelection everything() {
  MetricsSelection selection;
  selection.kernel_event_counters_per_cpu = true;
  return selection;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

// Names, labels and forms of numbers as Falco's documentation shows them.
TEST(Prometheus, LinesAreFalcos) {
  const std::string page = "\n" + prometheus_page(sample_snapshot(), everything());
  for (const char* line :
       {"# HELP falcosecurity_falco_version_info https://falco.org/docs/metrics/",
        "# TYPE falcosecurity_falco_version_info gauge",
        "falcosecurity_falco_version_info{version=\"0.45.0\"} 1",
        "falcosecurity_falco_sha256_rules_files_info{file_name=\"falco_rules.yaml\",sha256=\"bb\"} "
        "1",
        "falcosecurity_falco_sha256_config_files_info{file_name=\"falco.yaml\",sha256=\"aa\"} 1",
        "falcosecurity_scap_engine_name_info{engine_name=\"modern_bpf\",evt_source=\"syscall\"} 1",
        "# TYPE falcosecurity_falco_rules_matches_total counter",
        "falcosecurity_falco_rules_matches_total{priority=\"4\",rule_name=\"Read \\\"it\\\" "
        "(CVE-1)\",source=\"syscall\",tag_T1555=\"true\",tag_host_x=\"true\"} 7",
        "falcosecurity_falco_cpu_usage_ratio 0.014000",
        "falcosecurity_falco_memory_rss_bytes 2097152.000000",
        "falcosecurity_falco_container_memory_used_bytes 0.000000",
        "falcosecurity_falco_host_procs_running_total 3",
        "# TYPE falcosecurity_scap_n_threads_total gauge",
        "falcosecurity_scap_n_threads_total 11",
        "# TYPE falcosecurity_scap_n_added_threads_total counter",
        "falcosecurity_scap_n_added_threads_total 13",
        "falcosecurity_scap_n_cached_fd_lookups_total 0",
        "falcosecurity_scap_n_evts_total 2000",
        "falcosecurity_scap_n_drops_total 20",
        "falcosecurity_scap_n_drops_buffer_total{dir=\"exit\",drop=\"other_interest\"} 6",
        "falcosecurity_scap_n_drops_buffer_total{dir=\"enter\",drop=\"open\"} 0",
        "falcosecurity_scap_n_evts_cpu_total{cpu=\"1\"} 500",
        "falcosecurity_scap_n_drops_cpu_total{cpu=\"0\"} 12",
        "falcosecurity_scap_exit_open_run_cnt_total 4",
        "falcosecurity_scap_exit_open_run_time_nanoseconds_total 400",
        "falcosecurity_scap_exit_open_avg_time_nanoseconds 100",
        "falcosecurity_falco_kernel_release_info{kernel_release=\"6.18.0\"} 1",
        "falcosecurity_evt_hostname_info{hostname=\"vm\"} 1",
        "falcosecurity_falco_outputs_queue_num_drops_total 0",
        "falcosecurity_falco_reload_timestamp_nanoseconds 1700000001000000000",
        "falcosecurity_falco_duration_seconds_total 10",
        "falcosecurity_falco_host_num_cpus_total 2",
        "saker_output_delivered_total{output=\"http\"} 5",
        "saker_spool_messages{output=\"http\"} 9",
        "saker_ledger_total{counter=\"events.malformed\",kind=\"data_loss\"} 3",
        "saker_events_by_type_total{type=\"openat\"} 600",
        "saker_rule_evaluations_total{rule_name=\"Read \\\"it\\\" "
        "(CVE-1)\",source=\"syscall\"} 70",
        "saker_healthy 1"}) {
    EXPECT_NE(page.find("\n" + std::string(line) + "\n"), std::string::npos) << line;
  }
  EXPECT_EQ(page.find("Quiet"), std::string::npos) << "rules without a match are not told";
}

// What a scraper insists on: each family once, with its HELP and TYPE, and every line well-formed.
TEST(Prometheus, PageFollowsTheFormat) {
  const std::regex sample(
      R"(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="([^"\\]|\\.)*"(,[a-zA-Z_]\w*="([^"\\]|\\.)*")*\})? -?[0-9.]+)");
  std::set<std::string> families;
  std::string family;
  for (const std::string& line : lines_of(prometheus_page(sample_snapshot(), everything()))) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << family << " is told twice";
    } else if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line.starts_with("# TYPE " + family + " ")) << line;
    } else {
      std::smatch parts;
      ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
      EXPECT_EQ(parts[1], family) << line;
    }
  }
  EXPECT_GT(families.size(), 60U);
}

struct Toggle {
  const char* name;
  bool MetricsSelection::*member;
  const char* part;
};

class Toggles : public ::testing::TestWithParam<Toggle> {};

TEST_P(Toggles, LeaveTheirFamiliesOut) {
  MetricsSelection selection = everything();
  EXPECT_NE(prometheus_page(sample_snapshot(), selection).find(GetParam().part), std::string::npos);
  selection.*GetParam().member = false;
  EXPECT_EQ(prometheus_page(sample_snapshot(), selection).find(GetParam().part), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, Toggles,
    ::testing::Values(
        Toggle{"rules", &MetricsSelection::rules_counters, "rules_matches_total"},
        Toggle{"resources", &MetricsSelection::resource_utilization, "falco_cpu_usage_ratio"},
        Toggle{"state", &MetricsSelection::state_counters, "scap_n_threads_total"},
        Toggle{"kernel", &MetricsSelection::kernel_event_counters, "scap_n_evts_total"},
        Toggle{"per_cpu", &MetricsSelection::kernel_event_counters_per_cpu, "n_evts_cpu_total"},
        Toggle{"libbpf", &MetricsSelection::libbpf_stats, "exit_open_run_cnt"}),
    [](const auto& test) { return test.param.name; });

TEST(Prometheus, NamesAreMadeValid) {
  EXPECT_EQ(prometheus_name("tag_NIST_800-53_AU-2"), "tag_NIST_800_53_AU_2");
  EXPECT_EQ(prometheus_name("a..b"), "a_b");
}

TEST(Prometheus, ValuesOfLabelsAreEscaped) {
  PrometheusText text;
  text.add({.name = "x", .help = "h"}, {{"a", "q\" b\\ n\n"}}, std::uint64_t{1});
  EXPECT_EQ(text.text(), "# HELP x h\n# TYPE x gauge\nx{a=\"q\\\" b\\\\ n\\n\"} 1\n");
}

// docs/metrics.md names every family of ours.
TEST(Prometheus, OwnFamiliesAreDocumented) {
  const char* root = std::getenv("SAKER_SOURCE_DIR");
  ASSERT_NE(root, nullptr);
  std::stringstream document;
  document << std::ifstream(std::string(root) + "/docs/metrics.md").rdbuf();
  for (const std::string& line : lines_of(prometheus_page(sample_snapshot(), everything()))) {
    if (line.starts_with("# TYPE saker_")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_NE(document.str().find("`" + name + "`"), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace saker::metrics
