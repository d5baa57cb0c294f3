// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls of the system that fail under a program: what a test asks of the preloaded library
// (tests/integration/outputs/fault_preload.c), whose path is SAKER_FAULT_PRELOAD.
#pragma once

#include <fstream>
#include <map>
#include <string>

namespace saker::testing {

struct Fault {
  const char* kind = "call";  // see fault_preload.c
  int error_number = 0;       // 0: short writes
  int count = 1;              // in a row; 0: all from the first on
};

// Why nothing can be preloaded here, or an empty text.
[[nodiscard]] inline std::string why_no_faults() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return "the sanitizer's library must be the first one, so nothing can be preloaded";
#else
  return {};
#endif
}

// What the program has to find in its environment so that the fault begins with its call number
// `first`, from 1; 0: none fails. It writes the number of its calls to the file `report`.
[[nodiscard]] inline std::map<std::string, std::string> environment_of(const Fault& fault,
                                                                       long first,
                                                                       const std::string& report) {
  return {{"LD_PRELOAD", SAKER_FAULT_PRELOAD},
          {"SAKER_FAULT_KIND", fault.kind},
          {"SAKER_FAULT_FIRST", std::to_string(first)},
          {"SAKER_FAULT_COUNT", std::to_string(fault.count)},
          {"SAKER_FAULT_ERRNO", std::to_string(fault.error_number)},
          {"SAKER_FAULT_REPORT", report}};
}

[[nodiscard]] inline long call_count(const std::string& report) {
  long count = 0;
  std::ifstream(report) >> count;
  return count;
}

// For messages of tests.
[[nodiscard]] inline std::string name_of(const Fault& fault, long first) {
  return std::string(fault.kind) + " " + std::to_string(first) + " errno " +
         std::to_string(fault.error_number) + " count " + std::to_string(fault.count);
}

}  // namespace saker::testing
