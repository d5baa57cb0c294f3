// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/commands.h"

#include <cstdio>

#include "app/bench_command.h"
#include "app/control_thread.h"
#include "app/doctor/doctor.h"
#include "app/explain_command.h"
#include "app/output_commands.h"
#include "app/plan_command.h"
#include "app/record_command.h"
#include "app/run.h"
#include "compat/cli/completion.h"
#include "kit/commands.h"

namespace saker::app {

namespace {

using Arguments = std::vector<std::string>;
using Words = std::span<const std::string>;

Result<Arguments> rewrite_run(Words rest) {
  return Arguments(rest.begin(), rest.end());
}

Result<Arguments> rewrite_replay(Words rest) {
  const bool is_standard_input = !rest.empty() && rest.front() == "-";
  if (rest.empty() || (rest.front().starts_with('-') && !is_standard_input)) {
    return fail(ErrorCode::kInvalidArgument, "replay needs a capture file");
  }
  Arguments flags = {
      "-o", "engine.kind=replay", "-o",
      "engine.replay.capture_file=" + (is_standard_input ? "/dev/stdin" : rest.front())};
  flags.insert(flags.end(), rest.begin() + 1, rest.end());
  return flags;
}

Result<Arguments> rewrite_version(Words rest) {
  Arguments flags = {"--version"};
  flags.insert(flags.end(), rest.begin(), rest.end());
  return flags;
}

int print_text(const std::string& text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return is_written && std::fflush(stdout) == 0 ? 0 : 1;
}

int run_completion(Words rest) {
  const auto script =
      cli::completion_script(rest.size() == 1 ? rest.front() : "", all_subcommands());
  if (!script) {
    std::fprintf(stderr, "Error: %s\n", script.error().message.c_str());
    return 1;
  }
  return print_text(*script);
}

int run_man(Words /*rest*/) {
  return print_text(cli::man_page(all_subcommands()));
}

// For commands that have nothing to save when a signal comes.
template <int (*kRun)(Words)>
int run_interruptibly(Words rest) {
  unblock_signals();
  return kRun(rest);
}

// One row each; add yours where a reader looks for it. See compat/cli/subcommand.h.
constexpr cli::Subcommand kSubcommands[] = {
    {.name = "run",
     .arguments = "[OPTION...]",
     .meaning = "Watch this machine; the same as no subcommand.",
     .details = "Without a configuration file (-c, else /etc/falco/falco.yaml) the shipped rules "
                "are used and\nalerts go to standard output.\n\n"
                "  sudo saker run\n"
                "  sudo saker run -c falco.yaml -r my_rules.yaml -o json_output=true\n",
     .words = "",
     .rewrite = rewrite_run},
    {.name = "replay",
     .arguments = "FILE [OPTION...]",
     .meaning = "Run the rules over a capture.",
     .details =
         "FILE is a .scap file of ours, of Falco or of sysdig, a pipe with one, or -. Needs no "
         "rights.\n\n"
         "  saker replay incident.scap -r my_rules.yaml\n"
         "  ssh host cat incident.scap | saker replay -\n",
     .words = "",
     .rewrite = rewrite_replay},
    {.name = "record",
     .arguments = "-w FILE [OPTION...]",
     .meaning = "Write events into a capture file.",
     .details = kRecordDetails,
     .words = "-w --write --duration --filter --from --max-events --max-size-mb --no-compression",
     .run = run_record_command},
    {.name = "explain-plan",
     .arguments = "FILE... [--event NAME]...",
     .meaning = "Show how the rules are asked: indexes, programs, estimated cost.",
     .details = "For each group of event types that the rules treat alike: what is looked up at "
                "once, and the steps\nof each rule. Costs are relative to comparing two "
                "numbers.\n\n  saker explain-plan my_rules.yaml --event openat\n",
     .words = "--event",
     .run = run_plan_command},
    {.name = "bench",
     .arguments = "FILE... CAPTURE [--runs N]",
     .meaning = "Measure what rules cost over a capture.",
     .details = "Reads the capture several times (--runs, 5 by default, per stage) and prints "
                "events/s, time per\nevent by stage and event type, and the most expensive rules "
                "and predicates.\n\n  saker bench my_rules.yaml incident.scap\n",
     .words = "--runs",
     .run = run_bench_command},
    {.name = "check",
     .arguments = "[OPTION...] FILE...",
     .meaning = "Check rule files: all that loading finds, and lints.",
     .details = "FILE is a rule file or a folder of them; files are loaded together, in order.\n"
                "  --format text|json|sarif|junit|github\n"
                "  --output FILE            instead of standard output\n"
                "  --fail-on note|warning|error|never   (default: warning)\n"
                "  --fix                    do what is mechanical, then check again\n"
                "  --disable CODE           leave a lint out; may be repeated\n"
                "  --quiet-notes            leave all notes out\n"
                "  --baseline FILE          accept the findings listed there\n"
                "  --write-baseline FILE    accept the findings of now\n"
                "  --list-lints markdown    describe all lints\n"
                "Exit status: 0 clean, 1 findings, 2 the rules do not load, 3 wrong usage.\n",
     .words =
         "--format --output --fail-on --fix --disable --quiet-notes --baseline --write-baseline "
         "--list-lints",
     .run = run_interruptibly<kit::run_check>},
    {.name = "test",
     .arguments = "[OPTION...] FILE...",
     .meaning = "Run unit tests of rules (*_test.yaml).",
     .details = "FILE is a test file or a folder of them; docs/rule-tests.md describes them.\n"
                "  --rules FILE             instead of the rules that the tests name\n"
                "  --format text|junit|json\n"
                "  --output FILE            instead of standard output\n"
                "  --coverage               say which checks were seen both true and false\n"
                "  --coverage-html FILE     the same as a page\n"
                "  --coverage-min PERCENT   fail below it\n"
                "  --update                 rewrite golden files\n"
                "  --jobs N, --verbose\n"
                "Exit status: 0 all pass, 1 some fail, 2 the rules do not load, 3 wrong usage.\n",
     .words = "--rules --format --output --coverage --coverage-html --coverage-min --update --jobs "
              "--verbose",
     .run = run_interruptibly<kit::run_test>},
    {.name = "explain",
     .arguments = "[OPTION...] RULE",
     .meaning = "Show why a rule matches an event, or does not.",
     .details =
         "  --rules FILE             rule files, in order; may be repeated\n"
         "  --field NAME=VALUE       an event of given fields; may be repeated\n"
         "  --capture FILE --event N an event of a capture\n"
         "  --test FILE[:NAME|:LINE] the events of a test\n"
         "  --live                   events of this machine, as they happen (needs root)\n"
         "    --count N              how many to explain (default: 1)\n"
         "    --duration TIME        at most so long (default: 60s)\n"
         "    --filter CONDITION     only such events; the rules' macros may be used\n"
         "    --reached              also those that the rule saw and did not match\n"
         "  --format text|json|html, --output FILE\n"
         "Exit status: 0 explained, 1 no such event, 2 the rules do not load, 3 wrong usage.\n"
         "\n  sudo saker explain --rules my_rules.yaml --live --reached \\\n"
         "    --filter 'proc.name = nginx' \"My rule\"\n",
     .words = "--rules --field --capture --event --test --live --count --duration --filter "
              "--reached --format --output",
     .run = run_interruptibly<run_explain_command>},
    {.name = "diff",
     .arguments = "[OPTION...] OLD NEW",
     .meaning = "Compare two rule sets: their alerts over captures, and the rules.",
     .details =
         "OLD and NEW are rule files (joined by commas) or folders.\n"
         "  --corpus CAPTURE         may be repeated\n"
         "  --matching first|all     (default: first)\n"
         "  --format text|json|markdown, --output FILE\n"
         "  --bisect GOOD..BAD       the first commit of git that changes the alerts; the\n"
         "                           words are then rule files, --rule NAME narrows it\n"
         "Exit status: 0 no difference, 1 differences, 2 rules do not load, 3 wrong usage.\n",
     .words = "--corpus --matching --format --output --bisect --rule",
     .run = run_interruptibly<kit::run_diff>},
    {.name = "suggest-exceptions",
     .arguments = "--rule NAME --alerts FILE [OPTION...]",
     .meaning = "Find the smallest exceptions that silence chosen alerts.",
     .details = "  --alerts FILE            alerts as JSON lines\n"
                "  --where FIELD=VALUE      which of the rule's alerts are noise (default: all)\n"
                "  --keep FILE              alerts that must not be silenced\n"
                "  --field NAME             fields to use; may be repeated\n"
                "  --rules FILE --attack CAPTURE   what must still fire\n"
                "  --output FILE\n",
     .words = "--rule --alerts --where --keep --field --rules --attack --output",
     .run = run_interruptibly<kit::run_suggest_exceptions>},
    {.name = "fmt",
     .arguments = "[--check|--stdout] FILE...",
     .meaning = "Format rule files; comments and meaning stay.",
     .details = "  --check    change nothing, exit status 1 if a file is not formatted\n"
                "  --stdout   print instead of writing\n",
     .words = "--check --stdout",
     .run = run_interruptibly<kit::run_fmt>},
    {.name = "lsp",
     .arguments = "[--rules FILE]...",
     .meaning = "Language server for editors, over standard input and output.",
     .details = "  --rules FILE   loaded before the edited file; may be repeated\n",
     .words = "--rules --stdio",
     .run = run_interruptibly<kit::run_lsp>},
    {.name = "doctor",
     .arguments = "[--json] [--metrics URL] [--send-test-alerts] [OPTION...]",
     .meaning = "Check machine, configuration, rules, outputs and a running instance.",
     .details = "Says for each finding what it causes and what to do. Exit status 1 if something "
                "does not work.\n"
                "  --json               the same as JSON\n"
                "  --metrics URL        /metrics of the running instance (default: the "
                "configuration's webserver)\n"
                "  --send-test-alerts   a test alert through every output\n"
                "\n  sudo saker doctor -c /etc/falco/falco.yaml\n",
     .words = "--json --metrics --send-test-alerts -c -r -o",
     .run = run_doctor_command},
    {.name = "outputs",
     .arguments = "test [OPTION...]",
     .meaning = "Send a test alert through every output.",
     .details = "Says for each output of the configuration whether the test alert arrived; exit "
                "status 1 if one did\nnot.\n\n  saker outputs test -c /etc/falco/falco.yaml\n",
     .words = "test",
     .run = run_outputs_command},
    {.name = "spool",
     .arguments = "list|drain|retry|check PATH",
     .meaning = "Show, empty, retry or check what waits for delivery.",
     .details = "PATH is a spool file or a folder of them.\n"
                "  list PATH               the waiting alerts, one per line\n"
                "  list PATH --set-aside   those that were given up\n"
                "  drain PATH              writes the waiting alerts and removes them\n"
                "  retry PATH              puts what was given up back in line\n"
                "  check PATH              state and counts\n",
     .words = "list drain retry check --set-aside",
     .run = run_spool_command},
    {.name = "completion",
     .arguments = "bash|zsh|fish",
     .meaning = "Print a script that completes words of this command line.",
     .details = "  saker completion bash > /etc/bash_completion.d/saker\n"
                "  saker completion zsh > /usr/local/share/zsh/site-functions/_saker\n"
                "  saker completion fish > ~/.config/fish/completions/saker.fish\n"
                "\nThe Debian package installs all three.\n",
     .words = "bash zsh fish",
     .run = run_completion},
    {.name = "man",
     .arguments = "",
     .meaning = "Print the manual page.",
     .details = "  saker man | man -l -\n",
     .words = "",
     .run = run_man},
    {.name = "version",
     .arguments = "[OPTION...]",
     .meaning = "Print versions.",
     .details = "As JSON with -o json_output=true.\n",
     .words = "",
     .rewrite = rewrite_version},
};

}  // namespace

std::span<const cli::Subcommand> all_subcommands() {
  return kSubcommands;
}

}  // namespace saker::app
