// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// falco.yaml as typed data. Initial values are the built-in defaults; the table of config_keys.h
// gives every member its key, its type and its meaning. Source: falco-compat.md 4.3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compat/config/output_config.h"

namespace saker::config {

// Enables or disables loaded rules; applied in order.
struct RuleSelection {
  bool is_enable = true;
  std::string rule;  // pattern with `*`; empty: not given
  std::string tag;   // exact; empty: not given

  bool operator==(const RuleSelection&) const = default;
};

struct PluginEntry {
  std::string name;
  std::string library_path;
  std::string init_config;  // maps and lists as JSON text
  std::string open_params;

  bool operator==(const PluginEntry&) const = default;
};

// What append_output adds, and to which rules: those that fulfil every condition given.
struct AppendOutput {
  struct ExtraField {
    std::string key;
    std::string format;  // empty: `key` is a field, whose value is added

    bool operator==(const ExtraField&) const = default;
  };

  std::string match_source;             // empty: any
  std::vector<std::string> match_tags;  // the rule has them all
  std::string match_rule;               // empty: any
  std::string extra_output;
  std::vector<ExtraField> extra_fields;
  bool suggested_output = false;

  bool operator==(const AppendOutput&) const = default;
};

enum class MergeStrategy : std::uint8_t {
  kAppend,    // sequences grow, other keys are replaced
  kOverride,  // keys are replaced
  kAddOnly,   // only new keys count
};

struct IncludeEntry {
  std::string path;
  MergeStrategy strategy = MergeStrategy::kAppend;

  bool operator==(const IncludeEntry&) const = default;
};

struct RingOptions {
  std::uint64_t cpus_for_each_buffer = 2;  // modern_ebpf only
  std::uint64_t buf_size_preset = 4;
  bool drop_failed_exit = false;
  bool disable_iterators = false;  // modern_ebpf only
};

struct EngineOptions {
  std::string kind = "kmod";
  RingOptions kmod;
  RingOptions modern_ebpf;
  std::string capture_file;
  std::uint64_t replay_workers = 1;  // Saker's own
};

struct CaptureOptions {
  bool enabled = false;
  std::string path_prefix = "/tmp/falco";
  std::string mode = "rules";
  std::uint64_t default_duration_ms = 5000;
  std::uint64_t max_file_size_mb = 0;
  // Saker's own.
  std::uint64_t max_events = 0;
  std::uint64_t keep_before_ms = 0;
  std::uint64_t keep_before_max_mb = 32;
};

struct FileOutput {
  SinkSettings common;
  bool enabled = false;
  bool keep_alive = false;
  std::string filename;
};

struct ProgramOutput {
  SinkSettings common;
  bool enabled = false;
  bool keep_alive = false;
  std::string program;
};

struct HttpOutput {
  SinkSettings common;
  SpoolSettings spool;
  bool enabled = false;
  std::string url;
  std::string user_agent = "falcosecurity/falco";
  bool insecure = false;
  std::string ca_cert;
  std::string ca_bundle;
  std::string ca_path = "/etc/ssl/certs";
  bool mtls = false;
  std::string client_cert = "/etc/ssl/certs/client.crt";
  std::string client_key = "/etc/ssl/certs/client.key";
  bool echo = false;
  bool compress_uploads = false;
  bool keep_alive = false;
  std::uint64_t max_consecutive_timeouts = 5;
  // Saker's own.
  bool gzip_body = false;
  std::uint64_t timeout_ms = 5000;
  std::map<std::string, std::string> headers;
};

struct WebserverOptions {
  bool enabled = false;
  std::uint64_t threadiness = 0;  // 0: one per CPU
  std::uint64_t listen_port = 8765;
  std::string listen_address = "0.0.0.0";
  std::string healthz_endpoint = "/healthz";
  bool prometheus_metrics_enabled = false;
  bool ssl_enabled = false;
  std::string ssl_certificate = "/etc/falco/falco.pem";
};

struct DropOptions {
  double threshold = 0.1;
  std::vector<std::string> actions = {"ignore"};
  double rate = 0.03333;
  double max_burst = 1;
  bool simulate_drops = false;
};

struct MetricsOptions {
  bool enabled = false;
  std::string interval = "5000ms";
  bool output_rule = false;
  std::string output_file;
  bool rules_counters = true;
  bool resource_utilization = true;
  bool state_counters = true;
  bool kernel_event_counters = true;
  bool kernel_event_counters_per_cpu = false;
  bool libbpf_stats = true;
  bool plugins_metrics = true;
  bool kernel_iter_event_counters = true;
  bool jemalloc_stats = false;
  bool convert_memory_to_mb = true;
  bool include_empty_values = false;
};

struct BaseSyscalls {
  std::vector<std::string> custom_set;  // "!name" excludes
  bool repair = false;
  bool all = false;
};

// Saker's own: what the container runtimes are asked (docs/containers.md).
struct ContainerMetadataOptions {
  bool enabled = true;
  std::uint64_t wait_ms = 2000;  // how long an alert waits for metadata that it needs
  std::uint64_t max_containers = 4096;
};

// Saker's own: look-ups of the host names in conditions (docs/configuration.md).
struct HostNameOptions {
  bool enabled = true;
  std::uint64_t wait_ms = 1000;  // how long the first event that asks for a name waits
  std::uint64_t refresh_s = 60;
};

// Saker's own: rights that are given up (docs/security.md).
struct HardeningOptions {
  bool enabled = true;
  std::vector<std::string> keep_capabilities;
  bool core_dumps = false;
};

struct FalcoLibs {
  std::uint64_t thread_table_size = 262144;
  std::uint64_t purging_interval_s = 300;
  std::uint64_t purging_thread_timeout_s = 300;
  std::uint64_t snaplen = 0;  // bytes of data parameters; 0: the sensor's default (80)
};

struct Config {
  std::vector<IncludeEntry> config_files;
  bool watch_config_files = true;
  std::vector<std::string> rules_files;
  std::vector<RuleSelection> rules;
  bool regex_allow_pcre2 = false;  // Saker's own
  EngineOptions engine;
  CaptureOptions capture;
  std::optional<std::vector<std::string>> load_plugins;  // absent: every entry of `plugins`
  std::vector<PluginEntry> plugins;
  bool plugins_hostinfo = true;
  bool time_format_iso_8601 = false;
  bool buffer_format_base64 = false;
  std::string priority = "debug";
  bool json_output = false;
  bool json_include_output_property = true;
  bool json_include_message_property = false;
  bool json_include_output_fields_property = true;
  bool json_include_tags_property = true;
  bool buffered_outputs = false;
  std::string rule_matching = "first";
  std::uint64_t outputs_queue_capacity = 0;  // 0: no bound
  std::vector<AppendOutput> append_output;
  std::map<std::string, std::string> static_fields;
  bool stdout_enabled = false;
  bool syslog_enabled = false;
  FileOutput file_output;
  ProgramOutput program_output;
  HttpOutput http_output;
  KafkaOutput kafka_output;
  SinkSettings stdout_common;
  SinkSettings syslog_common;
  WebserverOptions webserver;
  bool log_stderr = false;
  bool log_syslog = true;
  std::string log_level = "info";
  bool libs_logger_enabled = true;
  std::string libs_logger_severity = "info";
  std::uint64_t output_timeout_ms = 2000;
  std::uint64_t timeouts_max_consecutives = 1000;
  DropOptions drops;
  MetricsOptions metrics;
  BaseSyscalls base_syscalls;
  FalcoLibs falco_libs;
  ContainerMetadataOptions container_metadata;
  HostNameOptions host_names;
  HardeningOptions hardening;
};

}  // namespace saker::config
