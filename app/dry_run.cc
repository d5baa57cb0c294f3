// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/dry_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "app/network_outputs.h"
#include "app/operation.h"
#include "app/outputs_setup.h"
#include "app/sources.h"

namespace saker::app {

namespace {

namespace fs = std::filesystem;

bool is_writable(const fs::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

// The file, or that it can be made in its folder.
Status check_file(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return fail_errno("cannot open " + path, EISDIR);
  }
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : ".";
  return is_writable(fs::exists(path, ignored) ? fs::path(path) : folder)
             ? Status()
             : fail_errno("cannot open " + path, errno);
}

// Its folder is made when it is not there.
Status check_spool(const std::string& path) {
  std::error_code ignored;
  fs::path folder = fs::absolute(path, ignored).parent_path();
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  if (!fs::is_directory(folder, ignored)) {
    return fail_errno("spool " + path, ENOTDIR);
  }
  return is_writable(folder) ? fs::exists(path, ignored) ? check_file(path) : Status()
                             : fail_errno("spool " + path, errno);
}

Status check_spools(const config::Config& config) {
  const auto check = [](bool is_enabled, const config::SpoolSettings& spool,
                        std::string_view name) -> Status {
    const bool is_required = is_enabled && spool.enabled && !spool.path.empty();
    return is_required ? check_spool(spool_path(spool, name)) : Status();
  };
  SAKER_RETURN_IF_ERROR(check(config.http_output.enabled, config.http_output.spool, "http"));
  return check(config.kafka_output.enabled, config.kafka_output.spool, "kafka");
}

// Opens those that opening changes nothing for: nothing is stored, so that nothing is delivered.
Status check_outputs(const config::Config& config, bool unbuffered, Log& log) {
  const OutputLog told = output_log(log);
  SAKER_ASSIGN_OR_RETURN(
      auto sinks, make_sinks(config, {.unbuffered = unbuffered, .is_test = true, .log = told}));
  if (config.file_output.enabled && config.file_output.keep_alive) {
    SAKER_RETURN_IF_ERROR(check_file(config.file_output.filename));
  }
  SAKER_RETURN_IF_ERROR(check_spools(config));
  Outputs outputs;
  for (PlannedSink& planned : sinks) {
    if (planned.sink->name() != "file") {
      SAKER_RETURN_IF_ERROR(outputs.add(std::move(planned.sink), planned.queue, told));
    }
  }
  return {};
}

Status check_source(const config::Config& config) {
  if (is_replay(config)) {
    Counters counters;
    const std::atomic<bool> stop{true};
    const auto source = open_replay(config, counters, stop);
    return source ? Status() : tl::unexpected(source.error());
  }
  return config.engine.kind == "nodriver" ? Status() : check_live(config);
}

}  // namespace

Status check_start(const config::Config& config, const std::string& pidfile, bool unbuffered,
                   Log& log) {
  SAKER_RETURN_IF_ERROR(check_outputs(config, unbuffered, log));
  if (!pidfile.empty()) {
    SAKER_RETURN_IF_ERROR(check_file(pidfile));
  }
  SAKER_RETURN_IF_ERROR(check_source(config));
  SAKER_RETURN_IF_ERROR(Operation::check(config));
  const config::MetricsOptions& metrics = config.metrics;
  return metrics.enabled && !metrics.output_file.empty() ? check_file(metrics.output_file)
                                                         : Status();
}

}  // namespace saker::app
