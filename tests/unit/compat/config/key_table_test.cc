// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every key of the specification, written down once more by hand: its default, another value in a
// file and by -o, and the member of the configuration that shows it. Source: falco-compat.md 4.3.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "compat/config/config_keys.h"
#include "compat/config/load_config.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/compat/config/config_text.h"
#include "tests/unit/compat/config/documented_keys.h"

namespace saker::config {
namespace {

// Members as text, so that rows of all types stand in one table.
std::string show(bool value) {
  return value ? "true" : "false";
}
std::string show(std::uint64_t value) {
  return std::to_string(value);
}
std::string show(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}
std::string show(const std::string& value) {
  return value;
}
std::string show(const IncludeEntry& entry) {
  constexpr const char* kNames[] = {":append", ":override", ":add-only"};
  return entry.path + kNames[static_cast<std::size_t>(entry.strategy)];
}
std::string show(const RuleSelection& entry) {
  return (entry.is_enable ? "enable " : "disable ") + entry.rule + "|" + entry.tag;
}
std::string show(const PluginEntry& entry) {
  return entry.name + "|" + entry.library_path + "|" + entry.init_config + "|" + entry.open_params;
}
template <typename T>
std::string joined(const std::vector<T>& list, const char* between);
std::string show(const AppendOutput::ExtraField& field) {
  return field.key + ":" + field.format;
}
std::string show(const AppendOutput& entry) {
  return entry.match_source + "|" + joined(entry.match_tags, ",") + "|" + entry.match_rule + "|" +
         entry.extra_output + "|" + joined(entry.extra_fields, ",") + "|" +
         show(entry.suggested_output);
}
template <typename T>
std::string joined(const std::vector<T>& list, const char* between) {
  std::string text;
  for (const T& item : list) {
    text += (text.empty() ? "" : between) + show(item);
  }
  return text;
}
template <typename T>
std::string show(const std::vector<T>& list) {
  return "[" + joined(list, ", ") + "]";
}
std::string show(const std::optional<std::vector<std::string>>& list) {
  return list ? show(*list) : "none";
}
std::string show(const std::map<std::string, std::string>& map) {
  std::string text;
  for (const auto& [key, value] : map) {
    text += (text.empty() ? "" : ", ") + key + "=" + value;
  }
  return "{" + text + "}";
}

struct Row {
  const char* path;
  std::string value;    // as YAML
  std::string options;  // as -o, `|` between them; empty: path=value
  std::string (*get)(const Config&);
  const char* expected;
  const char* initial;  // built-in default
};

#define ROW(path, value, options, member, expected, initial)                                  \
  Row {                                                                                       \
    path, value, options, [](const Config& config) { return show(config.member); }, expected, \
        initial                                                                               \
  }

// clang-format off
const std::vector<Row> kRows = {
    ROW("config_files", "[/no/such/a.yaml, {path: /no/such/b.yaml, strategy: override}, {path: /no/such/c, strategy: add-only}]", "config_files[]=/no/such/a.yaml|config_files[]={path: /no/such/b.yaml, strategy: override}|config_files[]={path: /no/such/c, strategy: add-only}", config_files, "[/no/such/a.yaml:append, /no/such/b.yaml:override, /no/such/c:add-only]", "[]"),
    ROW("watch_config_files", "false", "", watch_config_files, "false", "true"),
    ROW("rules_files", "[/a.yaml, /d]", "rules_files[]=/a.yaml|rules_files[]=/d", rules_files, "[/a.yaml, /d]", "[]"),
    ROW("rules", R"([{disable: {rule: "*"}}, {enable: {tag: t}}])", "rules[].disable.rule=*|rules[].enable.tag=t", rules, "[disable *|, enable |t]", "[]"),
    ROW("engine.kind", "modern_ebpf", "", engine.kind, "modern_ebpf", "kmod"),
    ROW("engine.kmod.buf_size_preset", "7", "", engine.kmod.buf_size_preset, "7", "4"),
    ROW("engine.kmod.drop_failed_exit", "true", "", engine.kmod.drop_failed_exit, "true", "false"),
    ROW("engine.modern_ebpf.cpus_for_each_buffer", "3", "", engine.modern_ebpf.cpus_for_each_buffer, "3", "2"),
    ROW("engine.modern_ebpf.buf_size_preset", "5", "", engine.modern_ebpf.buf_size_preset, "5", "4"),
    ROW("engine.modern_ebpf.drop_failed_exit", "true", "", engine.modern_ebpf.drop_failed_exit, "true", "false"),
    ROW("engine.modern_ebpf.disable_iterators", "true", "", engine.modern_ebpf.disable_iterators, "true", "false"),
    ROW("engine.replay.capture_file", "/tmp/x.scap", "", engine.capture_file, "/tmp/x.scap", ""),
    ROW("capture.enabled", "true", "", capture.enabled, "true", "false"),
    ROW("capture.path_prefix", "/var/c", "", capture.path_prefix, "/var/c", "/tmp/falco"),
    ROW("capture.mode", "all_rules", "", capture.mode, "all_rules", "rules"),
    ROW("capture.default_duration", "6001", "", capture.default_duration_ms, "6001", "5000"),
    ROW("capture.max_file_size_mb", "12", "", capture.max_file_size_mb, "12", "0"),
    ROW("load_plugins", "[container]", "load_plugins[]=container", load_plugins, "[container]", "none"),
    ROW("plugins", "[{name: n, library_path: l, init_config: {a: 1}, open_params: o}]", "plugins[]={name: n, library_path: l, init_config: {a: 1}, open_params: o}", plugins, R"([n|l|{"a":1}|o])", "[]"),
    ROW("plugins_hostinfo", "false", "", plugins_hostinfo, "false", "true"),
    ROW("time_format_iso_8601", "true", "", time_format_iso_8601, "true", "false"),
    ROW("buffer_format_base64", "true", "", buffer_format_base64, "true", "false"),
    ROW("priority", "critical", "", priority, "critical", "debug"),
    ROW("json_output", "true", "", json_output, "true", "false"),
    ROW("json_include_output_property", "false", "", json_include_output_property, "false", "true"),
    ROW("json_include_tags_property", "false", "", json_include_tags_property, "false", "true"),
    ROW("json_include_output_fields_property", "false", "", json_include_output_fields_property, "false", "true"),
    ROW("json_include_message_property", "true", "", json_include_message_property, "true", "false"),
    ROW("buffered_outputs", "true", "", buffered_outputs, "true", "false"),
    ROW("rule_matching", "all", "", rule_matching, "all", "first"),
    ROW("outputs_queue.capacity", "9", "", outputs_queue_capacity, "9", "0"),
    ROW("append_output", R"([{match: {source: syscall, tags: [a, b], rule: R}, extra_output: "x=%y", extra_fields: [evt.cpu, {k: "%v"}]}, {suggested_output: true}])", R"(append_output[]={match: {source: syscall, tags: [a, b], rule: R}, extra_output: "x=%y", extra_fields: [evt.cpu, {k: "%v"}]}|append_output[].suggested_output=true)", append_output, "[syscall|a,b|R|x=%y|evt.cpu:,k:%v|false, |||||true]", "[]"),
    ROW("static_fields", "{foo: bar, n: 3}", "static_fields={foo: bar, n: 3}", static_fields, "{foo=bar, n=3}", "{}"),
    ROW("stdout_output.enabled", "true", "", stdout_enabled, "true", "false"),
    ROW("syslog_output.enabled", "true", "", syslog_enabled, "true", "false"),
    ROW("file_output.enabled", "true", "", file_output.enabled, "true", "false"),
    ROW("file_output.keep_alive", "true", "", file_output.keep_alive, "true", "false"),
    ROW("file_output.filename", "./e.txt", "", file_output.filename, "./e.txt", ""),
    ROW("program_output.enabled", "true", "", program_output.enabled, "true", "false"),
    ROW("program_output.keep_alive", "true", "", program_output.keep_alive, "true", "false"),
    ROW("program_output.program", "jq .rule", "", program_output.program, "jq .rule", ""),
    ROW("http_output.enabled", "true", "", http_output.enabled, "true", "false"),
    ROW("http_output.url", "http://x/y", "", http_output.url, "http://x/y", ""),
    ROW("http_output.user_agent", "me/1", "", http_output.user_agent, "me/1", "falcosecurity/falco"),
    ROW("http_output.insecure", "true", "", http_output.insecure, "true", "false"),
    ROW("http_output.ca_cert", "/ca.pem", "", http_output.ca_cert, "/ca.pem", ""),
    ROW("http_output.ca_bundle", "/bundle.pem", "", http_output.ca_bundle, "/bundle.pem", ""),
    ROW("http_output.ca_path", "/certs", "", http_output.ca_path, "/certs", "/etc/ssl/certs"),
    ROW("http_output.mtls", "true", "", http_output.mtls, "true", "false"),
    ROW("http_output.client_cert", "/c.crt", "", http_output.client_cert, "/c.crt", "/etc/ssl/certs/client.crt"),
    ROW("http_output.client_key", "/c.key", "", http_output.client_key, "/c.key", "/etc/ssl/certs/client.key"),
    ROW("http_output.echo", "true", "", http_output.echo, "true", "false"),
    ROW("http_output.compress_uploads", "true", "", http_output.compress_uploads, "true", "false"),
    ROW("http_output.keep_alive", "true", "", http_output.keep_alive, "true", "false"),
    ROW("http_output.max_consecutive_timeouts", "8", "", http_output.max_consecutive_timeouts, "8", "5"),
    ROW("webserver.enabled", "true", "", webserver.enabled, "true", "false"),
    ROW("webserver.threadiness", "4", "", webserver.threadiness, "4", "0"),
    ROW("webserver.listen_port", "9876", "", webserver.listen_port, "9876", "8765"),
    ROW("webserver.listen_address", "127.0.0.1", "", webserver.listen_address, "127.0.0.1", "0.0.0.0"),
    ROW("webserver.k8s_healthz_endpoint", "/h", "", webserver.healthz_endpoint, "/h", "/healthz"),
    ROW("webserver.prometheus_metrics_enabled", "true", "", webserver.prometheus_metrics_enabled, "true", "false"),
    ROW("webserver.ssl_enabled", "true", "", webserver.ssl_enabled, "true", "false"),
    ROW("webserver.ssl_certificate", "/x.pem", "", webserver.ssl_certificate, "/x.pem", "/etc/falco/falco.pem"),
    ROW("log_stderr", "true", "", log_stderr, "true", "false"),
    ROW("log_syslog", "false", "", log_syslog, "false", "true"),
    ROW("log_level", "error", "", log_level, "error", "info"),
    ROW("libs_logger.enabled", "false", "", libs_logger_enabled, "false", "true"),
    ROW("libs_logger.severity", "trace", "", libs_logger_severity, "trace", "info"),
    ROW("output_timeout", "77", "", output_timeout_ms, "77", "2000"),
    ROW("syscall_event_timeouts.max_consecutives", "10", "", timeouts_max_consecutives, "10", "1000"),
    ROW("syscall_event_drops.threshold", "0.25", "", drops.threshold, "0.25", "0.1"),
    ROW("syscall_event_drops.actions", "[log, alert]", "syscall_event_drops.actions[]=log|syscall_event_drops.actions[]=alert", drops.actions, "[log, alert]", "[ignore]"),
    ROW("syscall_event_drops.rate", "0.5", "", drops.rate, "0.5", "0.03333"),
    ROW("syscall_event_drops.max_burst", "3", "", drops.max_burst, "3", "1"),
    ROW("syscall_event_drops.simulate_drops", "true", "", drops.simulate_drops, "true", "false"),
    ROW("metrics.enabled", "true", "", metrics.enabled, "true", "false"),
    ROW("metrics.interval", "2h", "", metrics.interval, "2h", "5000ms"),
    ROW("metrics.output_rule", "true", "", metrics.output_rule, "true", "false"),
    ROW("metrics.output_file", "/m.jsonl", "", metrics.output_file, "/m.jsonl", ""),
    ROW("metrics.rules_counters_enabled", "false", "", metrics.rules_counters, "false", "true"),
    ROW("metrics.resource_utilization_enabled", "false", "", metrics.resource_utilization, "false", "true"),
    ROW("metrics.state_counters_enabled", "false", "", metrics.state_counters, "false", "true"),
    ROW("metrics.kernel_event_counters_enabled", "false", "", metrics.kernel_event_counters, "false", "true"),
    ROW("metrics.kernel_event_counters_per_cpu_enabled", "true", "", metrics.kernel_event_counters_per_cpu, "true", "false"),
    ROW("metrics.libbpf_stats_enabled", "false", "", metrics.libbpf_stats, "false", "true"),
    ROW("metrics.plugins_metrics_enabled", "false", "", metrics.plugins_metrics, "false", "true"),
    ROW("metrics.kernel_iter_event_counters_enabled", "false", "", metrics.kernel_iter_event_counters, "false", "true"),
    ROW("metrics.jemalloc_stats_enabled", "true", "", metrics.jemalloc_stats, "true", "false"),
    ROW("metrics.convert_memory_to_mb", "false", "", metrics.convert_memory_to_mb, "false", "true"),
    ROW("metrics.include_empty_values", "true", "", metrics.include_empty_values, "true", "false"),
    ROW("base_syscalls.custom_set", R"([clone, "!mmap"])", "base_syscalls.custom_set[]=clone|base_syscalls.custom_set[]=!mmap", base_syscalls.custom_set, "[clone, !mmap]", "[]"),
    ROW("base_syscalls.repair", "true", "", base_syscalls.repair, "true", "false"),
    ROW("base_syscalls.all", "true", "", base_syscalls.all, "true", "false"),
    ROW("falco_libs.thread_table_size", "1000", "", falco_libs.thread_table_size, "1000", "262144"),
    ROW("falco_libs.thread_table_auto_purging_interval_s", "10", "", falco_libs.purging_interval_s, "10", "300"),
    ROW("falco_libs.thread_table_auto_purging_thread_timeout_s", "20", "", falco_libs.purging_thread_timeout_s, "20", "300"),
    ROW("falco_libs.snaplen", "512", "", falco_libs.snaplen, "512", "0"),
};
// clang-format on

class KeyTable : public ::testing::TestWithParam<Row> {};

// The key in block style, one level per line.
std::string block_of(const Row& row, const std::string& value) {
  std::string text;
  std::string indent;
  std::string_view path = row.path;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    text += indent + std::string(path.substr(0, dot)) + ":\n";
    indent += "  ";
    path.remove_prefix(dot + 1);
  }
  return text + indent + std::string(path) + ": " + value + "\n";
}

std::vector<std::string> options_of(const Row& row) {
  if (row.options.empty()) {
    return {std::string(row.path) + "=" + row.value};
  }
  std::vector<std::string> options;
  std::istringstream all(row.options);
  for (std::string option; std::getline(all, option, '|');) {
    options.push_back(option);
  }
  return options;
}

TEST_P(KeyTable, HasItsDefault) {
  EXPECT_EQ(GetParam().get(TextLoad("").config()), GetParam().initial);
}

TEST_P(KeyTable, IsReadFromAFile) {
  const TextLoad load(block_of(GetParam(), GetParam().value));
  ASSERT_TRUE(load.loaded);
  EXPECT_TRUE(load.diagnostics.all().empty());
  EXPECT_EQ(GetParam().get(load.config()), GetParam().expected);
  int changed = 0;
  for (const Row& other : kRows) {
    changed += other.get(load.config()) == other.initial ? 0 : 1;
  }
  EXPECT_EQ(changed, 1) << "no other key changes";
}

TEST_P(KeyTable, IsReadFromAnOption) {
  const TextLoad load("", options_of(GetParam()));
  ASSERT_TRUE(load.loaded) << load.loaded.error().message;
  EXPECT_TRUE(load.diagnostics.all().empty());
  EXPECT_EQ(GetParam().get(load.config()), GetParam().expected);
}

TEST_P(KeyTable, AnOptionWinsOverTheFile) {
  if (!GetParam().options.empty()) {
    return;  // they append
  }
  const TextLoad load(
      block_of(GetParam(), std::string(GetParam().initial).empty() ? "''" : GetParam().initial),
      options_of(GetParam()));
  ASSERT_TRUE(load.loaded);
  EXPECT_EQ(GetParam().get(load.config()), GetParam().expected);
}

// Loads a file and expects one warning whose text begins with the place of the key's value.
void expect_wrong_type(const Row& row, const std::string& value) {
  const testing::TempDir dir;
  const std::string path = dir.file("falco.yaml");
  const std::string text = "# of a test\n" + block_of(row, value);
  std::ofstream(path) << text;
  SourceMap sources;
  Diagnostics diagnostics;
  const auto loaded =
      load_config({.path = path, .fallback_text = "", .options = {}}, sources, diagnostics);
  ASSERT_TRUE(loaded) << row.path;
  EXPECT_EQ(row.get(loaded->config), row.initial) << "its default is used";
  ASSERT_EQ(diagnostics.all().size(), 1U) << value;
  EXPECT_EQ(diagnostics.all()[0].severity, Severity::kWarning);
  EXPECT_NE(loaded->files.at(0).schema_status, "ok");
  const std::size_t line = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  const std::size_t column = text.size() - 1 - value.size() - last + 1;
  const std::string place =
      path + ":" + std::to_string(line) + ":" + std::to_string(column) + ": warning: ";
  EXPECT_TRUE(render_text(diagnostics.all()[0], sources).starts_with(place + row.path))
      << render_text(diagnostics.all()[0], sources) << place;
}

TEST_P(KeyTable, AWrongKindOfValueIsAWarningAtItsPlace) {
  expect_wrong_type(GetParam(), GetParam().value.starts_with('{') ? "[a, b]" : "{a: b}");
}

class NumberOrFlag : public KeyTable {};

TEST_P(NumberOrFlag, AWordIsAWarning) {
  const TextLoad load(block_of(GetParam(), "many"));
  ASSERT_TRUE(load.loaded);
  ASSERT_EQ(load.diagnostics.all().size(), 1U);
  EXPECT_EQ(load.diagnostics.all()[0].code, DiagnosticCode::kConfigType);
  EXPECT_EQ(GetParam().get(load.config()), GetParam().initial);
}

// Rows whose values are no texts.
std::vector<Row> rows_of_numbers_and_flags() {
  std::vector<Row> rows;
  std::ranges::copy_if(kRows, std::back_inserter(rows), [](const Row& row) {
    const std::string initial = row.initial;
    return initial == "true" || initial == "false" ||
           (!initial.empty() && initial != "0.0.0.0" &&
            initial.find_first_not_of("0123456789.") == std::string::npos);
  });
  return rows;
}

std::string name_of(const ::testing::TestParamInfo<Row>& row) {
  std::string name = row.param.path;
  std::ranges::replace(name, '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Keys, KeyTable, ::testing::ValuesIn(kRows), name_of);
INSTANTIATE_TEST_SUITE_P(Keys, NumberOrFlag, ::testing::ValuesIn(rows_of_numbers_and_flags()),
                         name_of);

TEST(KeyTableRows, AreTheKeysOfTheSpecification) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  std::ifstream spec(dir / "spec/falco-compat.md");
  std::set<std::string> rows;
  for (const Row& row : kRows) {
    EXPECT_TRUE(rows.insert(row.path).second) << row.path;
  }
  EXPECT_EQ(rows, documented_keys(spec));
}

// Keys of Saker's own that are lists or maps of texts; keys_test.cc has the scalars.
TEST(KeyTableRows, OwnListsAndMapsAreRead) {
  int count = 0;
  for (const ConfigKey& key : all_keys()) {
    const Row row{key.path.data(), "", "", nullptr, "", ""};
    Config defaults;
    if (std::holds_alternative<std::vector<std::string>*>(key.slot(defaults)) &&
        key.choices.empty()) {
      const TextLoad load(block_of(row, "[one, two]"));
      ASSERT_TRUE(load.loaded) << key.path;
      Config config = load.config();
      EXPECT_EQ(show(*std::get<std::vector<std::string>*>(key.slot(config))), "[one, two]");
      ++count;
    }
    if (std::holds_alternative<std::map<std::string, std::string>*>(key.slot(defaults))) {
      const TextLoad load(block_of(row, "{one: 1, two: b}"));
      ASSERT_TRUE(load.loaded) << key.path;
      Config config = load.config();
      EXPECT_EQ(show(*std::get<std::map<std::string, std::string>*>(key.slot(config))),
                "{one=1, two=b}");
      ++count;
    }
  }
  EXPECT_GT(count, 10);
}

}  // namespace
}  // namespace saker::config
