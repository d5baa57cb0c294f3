// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/duration.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace saker::kit {

bool parse_duration(const std::string& text, std::uint64_t& duration_ns) {
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {{"", 1'000'000'000},
                                                                   {"ms", 1'000'000},
                                                                   {"s", 1'000'000'000},
                                                                   {"m", 60'000'000'000},
                                                                   {"h", 3'600'000'000'000}};
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  const auto* found =
      std::ranges::find(kUnits, unit, &std::pair<std::string_view, std::uint64_t>::first);
  if (parsed.ec != std::errc() || found == std::end(kUnits) || number == 0 ||
      number > ~std::uint64_t{0} / found->second) {
    return false;
  }
  duration_ns = number * found->second;
  return true;
}

}  // namespace saker::kit
