// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs the alert driver again and again, and kills it at random moments, until every alert has been
// taken.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace saker::testing {

struct DriverPlan {
  std::string program;
  std::string kind;  // "http" or "kafka"
  std::string receiver;
  std::string spool;
  std::uint64_t alert_count = 0;
  int kill_count = 0;
  int longest_life_ms = 200;
};

// Returns how often the driver was killed. The last run ends by itself; fails the test when it does
// not end with success.
int run_killed_driver(const DriverPlan& plan, std::mt19937& random);

}  // namespace saker::testing
