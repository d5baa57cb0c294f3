// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/doctor/setup_checks.h"

#include <filesystem>

#include "app/config_file.h"
#include "app/doctor/loss_advice.h"
#include "app/outputs_setup.h"
#include "app/rules_setup.h"
#include "compat/config/load_config.h"
#include "compat/metrics/web_client.h"
#include "outputs/test_sinks.h"

namespace saker::app {

namespace {

constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::seconds kTestLimit{10};
constexpr int kOk = 200;

std::string one_line(std::string text) {
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  for (char& c : text) {
    c = c == '\n' ? ' ' : c;
  }
  return text;
}

}  // namespace

std::optional<config::Config> check_config(const cli::Flags& flags,
                                           std::vector<Finding>& findings) {
  const ConfigFile file = find_config_file(flags);
  SourceMap sources;
  Diagnostics diagnostics;
  auto loaded = config::load_config(config_request(file, flags), sources, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    findings.push_back(
        {"configuration",
         diagnostic.severity == Severity::kError ? Health::kFailure : Health::kWarning,
         one_line(render_text(diagnostic, sources)), diagnostic.hint});
  }
  if (!loaded) {
    if (!diagnostics.has_errors()) {
      findings.push_back({"configuration", Health::kFailure, one_line(loaded.error().message), ""});
    }
    return {};
  }
  findings.push_back({"configuration", Health::kFine,
                      file.exists ? file.path + " and " + std::to_string(loaded->files.size() - 1) +
                                        " included files"
                                  : "no file at " + file.path + ": built-in configuration",
                      ""});
  for (const std::string& text : settings_without_effect(loaded->config)) {
    findings.push_back({"configuration.without_effect", Health::kNote, text, ""});
  }
  return std::move(loaded->config);
}

void check_rules(const cli::Flags& flags, const config::Config& config,
                 std::vector<Finding>& findings) {
  Log silent({.to_stderr = false});
  const auto fields = std::make_shared<const FieldCatalogue>(config.static_fields);
  const auto rules =
      load_session_rules({flags, config, fields, !find_config_file(flags).exists, silent});
  if (!rules) {
    findings.push_back({"rules", Health::kFailure, one_line(rules.error().message),
                        "saker -V FILE shows every mistake with its place"});
    return;
  }
  std::size_t enabled = 0;
  std::size_t foreign = 0;
  for (const Rule& rule : (*rules)->rules()) {
    enabled += rule.is_enabled ? 1U : 0U;
    foreign += rule.is_enabled && rule.source != "syscall" ? 1U : 0U;
  }
  findings.push_back(
      {"rules", enabled == 0 ? Health::kFailure : Health::kFine,
       std::to_string((*rules)->rules().size()) + " rules, " + std::to_string(enabled) + " enabled",
       enabled == 0 ? "enable some: see rules: in falco.yaml" : ""});
  if (foreign != 0) {
    findings.push_back(
        {"rules.sources", Health::kNote,
         std::to_string(foreign) + " rules are for sources of plugins, which are not run", ""});
  }
}

void check_outputs(const config::Config& config, bool sends, std::vector<Finding>& findings) {
  const SinkTest test;
  const auto sinks = make_sinks(config, {.unbuffered = true, .is_test = true, .log = test.log()});
  if (!sinks) {
    findings.push_back({"outputs", Health::kFailure, one_line(sinks.error().message), ""});
    return;
  }
  if (sinks->empty()) {
    findings.push_back({"outputs", Health::kWarning, "no output is enabled: alerts go nowhere",
                        "enable one, for example stdout_output.enabled=true"});
  }
  for (const PlannedSink& planned : *sinks) {
    const std::string check = "outputs." + std::string(planned.sink->name());
    if (!sends) {
      findings.push_back({check, Health::kFine, "configured", ""});
      continue;
    }
    const SinkTestResult result = test.run(*planned.sink, kTestLimit);
    findings.push_back({check, result.is_delivered ? Health::kFine : Health::kFailure,
                        one_line(to_text(result)), ""});
  }
}

void check_instance(const config::Config& config, const std::string& url,
                    std::vector<Finding>& findings) {
  const config::WebserverOptions& web = config.webserver;
  std::string address = url;
  if (address.empty()) {
    if (!web.enabled) {
      findings.push_back({"instance", Health::kNote, "no webserver is configured: losses not known",
                          "enable webserver, metrics and prometheus_metrics_enabled"});
      return;
    }
    const bool is_any = web.listen_address == "0.0.0.0" || web.listen_address == "::";
    const std::string host = is_any ? "127.0.0.1" : web.listen_address;
    address = std::string(web.ssl_enabled ? "https" : "http") + "://" +
              (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
              std::to_string(web.listen_port) + "/metrics";
  }
  const auto page = metrics::fetch(address, kPatience);
  if (!page || page->status != kOk) {
    findings.push_back(
        {"instance", Health::kNote,
         page ? address + " answers " + std::to_string(page->status) : page.error().message,
         "is an instance running, with metrics.enabled and "
         "webserver.prometheus_metrics_enabled?"});
    return;
  }
  const std::string health_url =
      address.substr(0, address.rfind("/metrics")) + web.healthz_endpoint;
  const auto health = metrics::fetch(health_url, kPatience);
  if (health) {
    const bool is_green = health->status == kOk;
    findings.push_back({"instance.health", is_green ? Health::kFine : Health::kFailure,
                        one_line(health->body),
                        is_green ? "" : "docs/metrics.md explains each reason"});
  }
  for (Finding& finding : find_losses(metrics::ledger_of_page(page->body))) {
    findings.push_back(std::move(finding));
  }
}

}  // namespace saker::app
