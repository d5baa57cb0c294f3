// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/record_request.h"

namespace saker::app {

// The whole program. `arguments` begin with the program's name. Returns the exit code: 0 after
// success or a regular end, 1 after any failure. Source: falco-compat.md 4.1.
[[nodiscard]] int run(const std::vector<std::string>& arguments);

// What is done once flags and configuration are read.
enum class Purpose : std::uint8_t {
  kFlags,        // what the flags say
  kTestOutputs,  // `saker outputs test`
};

// A run that also writes a capture (`saker record`). `words`: Falco's flags without those of
// `record`.
[[nodiscard]] int run_recording(const std::vector<std::string>& arguments,
                                std::vector<std::string> words, RecordRequest request);

// The part behind the subcommands. `arguments` as run() got them, `words`: Falco's flags.
[[nodiscard]] int run_flags(const std::vector<std::string>& arguments,
                            std::vector<std::string> words, Purpose purpose = Purpose::kFlags);

}  // namespace saker::app
