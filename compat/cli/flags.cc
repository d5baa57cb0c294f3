// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/flags.h"

namespace saker::cli {

namespace {

// clang-format off
const FlagInfo kFlags[] = {
    {'h', "help", &Flags::help, "", "", "Print this text and exit."},
    {'c', "", &Flags::config_path, "PATH", "", "Configuration file (default: /etc/falco/falco.yaml)."},
    {0, "config-schema", &Flags::config_schema, "", "", "Print the JSON schema of the configuration and exit."},
    {0, "disable-source", &Flags::disabled_sources, "SOURCE", "", "Do not use this event source; can be repeated, not together with --enable-source."},
    {0, "dry-run", &Flags::dry_run, "", "", "Do everything but process events."},
    {0, "enable-source", &Flags::enabled_sources, "SOURCE", "", "Use only this event source; can be repeated."},
    {0, "format", &Flags::format, "FORMAT", "", "Form of --list and --list-events: text, markdown or json."},
    {'i', "", &Flags::ignored_syscalls, "", "", "Print the system calls that are not collected by default and exit."},
    {'L', "", &Flags::describe_all, "", "", "Describe all loaded rules and exit."},
    {'l', "", &Flags::describe_rule, "RULE", "", "Describe this rule and exit."},
    {0, "list", &Flags::list_source, "SOURCE", kAllSources, "List the fields, of one event source with =SOURCE, and exit. -N: names only; -v: with types."},
    {0, "list-events", &Flags::list_events, "", "", "List the events and exit."},
    {0, "list-plugins", &Flags::list_plugins, "", "", "List the plugins and exit."},
    {'M', "", &Flags::duration_s, "SECONDS", "", "Stop after that many seconds of events."},
    {0, "markdown", &Flags::markdown, "", "", "Old name of --format markdown."},
    {'N', "", &Flags::names_only, "", "", "With --list: names only."},
    {'o', "option", &Flags::options, "KEY=VALUE", "", "Change a configuration value; can be repeated."},
    {0, "plugin-info", &Flags::plugin_info, "NAME", "", "Describe a plugin and exit."},
    {'p', "print", &Flags::print, "FORMAT", "", "Deprecated, use append_output. Appends FORMAT to every rule's output."},
    {'P', "pidfile", &Flags::pidfile, "FILE", "", "Write the process id to FILE."},
    {'r', "", &Flags::rule_paths, "PATH", "", "Rule file or folder; replaces rules_files; can be repeated."},
    {0, "rule-schema", &Flags::rule_schema, "", "", "Print the JSON schema of rule files and exit."},
    {0, "support", &Flags::support, "", "", "Print version, system, configuration and rules as JSON and exit."},
    {'U', "unbuffered", &Flags::unbuffered, "", "", "Write every alert at once."},
    {'V', "validate", &Flags::validate_paths, "FILE", "", "Check a rule file and exit; can be repeated."},
    {'v', "", &Flags::verbose, "", "", "Say more."},
    {0, "version", &Flags::version, "", "", "Print versions and exit."},
    {0, "page-size", &Flags::page_size, "", "", "Print the memory page size and exit."},
};
// clang-format on

constexpr std::size_t kHelpColumn = 30;

}  // namespace

std::span<const FlagInfo> all_flags() {
  return kFlags;
}

std::string help_text(std::string_view program) {
  std::string out = "Usage:\n  " + std::string(program) + " [OPTION...]\n\n";
  for (const FlagInfo& flag : all_flags()) {
    std::string line = flag.short_name != 0 ? std::string("  -") + flag.short_name : "    ";
    if (!flag.long_name.empty()) {
      line += flag.short_name != 0 ? ", --" : "  --";
      line += flag.long_name;
    }
    if (!flag.value_name.empty()) {
      const bool is_optional = !flag.value_when_omitted.empty();
      line += is_optional ? "[=" : " ";
      line += flag.value_name;
      line += is_optional ? "]" : "";
    }
    line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
    out += line;
    out += flag.meaning;
    out += '\n';
  }
  return out;
}

}  // namespace saker::cli
