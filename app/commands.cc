// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/commands.h"

#include "app/bench_command.h"
#include "app/output_commands.h"
#include "app/plan_command.h"
#include "app/record_command.h"
#include "app/run.h"

namespace saker::app {

namespace {

using Arguments = std::vector<std::string>;
using Words = std::span<const std::string>;

Result<Arguments> rewrite_run(Words rest) {
  return Arguments(rest.begin(), rest.end());
}

Result<Arguments> rewrite_replay(Words rest) {
  if (rest.empty() || rest.front().starts_with('-')) {
    return fail(ErrorCode::kInvalidArgument, "replay needs a capture file");
  }
  Arguments flags = {"-o", "engine.kind=replay", "-o", "engine.replay.capture_file=" + rest[0]};
  flags.insert(flags.end(), rest.begin() + 1, rest.end());
  return flags;
}

Result<Arguments> rewrite_version(Words rest) {
  Arguments flags = {"--version"};
  flags.insert(flags.end(), rest.begin(), rest.end());
  return flags;
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
     .details = "FILE is a .scap file of ours, of Falco or of sysdig. Needs no rights.\n\n"
                "  saker replay incident.scap -r my_rules.yaml\n",
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
    {.name = "outputs",
     .arguments = "test [OPTION...]",
     .meaning = "Send a test alert through every output.",
     .details = "Says for each output of the configuration whether the test alert arrived; exit "
                "status 1 if one did\nnot.\n\n  saker outputs test -c /etc/falco/falco.yaml\n",
     .words = "test",
     .run = run_outputs_command},
    {.name = "spool",
     .arguments = "list|drain|check PATH",
     .meaning = "Show, empty or check what waits for delivery.",
     .details = "PATH is a spool file or a folder of them.\n"
                "  list PATH               the waiting alerts, one per line\n"
                "  list PATH --set-aside   those that were given up\n"
                "  drain PATH              writes the waiting alerts and removes them\n"
                "  check PATH              state and counts\n",
     .words = "list drain check --set-aside",
     .run = run_spool_command},
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
