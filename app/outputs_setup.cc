// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/outputs_setup.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "app/network_outputs.h"
#include "compat/config/config_diff.h"
#include "engine/alert/render_formats.h"
#include "engine/base/check.h"
#include "outputs/make_sinks.h"
#include "outputs/preparing_sink.h"
#include "outputs/program_sink.h"
#include "outputs/stream_sink.h"
#include "outputs/syslog_sink.h"

namespace saker::app {

std::string alert_hostname() {
  if (const char* name = std::getenv("FALCO_HOSTNAME"); name != nullptr) {
    return name;
  }
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

RenderOptions render_options(const config::Config& config) {
  return {.as_json = config.json_output,
          .include_output = config.json_include_output_property,
          .include_message = config.json_include_message_property,
          .include_output_fields = config.json_include_output_fields_property,
          .include_tags = config.json_include_tags_property,
          .iso_time = config.time_format_iso_8601,
          .buffer_as_base64 = config.buffer_format_base64,
          .hostname = alert_hostname()};
}

std::chrono::milliseconds output_timeout(const config::Config& config) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365);
  return std::chrono::milliseconds(
      std::min(config.output_timeout_ms, static_cast<std::uint64_t>(kLongest.count())));
}

namespace {

constexpr std::chrono::milliseconds kTestTimeout{5000};

// Adds what the configuration enables, one output after the other.
class SinkPlanner {
public:
  SinkPlanner(const config::Config& config, const SinkPlan& plan)
      : config_(config), plan_(plan), render_(render_options(config)) {}

  Result<std::vector<PlannedSink>> make() {
    for (const Row& row : rows()) {
      const bool is_wanted = plan_.only == nullptr || plan_.only->contains(row.name);
      if (is_wanted && row.is_enabled(config_)) {
        SAKER_RETURN_IF_ERROR((this->*row.add)());
      }
    }
    return std::move(sinks_);
  }

  [[nodiscard]] static Outputs::Names enabled(const config::Config& config) {
    Outputs::Names names;
    for (const Row& row : rows()) {
      if (row.is_enabled(config)) {
        names.emplace(row.name);
      }
    }
    return names;
  }

private:
  Status add_file() {
    const config::FileOutput& output = config_.file_output;
    if (output.filename.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "Error reading config file: file output enabled but no filename in configuration "
                  "block");
    }
    return add(std::make_unique<FileSink>(FileSinkOptions{output.filename, output.keep_alive},
                                          rendering(output.common)),
               output.common);
  }

  Status add_stdout() {
    const bool is_buffered = config_.buffered_outputs && !plan_.unbuffered;
    return add(std::make_unique<StreamSink>("stdout", STDOUT_FILENO,
                                            rendering(config_.stdout_common), is_buffered),
               config_.stdout_common);
  }

  Status add_syslog() {
    return add(std::make_unique<SyslogSink>(rendering(config_.syslog_common)),
               config_.syslog_common);
  }

  Status add_program() {
    const config::ProgramOutput& output = config_.program_output;
    if (output.program.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "Error reading config file: program output enabled but no program in "
                  "configuration block");
    }
    return add(std::make_unique<ProgramSink>(ProgramSinkOptions{output.program, output.keep_alive},
                                             rendering(output.common), plan_.log),
               output.common);
  }

  Status add_http() {
    const config::HttpOutput& output = config_.http_output;
    HttpOptions http = http_options(output);
    http.max_consecutive_timeouts = plan_.is_test ? 0 : http.max_consecutive_timeouts;
    SAKER_ASSIGN_OR_RETURN(auto sink, make_http_sink(http, rendering(output.common),
                                                     durability(output.spool, "http"), plan_.log));
    return add(std::move(sink), output.common);
  }

  Status add_kafka() {
    const config::KafkaOutput& output = config_.kafka_output;
    KafkaOptions kafka = kafka_options(output);
    // So that a test ends with the library's reason, not with our patience.
    kafka.message_timeout =
        plan_.is_test ? std::min(kafka.message_timeout, kTestTimeout) : kafka.message_timeout;
    SAKER_ASSIGN_OR_RETURN(auto sink,
                           make_kafka_sink(kafka, rendering(output.common),
                                           durability(output.spool, "kafka"), plan_.log));
    return add(std::move(sink), output.common);
  }

  [[nodiscard]] DurabilityOptions durability(const config::SpoolSettings& settings,
                                             std::string_view name) const {
    return plan_.is_test ? DurabilityOptions{} : durability_options(settings, name);
  }

  [[nodiscard]] RenderOptions rendering(const config::SinkSettings& settings) const {
    RenderOptions render = render_;
    render.format = parse_alert_format(settings.format).value_or(AlertFormat::kFalco);
    return render;
  }

  Status add(std::unique_ptr<Sink> sink, const config::SinkSettings& settings) {
    QueueOptions options;
    options.capacity = config_.outputs_queue_capacity;
    options.slow_write = output_timeout(config_);
    const bool is_known = parse_priority(settings.min_priority, options.filter.min_priority);
    SAKER_CHECK(is_known);  // the configuration's table lists the same words
    options.filter.rules = settings.rules;
    options.filter.tags = settings.tags;
    std::optional<Redactor> redactor;
    if (settings.redact) {
      SAKER_ASSIGN_OR_RETURN(redactor, Redactor::create({.patterns = settings.redact_patterns}));
    }
    std::optional<FoldOptions> fold;
    if (settings.fold) {
      fold = FoldOptions{.window = std::chrono::seconds(settings.fold_window_s),
                         .fields = settings.fold_fields};
    }
    if (redactor || fold) {
      sink = std::make_unique<PreparingSink>(std::move(sink), std::move(redactor), std::move(fold));
    }
    sinks_.push_back({std::move(sink), std::move(options)});
    return {};
  }

  struct Row {
    std::string_view name;
    bool (*is_enabled)(const config::Config& config);
    Status (SinkPlanner::*add)();
  };
  static std::span<const Row> rows();

  const config::Config& config_;
  const SinkPlan& plan_;
  RenderOptions render_;
  std::vector<PlannedSink> sinks_;
};

std::span<const SinkPlanner::Row> SinkPlanner::rows() {
  static constexpr Row kRows[] = {
      {"file", [](const auto& config) { return config.file_output.enabled; },
       &SinkPlanner::add_file},
      {"stdout", [](const auto& config) { return config.stdout_enabled; },
       &SinkPlanner::add_stdout},
      {"syslog", [](const auto& config) { return config.syslog_enabled; },
       &SinkPlanner::add_syslog},
      {"program", [](const auto& config) { return config.program_output.enabled; },
       &SinkPlanner::add_program},
      {"http", [](const auto& config) { return config.http_output.enabled; },
       &SinkPlanner::add_http},
      {"kafka", [](const auto& config) { return config.kafka_output.enabled; },
       &SinkPlanner::add_kafka},
  };
  return kRows;
}

// Whether a key of the configuration says something about the output.
bool concerns(std::string_view key, std::string_view output) {
  if (key.starts_with("buffered_outputs")) {
    return output == "stdout";
  }
  if (config::effect_of(key) != config::Effect::kOutputs) {
    return false;
  }
  const std::string_view first = key.substr(0, key.find('.'));
  constexpr std::string_view kOfOne = "_output";  // file_output.filename
  return !first.ends_with(kOfOne) || first.substr(0, first.size() - kOfOne.size()) == output ||
         first.starts_with("json_");
}

}  // namespace

Result<std::vector<PlannedSink>> make_sinks(const config::Config& config, const SinkPlan& plan) {
  return SinkPlanner(config, plan).make();
}

OutputLog output_log(Log& log) {
  return [&log](Priority priority, const std::string& text) { log.write(priority, text); };
}

Status start_outputs(const config::Config& config, bool unbuffered, Log& log, Outputs& outputs,
                     const Outputs::Names* only) {
  const OutputLog told = output_log(log);
  SAKER_ASSIGN_OR_RETURN(auto sinks,
                         make_sinks(config, {.unbuffered = unbuffered, .log = told, .only = only}));
  for (PlannedSink& planned : sinks) {
    SAKER_RETURN_IF_ERROR(outputs.add(std::move(planned.sink), planned.queue, told));
  }
  return {};
}

std::vector<MissingOutput> start_each_output(const config::Config& config, bool unbuffered,
                                             Log& log, Outputs& outputs,
                                             const Outputs::Names& names) {
  std::vector<MissingOutput> missing;
  for (const std::string& name : names) {
    const Outputs::Names only = {name};
    if (const Status status = start_outputs(config, unbuffered, log, outputs, &only); !status) {
      missing.push_back({name, log.shown(status.error().message)});
    }
  }
  return missing;
}

Outputs::Names changed_outputs(const config::Config& before, const config::Config& after) {
  const auto keys = config::changed_keys(before, after);
  Outputs::Names names = SinkPlanner::enabled(before);
  names.merge(SinkPlanner::enabled(after));
  std::erase_if(names, [&](const std::string& name) {
    return std::ranges::none_of(keys, [&](std::string_view key) { return concerns(key, name); });
  });
  return names;
}

}  // namespace saker::app
