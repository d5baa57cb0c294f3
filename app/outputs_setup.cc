// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/outputs_setup.h"

#include <unistd.h>

#include <cstdlib>

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

Status start_outputs(const config::Config& config, bool unbuffered, Log& log, Outputs& outputs) {
  const RenderOptions render = render_options(config);
  const bool is_buffered = config.buffered_outputs && !unbuffered;
  QueueOptions options;
  options.capacity = config.outputs_queue_capacity;
  options.slow_write = std::chrono::milliseconds(config.output_timeout_ms);
  const OutputLog output_log = [&log](Priority priority, const std::string& text) {
    log.write(priority, text);
  };
  const auto add = [&](std::unique_ptr<Sink> sink) {
    return outputs.add(std::move(sink), options, output_log);
  };
  if (config.file_output.enabled) {
    if (config.file_output.filename.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "Error reading config file: file output enabled but no filename in configuration "
                  "block");
    }
    SAKER_RETURN_IF_ERROR(add(std::make_unique<FileSink>(
        FileSinkOptions{config.file_output.filename, config.file_output.keep_alive}, render)));
  }
  if (config.stdout_enabled) {
    SAKER_RETURN_IF_ERROR(
        add(std::make_unique<StreamSink>("stdout", STDOUT_FILENO, render, is_buffered)));
  }
  if (config.syslog_enabled) {
    SAKER_RETURN_IF_ERROR(add(std::make_unique<SyslogSink>(render)));
  }
  if (config.program_output.enabled) {
    if (config.program_output.program.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "Error reading config file: program output enabled but no program in "
                  "configuration block");
    }
    SAKER_RETURN_IF_ERROR(add(std::make_unique<ProgramSink>(
        ProgramSinkOptions{config.program_output.program, config.program_output.keep_alive},
        render)));
  }
  return {};
}

}  // namespace saker::app
