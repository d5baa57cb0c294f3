// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs the product itself over and over, kills it (SIGKILL) at random moments, and keeps the
// account of what arrived at its receiver.
//
// The alerts come from small captures, one run each; a run that was killed is repeated. What a run
// that ended by itself has taken must survive every later kill, in the spool where the receiver was
// away.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace saker::testing {

// A rule file and a capture for it: one alert, "Marked file", for each number.
extern const char* const kMarkRule;
void write_marked_capture(const std::string& path, std::uint64_t first, std::uint64_t end);

struct ProductPlan {
  std::vector<std::string> options;  // of the output under test, as after -o
  std::string spool;                 // its file
  std::uint64_t alert_count = 0;
  int kill_count = 0;
  // Called after each kill with its number, from 1; brings trouble to the receiver.
  std::function<void(int)> after_kill;
};

// The plan's numbers by SAKER_KILL_ALERTS, SAKER_KILL_COUNT and SAKER_KILL_SEED, or these.
struct KillNumbers {
  std::uint64_t alert_count = 0;
  int kill_count = 0;
  unsigned seed = 20261121;
};
[[nodiscard]] KillNumbers kill_numbers(std::uint64_t alert_count, int kill_count);

// Returns once everything was taken and the spool is empty; fails the test when that does not
// happen. The result is the number of kills that met a running process.
int run_killed_product(const ProductPlan& plan, std::mt19937& random);

// What arrived. Not for several threads at once.
class Arrivals {
public:
  void add(std::string_view payload, const std::string& alert_id);

  [[nodiscard]] std::size_t missing(std::uint64_t alert_count) const;
  [[nodiscard]] std::size_t distinct() const { return ids_.size(); }
  [[nodiscard]] std::size_t duplicates() const { return total_ - ids_.size(); }
  // Payloads that are no whole alert, and alerts that came with two ids.
  [[nodiscard]] std::size_t malformed() const { return malformed_; }

private:
  std::map<std::string, std::string> ids_;  // by the alert's mark
  std::size_t total_ = 0;
  std::size_t malformed_ = 0;
};

// Expects that every alert is there and whole; prints one line with all numbers.
void expect_complete(const Arrivals& arrivals, const KillNumbers& numbers, int kill_count);

}  // namespace saker::testing
