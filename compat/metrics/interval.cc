// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/interval.h"

#include <charconv>
#include <string>

namespace saker::metrics {

namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kSecond = 1000 * kMs;
constexpr std::uint64_t kDay = 24 * 3600 * kSecond;

struct DurationUnit {
  std::string_view name;
  std::uint64_t ns;
};

constexpr DurationUnit kUnits[] = {
    {"y", 365 * kDay},   {"w", 7 * kDay}, {"d", kDay}, {"h", 3600 * kSecond},
    {"m", 60 * kSecond}, {"s", kSecond},  {"ms", kMs}};
constexpr std::uint64_t kShortest = 100 * kMs;
// Of one unit. Nobody waits longer between two snapshots; the sum of all units cannot overflow.
constexpr std::uint64_t kLongest = 30 * 365 * kDay;

tl::unexpected<Error> bad_interval(std::string_view text) {
  return fail(ErrorCode::kInvalidArgument, "Error reading config file: metrics.interval '" +
                                               std::string(text) +
                                               "' is no duration like 500ms, 15m or 1h30m");
}

}  // namespace

Result<std::uint64_t> parse_interval(std::string_view text) {
  std::uint64_t sum = 0;
  std::size_t next_unit = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) {
      return bad_interval(text);
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::size_t length = std::min(rest.find_first_of("0123456789"), rest.size());
    const std::string_view name = rest.substr(0, length);
    while (next_unit < std::size(kUnits) && kUnits[next_unit].name != name) {
      ++next_unit;
    }
    if (next_unit == std::size(kUnits)) {
      return bad_interval(text);
    }
    if (number > kLongest / kUnits[next_unit].ns) {
      return bad_interval(text);
    }
    sum += number * kUnits[next_unit].ns;
    ++next_unit;
    rest.remove_prefix(length);
  }
  if (text.empty()) {
    return bad_interval(text);
  }
  if (sum < kShortest) {
    return fail(ErrorCode::kInvalidArgument,
                "Error reading config file: metrics.interval is below 100ms");
  }
  return sum;
}

}  // namespace saker::metrics
