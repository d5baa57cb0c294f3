// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The order of work is Falco's: what needs nothing (help, schemas, events), the configuration, what
// needs it (version, fields), validation, rules, their description, events. Source:
// falco-compat.md 4.1.
#include "app/run.h"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <span>
#include <utility>

#include "app/commands.h"
#include "app/config_file.h"
#include "app/embedded.h"
#include "app/file_risk.h"
#include "app/log.h"
#include "app/output_commands.h"
#include "app/rule_files.h"
#include "app/rules_setup.h"
#include "app/secrets.h"
#include "app/session.h"
#include "compat/cli/flags.h"
#include "compat/cli/listing.h"
#include "compat/cli/plugins.h"
#include "compat/cli/redact_text.h"
#include "compat/cli/subcommand.h"
#include "compat/cli/support.h"
#include "compat/cli/version.h"
#include "compat/config/load_config.h"
#include "compat/config/read_values.h"
#include "compat/config/schema.h"
#include "rules/loader/rule_schema.h"

namespace saker::app {

namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;

// An exit code when the program is done, else nothing.
using Done = std::optional<int>;

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int refuse(std::string_view text) {
  const std::string line = "Error: " + std::string(text) + (text.ends_with('\n') ? "" : "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
  return kFailure;
}

std::string program_name(const std::vector<std::string>& arguments) {
  const std::string program = arguments.empty() ? "saker" : arguments.front();
  return program.substr(program.rfind('/') + 1);
}

class Program {
public:
  // `arguments`: as the user gave them; `words`: the flags that they stand for.
  Program(const std::vector<std::string>& arguments, std::vector<std::string> words,
          Purpose purpose, std::optional<RecordRequest> record = {})
      : arguments_(arguments),
        words_(std::move(words)),
        purpose_(purpose),
        record_(std::move(record)) {}

  int run() {
    using Step = Done (Program::*)();
    constexpr Step kSteps[] = {&Program::read_flags,    &Program::print_static,
                               &Program::load_config,   &Program::print_configured,
                               &Program::check_sources, &Program::work_on_rules};
    for (const Step step : kSteps) {
      if (const Done done = (this->*step)(); done.has_value()) {
        return *done;
      }
    }
    return run_rules();
  }

private:
  Done read_flags();
  Done print_static();
  Done load_config();
  Done print_configured();
  Done check_sources();
  Done work_on_rules();
  int run_rules();

  Done print_listing();
  [[nodiscard]] Result<Loaded> reload();
  [[nodiscard]] std::vector<std::string> watched_paths() const;
  [[nodiscard]] SessionFiles session_files() const;
  void log_start();
  // Files that others could change, and with them what is watched.
  void warn_of_unsafe_files();
  [[nodiscard]] RuleSetup rule_setup() {
    return {flags_, loaded_.config, fields_, !config_file_.exists, log_};
  }

  const std::vector<std::string>& arguments_;
  std::vector<std::string> words_;
  Purpose purpose_;
  std::optional<RecordRequest> record_;
  cli::Flags flags_;
  ConfigFile config_file_;
  SourceMap sources_;
  config::LoadedConfig loaded_;
  // Where configuration and rules were last read from.
  struct {
    std::vector<config::LoadedFile> files;
    std::vector<config::IncludeEntry> includes;
    std::vector<std::string> rules;
  } sources_in_use_;
  std::shared_ptr<const FieldCatalogue> fields_;
  Log log_{LogOptions{}};
};

Done Program::read_flags() {
  auto flags = cli::parse_flags(words_);
  if (!flags) {
    return refuse(flags.error().message);
  }
  flags_ = std::move(*flags);
  if (flags_.help) {
    const std::string name = program_name(arguments_);
    print(cli::help_text(name));
    if (name == "saker") {
      print("\n" + cli::subcommands_help(all_subcommands()));
    }
    return kSuccess;
  }
  return {};
}

Done Program::print_static() {
  if (flags_.config_schema) {
    print(config::config_schema());
    return kSuccess;
  }
  if (flags_.rule_schema) {
    print(rule_schema_json());
    return kSuccess;
  }
  if (flags_.page_size) {
    print("Your system page size is: " + std::to_string(::sysconf(_SC_PAGESIZE)) + "\n");
    return kSuccess;
  }
  const auto format = cli::parse_list_format(flags_.format, flags_.markdown);
  if (!format) {
    return refuse(format.error().message);
  }
  if (flags_.list_events) {
    print(cli::list_events(*format));
    return kSuccess;
  }
  if (flags_.ignored_syscalls) {
    print(cli::list_ignored_syscalls());
    return kSuccess;
  }
  return {};
}

Done Program::load_config() {
  config_file_ = find_config_file(flags_);
  Diagnostics diagnostics;
  auto loaded = config::load_config(config_request(config_file_, flags_), sources_, diagnostics);
  if (!loaded) {
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      std::fputs(cli::without_secrets(render_text(diagnostic, sources_)).c_str(), stderr);
    }
    return refuse(cli::without_secrets(loaded.error().message));
  }
  loaded_ = std::move(*loaded);
  log_.hide(secrets_of(loaded_.config));
  sources_in_use_ = {loaded_.files, loaded_.config.config_files, loaded_.config.rules_files};
  log_.configure(log_options(loaded_.config));
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    log_.warning(cli::without_secrets(render_text(diagnostic, sources_)));
  }
  fields_ = std::make_shared<const FieldCatalogue>(loaded_.config.static_fields);
  return {};
}

Done Program::print_configured() {
  if (purpose_ == Purpose::kTestOutputs) {
    return run_outputs_test(loaded_.config);
  }
  if (flags_.version) {
    print(loaded_.config.json_output ? cli::version_json() + "\n" : cli::version_text());
    return kSuccess;
  }
  if (const Status plugins = cli::check_plugins(loaded_.config); !plugins) {
    return refuse(plugins.error().message);
  }
  if (flags_.list_plugins) {
    print(cli::list_plugins());
    return kSuccess;
  }
  if (flags_.plugin_info.has_value()) {
    const auto info = cli::plugin_info(*flags_.plugin_info);
    if (!info) {
      return refuse(info.error().message);
    }
    print(*info);
    return kSuccess;
  }
  return flags_.list_source.has_value() ? print_listing() : Done{};
}

Done Program::print_listing() {
  cli::FieldListing listing;
  listing.format =
      cli::parse_list_format(flags_.format, flags_.markdown).value_or(cli::ListFormat::kText);
  listing.source = *flags_.list_source == cli::kAllSources ? "" : *flags_.list_source;
  listing.names_only = flags_.names_only;
  listing.with_types = flags_.verbose;
  if (!listing.source.empty() && listing.source != cli::kSyscallSource) {
    return refuse("Value for --list must be a valid source type");
  }
  print(cli::list_fields(*fields_, listing));
  return kSuccess;
}

Done Program::check_sources() {
  if (!flags_.enabled_sources.empty() && !flags_.disabled_sources.empty()) {
    return refuse("You can not mix --enable-source and --disable-source");
  }
  if (loaded_.config.engine.kind == "replay") {
    return {};
  }
  for (const auto* named : {&flags_.enabled_sources, &flags_.disabled_sources}) {
    for (const std::string& source : *named) {
      if (source != cli::kSyscallSource) {
        return refuse("Attempted " +
                      std::string(named == &flags_.enabled_sources ? "enabling" : "disabling") +
                      " an unknown event source: " + source);
      }
    }
  }
  if (!flags_.disabled_sources.empty()) {
    return refuse("Must enable at least one event source");
  }
  return {};
}

Done Program::work_on_rules() {
  log_start();
  if (!flags_.validate_paths.empty()) {
    return validate_rules(rule_setup());
  }
  if (flags_.describe_all || flags_.describe_rule.has_value()) {
    return describe_rules(rule_setup());
  }
  if (flags_.support) {
    const auto text = cli::support_json(config_file_.path, arguments_, flags_, loaded_.config);
    if (!text) {
      return refuse(text.error().message);
    }
    print(*text);
    return kSuccess;
  }
  return {};
}

void Program::log_start() {
  log_.info("Falco version: " + std::string(cli::kFalcoVersion) + " (Saker)");
  if (!config_file_.exists) {
    log_.info("No configuration file at " + config_file_.path + ": using built-in configuration");
    return;
  }
  log_.info("Falco initialized with configuration files:");
  for (const config::LoadedFile& file : loaded_.files) {
    log_.info("   " + file.path + " | schema validation: " + file.schema_status);
  }
  for (const std::string& text : settings_without_effect(loaded_.config)) {
    log_.info("Not in effect: " + text);
  }
}

Result<Loaded> Program::reload() {
  SourceMap sources;
  Diagnostics diagnostics;
  auto loaded = config::load_config(config_request(config_file_, flags_), sources, diagnostics);
  std::string errors;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const std::string text = cli::without_secrets(render_text(diagnostic, sources));
    if (diagnostic.severity == Severity::kError) {
      errors += text;
    } else {
      log_.warning(text);
    }
  }
  if (!loaded) {
    return fail(loaded.error().code, errors + cli::without_secrets(loaded.error().message));
  }
  log_.hide(secrets_of(loaded->config));
  // What is named there is watched even if the rest is refused: its mending lies there.
  sources_in_use_ = {loaded->files, loaded->config.config_files, loaded->config.rules_files};
  warn_of_unsafe_files();
  auto config = std::make_shared<const config::Config>(std::move(loaded->config));
  const auto fields = std::make_shared<const FieldCatalogue>(config->static_fields);
  SAKER_ASSIGN_OR_RETURN(auto rules,
                         load_session_rules({flags_, *config, fields, !config_file_.exists, log_}));
  return Loaded{std::move(rules), std::move(config)};
}

std::vector<std::string> Program::watched_paths() const {
  std::vector<std::string> paths;
  for (const config::LoadedFile& file : sources_in_use_.files) {
    paths.push_back(file.path);
  }
  for (const config::IncludeEntry& entry : sources_in_use_.includes) {
    paths.push_back(entry.path);
  }
  const auto& rules = flags_.rule_paths.empty() ? sources_in_use_.rules : flags_.rule_paths;
  paths.insert(paths.end(), rules.begin(), rules.end());
  // The files of folders too: a folder only tells of entries that come and go.
  const auto files = resolve_rule_files(rules, MissingPath::kIsSkipped);
  if (files) {
    paths.insert(paths.end(), files->begin(), files->end());
  }
  std::ranges::sort(paths);
  paths.erase(std::ranges::unique(paths).begin(), paths.end());
  return paths;
}

SessionFiles Program::session_files() const {
  SessionFiles files;
  for (const config::LoadedFile& file : sources_in_use_.files) {
    files.config.push_back(file.path);
  }
  const auto& rules = flags_.rule_paths.empty() ? sources_in_use_.rules : flags_.rule_paths;
  files.rules = resolve_rule_files(rules, MissingPath::kIsSkipped).value_or(files.rules);
  return files;
}

void Program::warn_of_unsafe_files() {
  const SessionFiles files = session_files();
  for (const auto& list : {files.config, files.rules}) {
    for (const std::string& path : list) {
      if (const std::string risk = file_risk(path); !risk.empty()) {
        log_.warning("Unsafe file " + path + ": " + risk);
      }
    }
  }
}

int Program::run_rules() {
  SessionOptions options;
  warn_of_unsafe_files();
  options.files = [this] { return session_files(); };
  std::uint64_t duration_s = 0;
  if (flags_.duration_s.has_value() && !config::parse_uint(*flags_.duration_s, duration_s)) {
    return refuse("Argument \u2018" + *flags_.duration_s + "\u2019 failed to parse");
  }
  constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
  options.duration_ns =
      record_ && record_->duration_ns != 0 ? record_->duration_ns : duration_s * kNsPerSecond;
  options.record = record_;
  options.fields = fields_;
  options.has_rules = !record_ || !flags_.rule_paths.empty();
  options.unbuffered = flags_.unbuffered;
  options.dry_run = flags_.dry_run;
  options.pidfile = flags_.pidfile.value_or("");
  auto rules = options.has_rules
                   ? load_session_rules(rule_setup())
                   : Result<std::shared_ptr<const RuleSet>>(RuleSetBuilder(fields_).build());
  if (!rules) {
    return refuse(rules.error().message);
  }
  const Status status = run_session(
      loaded_.config, options, std::move(*rules), [this] { return reload(); },
      [this] { return watched_paths(); }, log_);
  return status ? kSuccess : refuse(log_.shown(status.error().message));
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  const std::span<const std::string> rest = std::span(arguments).subspan(arguments.empty() ? 0 : 1);
  const cli::Subcommand* command =
      cli::find_subcommand(all_subcommands(), program_name(arguments), rest);
  // A mistyped subcommand must not start the sensor; Falco, though, ignores such words.
  if (command == nullptr && program_name(arguments) == "saker" && !rest.empty() &&
      !rest.front().starts_with('-')) {
    return refuse(cli::unknown_subcommand(all_subcommands(), rest.front()));
  }
  if (command == nullptr) {
    return run_flags(arguments, {rest.begin(), rest.end()});
  }
  if (cli::wants_help(rest.subspan(1))) {
    print(cli::subcommand_help(*command));
    return kSuccess;
  }
  if (command->run != nullptr) {
    return command->run(rest.subspan(1));
  }
  auto words = command->rewrite(rest.subspan(1));
  return words ? run_flags(arguments, std::move(*words)) : refuse(words.error().message);
}

int run_recording(const std::vector<std::string>& arguments, std::vector<std::string> words,
                  RecordRequest request) {
  return Program(arguments, std::move(words), Purpose::kFlags, std::move(request)).run();
}

int run_flags(const std::vector<std::string>& arguments, std::vector<std::string> words,
              Purpose purpose) {
  return Program(arguments, std::move(words), purpose).run();
}

}  // namespace saker::app
