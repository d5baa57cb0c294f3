// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace saker::app {

// What `saker record --help` says of its options.
inline constexpr std::string_view kRecordDetails =
    "Without -r every system call is collected; with -r what these rules need, and their alerts\n"
    "are raised too.\n"
    "  -w, --write FILE      the file to write; replaced if it is there\n"
    "  --duration TIME       stop after that time of events: 30s, 500ms, 5m\n"
    "  --filter CONDITION    only events that fulfil it, and what their state needs\n"
    "  --from CAPTURE        take the events from this file instead of the machine\n"
    "  --max-events N        stop after that many events\n"
    "  --max-size-mb N       stop when the file has this size\n"
    "  --no-compression      do not compress with gzip\n\n"
    "  sudo saker record -w ssh.scap --duration 1m --filter 'proc.name = sshd'\n"
    "  saker record -w cut.scap --from incident.scap --filter 'evt.num < 1000'\n";

// `rest`: the words behind `record`. Runs, prints, and returns the exit status.
[[nodiscard]] int run_record_command(std::span<const std::string> rest);

}  // namespace saker::app
