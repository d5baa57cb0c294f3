// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/config_keys.h"

#include <array>

namespace saker::config {

namespace {

constexpr std::array<std::string_view, 4> kEngineKinds = {"kmod", "modern_ebpf", "replay",
                                                          "nodriver"};
constexpr std::array<std::string_view, 2> kCaptureModes = {"rules", "all_rules"};
constexpr std::array<std::string_view, 2> kRuleMatchings = {"first", "all"};
constexpr std::array<std::string_view, 4> kDropActions = {"ignore", "log", "alert", "exit"};
constexpr std::array<std::string_view, 9> kRulePriorities = {
    "emergency", "alert", "critical",      "error", "warning",
    "notice",    "info",  "informational", "debug"};
constexpr std::array<std::string_view, 8> kLogLevels = {"emergency", "alert",  "critical", "error",
                                                        "warning",   "notice", "info",     "debug"};
constexpr std::array<std::string_view, 8> kLibsSeverities = {
    "fatal", "critical", "error", "warning", "notice", "info", "debug", "trace"};

constexpr std::array<std::string_view, 4> kFormats = {"falco", "nested", "ecs", "ocsf"};
constexpr std::array<std::string_view, 2> kWhenFull = {"drop_oldest", "refuse"};
constexpr std::array<std::string_view, 2> kSyncs = {"full", "normal"};

// The member of Config that a row is about.
#define SAKER_SLOT(member) [](Config& config) -> ConfigSlot { return &config.member; }

// clang-format off
constexpr ConfigKey kKeys[] = {
    {"config_files", SAKER_SLOT(config_files), "Further configuration files or folders, merged into this one in order."},
    {"watch_config_files", SAKER_SLOT(watch_config_files), "Reload when a configuration or rule file changes."},
    {"rules_files", SAKER_SLOT(rules_files), "Rule files and folders of them, loaded in order; missing ones are skipped."},
    {"rules", SAKER_SLOT(rules), "Enables and disables loaded rules by name pattern or tag, in order."},
    {"regex.allow_pcre2", SAKER_SLOT(regex_allow_pcre2), "Run regular expressions that RE2 refuses in PCRE2 (Saker only)."},
    {"engine.kind", SAKER_SLOT(engine.kind), "Where events come from.", kEngineKinds},
    {"engine.kmod.buf_size_preset", SAKER_SLOT(engine.kmod.buf_size_preset), "Buffer size: 1 (1 MiB) to 10 (512 MiB)."},
    {"engine.kmod.drop_failed_exit", SAKER_SLOT(engine.kmod.drop_failed_exit), "Do not collect system calls that failed."},
    {"engine.modern_ebpf.cpus_for_each_buffer", SAKER_SLOT(engine.modern_ebpf.cpus_for_each_buffer), "CPUs that share one ring buffer; 0: all share one."},
    {"engine.modern_ebpf.buf_size_preset", SAKER_SLOT(engine.modern_ebpf.buf_size_preset), "Size of each ring buffer: 1 (1 MiB) to 10 (512 MiB)."},
    {"engine.modern_ebpf.drop_failed_exit", SAKER_SLOT(engine.modern_ebpf.drop_failed_exit), "Do not collect system calls that failed."},
    {"engine.modern_ebpf.disable_iterators", SAKER_SLOT(engine.modern_ebpf.disable_iterators), "Read the starting state from /proc instead of BPF iterators."},
    {"engine.replay.capture_file", SAKER_SLOT(engine.capture_file), "Capture to replay; needed for engine.kind replay."},
    {"engine.replay.workers", SAKER_SLOT(engine.replay_workers), "Threads that match the events of a capture; the alerts are the same for any number. Saker only."},
    {"capture.enabled", SAKER_SLOT(capture.enabled), "Record events to a file when a rule matches."},
    {"capture.path_prefix", SAKER_SLOT(capture.path_prefix), "Start of the recorded files' names."},
    {"capture.mode", SAKER_SLOT(capture.mode), "Which rules start a recording: those with capture: true, or all.", kCaptureModes},
    {"capture.default_duration", SAKER_SLOT(capture.default_duration_ms), "Milliseconds of a recording unless the rule says otherwise."},
    {"capture.max_file_size_mb", SAKER_SLOT(capture.max_file_size_mb), "A recording ends at this size; 0: no bound."},
    {"capture.max_events", SAKER_SLOT(capture.max_events), "A recording ends after that many events; 0: no bound. Saker only."},
    {"capture.keep_before_ms", SAKER_SLOT(capture.keep_before_ms), "A recording begins that many milliseconds before the match; 0: with it. Saker only."},
    {"capture.keep_before_max_mb", SAKER_SLOT(capture.keep_before_max_mb), "Memory for the events before a match. Saker only."},
    {"load_plugins", SAKER_SLOT(load_plugins), "Names of the plugins to load; absent: all that are configured."},
    {"plugins", SAKER_SLOT(plugins), "Settings of plugins. The container plugin is built in."},
    {"plugins_hostinfo", SAKER_SLOT(plugins_hostinfo), "Give source plugins information about the host."},
    {"time_format_iso_8601", SAKER_SLOT(time_format_iso_8601), "Write times of alerts and log lines in ISO 8601 form."},
    {"buffer_format_base64", SAKER_SLOT(buffer_format_base64), "Write data buffers in base64."},
    {"priority", SAKER_SLOT(priority), "Rules below this priority are not loaded.", kRulePriorities, true},
    {"json_output", SAKER_SLOT(json_output), "Write alerts and validation results as JSON."},
    {"json_include_output_property", SAKER_SLOT(json_include_output_property), "JSON alerts have the key output: the whole text line."},
    {"json_include_message_property", SAKER_SLOT(json_include_message_property), "JSON alerts have the key message: the text without time and priority."},
    {"json_include_output_fields_property", SAKER_SLOT(json_include_output_fields_property), "JSON alerts have the key output_fields."},
    {"json_include_tags_property", SAKER_SLOT(json_include_tags_property), "JSON alerts have the key tags."},
    {"buffered_outputs", SAKER_SLOT(buffered_outputs), "Gather alerts before writing them."},
    {"rule_matching", SAKER_SLOT(rule_matching), "Report the first rule that matches an event, or all.", kRuleMatchings},
    {"outputs_queue.capacity", SAKER_SLOT(outputs_queue_capacity), "Alerts that may wait for an output; 0: no bound."},
    {"append_output", SAKER_SLOT(append_output), "Text and fields to add to the output of matching rules."},
    {"static_fields", SAKER_SLOT(static_fields), "Fields static.KEY with a constant text."},
    {"stdout_output.enabled", SAKER_SLOT(stdout_enabled), "Write alerts to standard output."},
    {"syslog_output.enabled", SAKER_SLOT(syslog_enabled), "Send alerts to syslog."},
    {"file_output.enabled", SAKER_SLOT(file_output.enabled), "Append alerts to a file."},
    {"file_output.keep_alive", SAKER_SLOT(file_output.keep_alive), "Keep the file open between alerts."},
    {"file_output.filename", SAKER_SLOT(file_output.filename), "Path of the file."},
    {"http_output.enabled", SAKER_SLOT(http_output.enabled), "Post alerts to a URL."},
    {"http_output.url", SAKER_SLOT(http_output.url), "Where to post."},
    {"http_output.user_agent", SAKER_SLOT(http_output.user_agent), "User-Agent header."},
    {"http_output.insecure", SAKER_SLOT(http_output.insecure), "Do not check the server's certificate."},
    {"http_output.ca_cert", SAKER_SLOT(http_output.ca_cert), "File with the certificate authority to trust."},
    {"http_output.ca_bundle", SAKER_SLOT(http_output.ca_bundle), "File with certificate authorities to trust."},
    {"http_output.ca_path", SAKER_SLOT(http_output.ca_path), "Folder with certificate authorities to trust."},
    {"http_output.mtls", SAKER_SLOT(http_output.mtls), "Show a client certificate."},
    {"http_output.client_cert", SAKER_SLOT(http_output.client_cert), "The client certificate's file."},
    {"http_output.client_key", SAKER_SLOT(http_output.client_key), "The client key's file."},
    {"http_output.echo", SAKER_SLOT(http_output.echo), "Print the server's answers to standard output."},
    {"http_output.compress_uploads", SAKER_SLOT(http_output.compress_uploads), "Compress what is sent."},
    {"http_output.keep_alive", SAKER_SLOT(http_output.keep_alive), "Use TCP keepalive."},
    {"http_output.max_consecutive_timeouts", SAKER_SLOT(http_output.max_consecutive_timeouts), "Repetitions after a time-out."},
    {"program_output.enabled", SAKER_SLOT(program_output.enabled), "Feed alerts to a program's standard input."},
    {"program_output.keep_alive", SAKER_SLOT(program_output.keep_alive), "One process for all alerts instead of one each."},
    {"program_output.program", SAKER_SLOT(program_output.program), "Command line for the shell."},
#include "compat/config/output_keys.inc"
    {"webserver.enabled", SAKER_SLOT(webserver.enabled), "Answer health, version and metrics requests."},
    {"webserver.threadiness", SAKER_SLOT(webserver.threadiness), "Threads; 0: one per CPU."},
    {"webserver.listen_port", SAKER_SLOT(webserver.listen_port), "TCP port."},
    {"webserver.listen_address", SAKER_SLOT(webserver.listen_address), "IP address to listen on."},
    {"webserver.k8s_healthz_endpoint", SAKER_SLOT(webserver.healthz_endpoint), "Path of the health answer."},
    {"webserver.prometheus_metrics_enabled", SAKER_SLOT(webserver.prometheus_metrics_enabled), "Serve /metrics."},
    {"webserver.ssl_enabled", SAKER_SLOT(webserver.ssl_enabled), "Use TLS."},
    {"webserver.ssl_certificate", SAKER_SLOT(webserver.ssl_certificate), "PEM file with certificate and key."},
    {"log_stderr", SAKER_SLOT(log_stderr), "Write log lines to standard error."},
    {"log_syslog", SAKER_SLOT(log_syslog), "Send log lines to syslog."},
    {"log_level", SAKER_SLOT(log_level), "Log lines below this level are left out.", kLogLevels, true},
    {"libs_logger.enabled", SAKER_SLOT(libs_logger_enabled), "Log what the event libraries say."},
    {"libs_logger.severity", SAKER_SLOT(libs_logger_severity), "Their lines below this level are left out.", kLibsSeverities, true},
    {"output_timeout", SAKER_SLOT(output_timeout_ms), "Milliseconds after which an output that blocks is reported."},
    {"syscall_event_timeouts.max_consecutives", SAKER_SLOT(timeouts_max_consecutives), "Reads without an event before a notice is sent."},
    {"syscall_event_drops.threshold", SAKER_SLOT(drops.threshold), "Share of dropped events in a second that starts the actions."},
    {"syscall_event_drops.actions", SAKER_SLOT(drops.actions), "What to do about dropped events.", kDropActions},
    {"syscall_event_drops.rate", SAKER_SLOT(drops.rate), "Actions per second in the long run."},
    {"syscall_event_drops.max_burst", SAKER_SLOT(drops.max_burst), "Actions in a row."},
    {"syscall_event_drops.simulate_drops", SAKER_SLOT(drops.simulate_drops), "Pretend that events are dropped."},
    {"metrics.enabled", SAKER_SLOT(metrics.enabled), "Publish metrics."},
    {"metrics.interval", SAKER_SLOT(metrics.interval), "Time between snapshots, for example 1h or 2h30m."},
    {"metrics.output_rule", SAKER_SLOT(metrics.output_rule), "Send snapshots to the outputs."},
    {"metrics.output_file", SAKER_SLOT(metrics.output_file), "Append snapshots to this file."},
    {"metrics.rules_counters_enabled", SAKER_SLOT(metrics.rules_counters), "Count matches per rule."},
    {"metrics.resource_utilization_enabled", SAKER_SLOT(metrics.resource_utilization), "Report CPU and memory use."},
    {"metrics.state_counters_enabled", SAKER_SLOT(metrics.state_counters), "Report the state tables."},
    {"metrics.kernel_event_counters_enabled", SAKER_SLOT(metrics.kernel_event_counters), "Report events and drops of the kernel side."},
    {"metrics.kernel_event_counters_per_cpu_enabled", SAKER_SLOT(metrics.kernel_event_counters_per_cpu), "The same for each CPU."},
    {"metrics.libbpf_stats_enabled", SAKER_SLOT(metrics.libbpf_stats), "Report run times of BPF programs."},
    {"metrics.plugins_metrics_enabled", SAKER_SLOT(metrics.plugins_metrics), "Report plugins' metrics."},
    {"metrics.kernel_iter_event_counters_enabled", SAKER_SLOT(metrics.kernel_iter_event_counters), "Report events of BPF iterators."},
    {"metrics.jemalloc_stats_enabled", SAKER_SLOT(metrics.jemalloc_stats), "Report the allocator's statistics."},
    {"metrics.convert_memory_to_mb", SAKER_SLOT(metrics.convert_memory_to_mb), "Memory in megabytes."},
    {"metrics.include_empty_values", SAKER_SLOT(metrics.include_empty_values), "Report zeros too."},
    {"base_syscalls.custom_set", SAKER_SLOT(base_syscalls.custom_set), "System calls to collect beside those of the rules; !name excludes."},
    {"base_syscalls.repair", SAKER_SLOT(base_syscalls.repair), "Choose what the state needs at least."},
    {"base_syscalls.all", SAKER_SLOT(base_syscalls.all), "Collect every system call."},
    {"container_metadata.enabled", SAKER_SLOT(container_metadata.enabled), "Ask container runtimes for names, images and labels."},
    {"container_metadata.wait_ms", SAKER_SLOT(container_metadata.wait_ms), "Milliseconds that an alert waits for metadata that it needs."},
    {"container_metadata.max_containers", SAKER_SLOT(container_metadata.max_containers), "Most containers that are remembered."},
    {"host_names.enabled", SAKER_SLOT(host_names.enabled), "Look up the host names that conditions compare addresses with."},
    {"host_names.wait_ms", SAKER_SLOT(host_names.wait_ms), "Milliseconds that the first event that asks for a name waits for it."},
    {"host_names.refresh_s", SAKER_SLOT(host_names.refresh_s), "Seconds after which a name is looked up again."},
    {"hardening.enabled", SAKER_SLOT(hardening.enabled), "Give up capabilities and system calls that watching does not need."},
    {"hardening.keep_capabilities", SAKER_SLOT(hardening.keep_capabilities), "Capabilities to keep all the same, for example CAP_DAC_OVERRIDE."},
    {"hardening.core_dumps", SAKER_SLOT(hardening.core_dumps), "Allow core dumps of the sensor, which hold passwords and what was watched."},
    {"falco_libs.thread_table_size", SAKER_SLOT(falco_libs.thread_table_size), "Most threads that are tracked."},
    {"falco_libs.thread_table_auto_purging_interval_s", SAKER_SLOT(falco_libs.purging_interval_s), "Seconds between searches for dead threads."},
    {"falco_libs.thread_table_auto_purging_thread_timeout_s", SAKER_SLOT(falco_libs.purging_thread_timeout_s), "Seconds without an event after which a thread is checked."},
    {"falco_libs.snaplen", SAKER_SLOT(falco_libs.snaplen), "Bytes of data parameters to keep; 0: the default."},
};
// clang-format on

#undef SAKER_SLOT
#undef SAKER_SINK_SETTINGS
#undef SAKER_SPOOL_SETTINGS

}  // namespace

std::span<const ConfigKey> all_keys() {
  return kKeys;
}

std::string_view type_name(const ConfigSlot& slot) {
  struct Namer {
    std::string_view operator()(const bool*) const { return "boolean"; }
    std::string_view operator()(const std::uint64_t*) const { return "integer"; }
    std::string_view operator()(const double*) const { return "number"; }
    std::string_view operator()(const std::string*) const { return "string"; }
    std::string_view operator()(const std::map<std::string, std::string>*) const {
      return "object";
    }
    std::string_view operator()(const void*) const { return "array"; }
  };
  return std::visit(Namer{}, slot);
}

}  // namespace saker::config
