// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/record_command.h"

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "app/record_request.h"
#include "app/run.h"

namespace saker::app {

int run_record_command(std::span<const std::string> rest) {
  std::vector<std::string> words(rest.begin(), rest.end());
  auto request = take_record_request(words);
  if (!request) {
    std::fprintf(stderr, "Error: %s\n", request.error().message.c_str());
    return EXIT_FAILURE;
  }
  std::vector<std::string> arguments = {"saker", "record"};
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  return run_recording(arguments, std::move(words), std::move(*request));
}

}  // namespace saker::app
