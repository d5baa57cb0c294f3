// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/subcommand.h"

#include <algorithm>

namespace saker::cli {

namespace {

using Arguments = std::vector<std::string>;

Result<Arguments> rewrite_run(std::span<const std::string> rest) {
  return Arguments(rest.begin(), rest.end());
}

Result<Arguments> rewrite_replay(std::span<const std::string> rest) {
  if (rest.empty() || rest.front().starts_with('-')) {
    return fail(ErrorCode::kInvalidArgument, "replay needs a capture file");
  }
  Arguments flags = {"-o", "engine.kind=replay", "-o", "engine.replay.capture_file=" + rest[0]};
  flags.insert(flags.end(), rest.begin() + 1, rest.end());
  return flags;
}

Result<Arguments> rewrite_version(std::span<const std::string> rest) {
  Arguments flags = {"--version"};
  flags.insert(flags.end(), rest.begin(), rest.end());
  return flags;
}

constexpr Subcommand kSubcommands[] = {
    {"run", "[OPTION...]", "Watch this machine; the same as no subcommand.", rewrite_run},
    {"replay", "FILE [OPTION...]", "Run the rules over a capture.", rewrite_replay},
    // The program itself looks for these three; they reach the flags only in the help text.
    {"spool", "list|drain|check PATH", "Show, empty or check what waits for delivery.",
     rewrite_run},
    {"outputs", "test [OPTION...]", "Send a test alert through every output.", rewrite_run},
    {"record", "-w FILE [OPTION...]", "Write events into a capture file; see record --help.",
     rewrite_run},
    {"version", "", "Print versions.", rewrite_version},
};

}  // namespace

std::span<const Subcommand> all_subcommands() {
  return kSubcommands;
}

Result<std::vector<std::string>> rewrite_subcommand(std::string_view program,
                                                    std::span<const std::string> arguments) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  if (name == "saker" && !arguments.empty()) {
    const auto* found =
        std::ranges::find(kSubcommands, std::string_view(arguments.front()), &Subcommand::name);
    if (found != std::end(kSubcommands)) {
      return found->rewrite(arguments.subspan(1));
    }
  }
  return Arguments(arguments.begin(), arguments.end());
}

}  // namespace saker::cli
