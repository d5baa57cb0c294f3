// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/bench_command.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <vector>

#include "app/benchmark.h"
#include "app/command_rules.h"
#include "engine/event/catalogue.h"
#include "engine/ruleset/rule_program.h"

namespace saker::app {

namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr std::size_t kShownRows = 10;
constexpr std::size_t kDefaultRuns = 5;
constexpr std::size_t kMaxRuns = 1000;

int refuse(const std::string& message) {
  std::fprintf(stderr, "Error: %s\n", message.c_str());
  return kFailure;
}

double per_event(std::uint64_t value, std::uint64_t events) {
  return events == 0 ? 0 : static_cast<double>(value) / static_cast<double>(events);
}

void print_stages(const BenchReport& report) {
  const StageTimes& times = report.median;
  const double seconds = static_cast<double>(times.match_ns) / 1e9;
  std::printf("%llu events, %llu matches, %.0f events/s of processor time\n\n",
              static_cast<unsigned long long>(report.events),
              static_cast<unsigned long long>(report.matches),
              seconds == 0 ? 0 : static_cast<double>(report.events) / seconds);
  const auto row = [&](const char* name, std::uint64_t upto, std::uint64_t before) {
    std::printf("  %-24s %8.1f ns/event\n", name,
                per_event(upto > before ? upto - before : 0, report.events));
  };
  std::printf("Stages (processor time, median):\n");
  row("reading", times.read_ns, 0);
  row("decoding and state", times.state_ns, times.read_ns);
  row("rules", times.match_ns, times.state_ns);
  row("all", times.match_ns, 0);
}

void print_types(const BenchReport& report) {
  std::vector<const EventInfo*> types;
  for (const EventInfo& event : all_events()) {
    if (report.types[index_of(event.type)].events != 0) {
      types.push_back(&event);
    }
  }
  const auto cost = [&](const EventInfo* event) { return report.types[index_of(event->type)].ns; };
  std::ranges::sort(types, std::greater(), cost);
  std::printf("\nEvent types by the time that rules take:\n  %-20s %12s %12s %10s\n", "type",
              "events", "ns/event", "ms");
  for (std::size_t i = 0; i < std::min(types.size(), kShownRows); ++i) {
    const TypeCost& row = report.types[index_of(types[i]->type)];
    std::printf("  %-20s %12llu %12.1f %10.2f\n", std::string(types[i]->name).c_str(),
                static_cast<unsigned long long>(row.events), per_event(row.ns, row.events),
                static_cast<double>(row.ns) / 1e6);
  }
}

// Positions of the rows that took the longest, longest first.
std::vector<std::size_t> most_expensive(const std::vector<ProfileRow>& rows) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].count != 0) {
      order.push_back(i);
    }
  }
  std::ranges::sort(order, std::greater(), [&](std::size_t i) { return rows[i].ns; });
  order.resize(std::min(order.size(), kShownRows));
  return order;
}

void print_row(const ProfileRow& row, const std::string& name) {
  std::printf("  %10.2f %12llu %12llu %9.1f  %s\n", static_cast<double>(row.ns) / 1e6,
              static_cast<unsigned long long>(row.count),
              static_cast<unsigned long long>(row.holds), per_event(row.ns, row.count),
              name.c_str());
}

void print_profile(const BenchReport& report, const RuleSet& rules) {
  std::uint64_t evaluations = 0;
  for (const ProfileRow& row : report.profile.predicates) {
    evaluations += row.count;
  }
  std::printf(
      "\nPredicates evaluated: %.2f per event, %.2f per event of a type that rules ask "
      "for\n",
      per_event(evaluations, report.events), per_event(evaluations, report.profile.events));
  const char* const header = "  %10s %12s %12s %9s  %s\n";
  std::printf("\nMost expensive rules (time holds that of their predicates):\n");
  std::printf(header, "ms", "asked", "matched", "ns each", "rule");
  for (const std::size_t i : most_expensive(report.rules)) {
    print_row(report.rules[i], rules.rule(RuleId{static_cast<std::uint32_t>(i)}).name);
  }
  std::printf("\nMost expensive predicates:\n");
  std::printf(header, "ms", "evaluated", "true", "ns each", "predicate");
  for (const std::size_t i : most_expensive(report.profile.predicates)) {
    print_row(report.profile.predicates[i],
              rules.program().predicates().get(PredicateId{static_cast<std::uint32_t>(i)}).text);
  }
}

struct Words {
  std::vector<std::string> paths;
  std::size_t runs = kDefaultRuns;
};

std::optional<Words> read_words(std::span<const std::string> rest) {
  Words words;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != "--runs") {
      words.paths.push_back(rest[i]);
      continue;
    }
    if (++i == rest.size()) {
      return std::nullopt;
    }
    const char* end = rest[i].data() + rest[i].size();
    const auto [at, fault] = std::from_chars(rest[i].data(), end, words.runs);
    if (fault != std::errc() || at != end || words.runs == 0 || words.runs > kMaxRuns) {
      return std::nullopt;
    }
  }
  return words.paths.size() < 2 ? std::nullopt : std::optional(words);
}

}  // namespace

int run_bench_command(std::span<const std::string> rest) {
  std::optional<Words> words = read_words(rest);
  if (!words) {
    return refuse("bench needs rule files and a capture; see saker bench --help");
  }
  const std::string capture = words->paths.back();
  words->paths.pop_back();
  const auto rules = load_rules_of_command(words->paths);
  if (!rules) {
    return refuse(rules.error().message);
  }
  const auto report = run_benchmark(capture, *rules, words->runs);
  if (!report) {
    return refuse(report.error().message);
  }
  print_stages(*report);
  print_types(*report);
  print_profile(*report, **rules);
  return kSuccess;
}

}  // namespace saker::app
