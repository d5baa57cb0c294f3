// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/completion.h"
#include "compat/cli/flags.h"
#include "compat/cli/version.h"

namespace saker::cli {

namespace {

// Dashes that may be copied, and no line that roff takes for a request.
std::string roff(std::string_view text) {
  std::string out;
  bool is_line_start = true;
  for (const char c : text) {
    if (is_line_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    if (c == '-' || c == '\\') {
      out += '\\';
    }
    out += c == '\\' ? 'e' : c;
    is_line_start = c == '\n';
  }
  return out;
}

std::string flag_heading(const FlagInfo& flag) {
  std::string heading;
  if (flag.short_name != 0) {
    heading += std::string("\\fB\\-") + flag.short_name + "\\fR";
  }
  if (!flag.long_name.empty()) {
    heading += heading.empty() ? "" : ", ";
    heading += "\\fB\\-\\-" + roff(flag.long_name) + "\\fR";
  }
  if (!flag.value_name.empty()) {
    const bool is_optional = !flag.value_when_omitted.empty();
    heading += is_optional ? "[=" : " ";
    heading += "\\fI" + roff(flag.value_name) + "\\fR";
    heading += is_optional ? "]" : "";
  }
  return heading;
}

constexpr std::string_view kHead =
    "saker \\- watches what programs do on a Linux machine and tells when a rule matches\n"
    ".SH SYNOPSIS\n.B saker\n[\\fISUBCOMMAND\\fR] [\\fIOPTION\\fR...]\n.br\n.B falco\n"
    "[\\fIOPTION\\fR...]\n.SH DESCRIPTION\n"
    "Saker reads Falco's rule files, configuration, command line and capture files and writes\n"
    "Falco's alerts. Called as \\fBfalco\\fR it has Falco's command line and no subcommands.\n"
    "Without a configuration file it watches this machine with the shipped rules and writes "
    "alerts\n"
    "to standard output. It needs root, or the capabilities BPF, PERFMON, SYS_PTRACE and\n"
    "SYS_RESOURCE, and a kernel from 5.8 with BTF; a replay needs no rights.\n";

constexpr std::string_view kTail =
    ".SH EXIT STATUS\n0 after success or a regular end, 1 after any failure.\n"
    ".SH SIGNALS\n.TP\n.B SIGINT, SIGTERM\nEnd; waiting alerts are delivered until\n"
    "\\fBoutput_timeout\\fR. A second one ends at once.\n"
    ".TP\n.B SIGHUP\nRead configuration and rules again. A mistake leaves the old ones in force.\n"
    ".TP\n.B SIGUSR1\nOpen the outputs' files again, after they were rotated.\n"
    ".SH FILES\n.TP\n.I /etc/falco/falco.yaml\nThe configuration.\n"
    ".TP\n.I /etc/falco/falco_rules.yaml, /etc/falco/falco_rules.local.yaml, /etc/falco/rules.d\n"
    "The rules.\n.TP\n.I /var/lib/saker/spool\nAlerts that wait for delivery.\n"
    ".SH ENVIRONMENT\n.TP\n.B FALCO_HOSTNAME\nThe machine's name in alerts.\n"
    ".TP\n.B FALCO_CGROUP_MEM_PATH\nFile with the memory use of the container, for metrics.\n";

}  // namespace

std::string man_page(std::span<const Subcommand> commands) {
  std::string out = ".TH SAKER 8 \"\" \"Saker " + std::string(saker_version()) +
                    "\" \"System Manager's Manual\"\n.SH NAME\n";
  out += kHead;
  out += ".SH SUBCOMMANDS\n";
  for (const Subcommand& command : commands) {
    out += ".SS saker " + roff(command.name) + " " + roff(command.arguments) + "\n" +
           roff(command.meaning) + "\n.PP\n.nf\n" + roff(command.details);
    out += command.details.ends_with('\n') ? ".fi\n" : "\n.fi\n";
  }
  out += ".SH OPTIONS\n";
  for (const FlagInfo& flag : all_flags()) {
    out += ".TP\n" + flag_heading(flag) + "\n" + roff(flag.meaning) + "\n";
  }
  out += kTail;
  return out;
}

}  // namespace saker::cli
