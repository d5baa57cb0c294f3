// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/time_text.h"

#include <time.h>

namespace saker {

namespace {

struct StyleRow {
  const char* pattern;  // of strftime
  bool is_utc;
  bool has_ns;
  const char* zone_pattern;  // after the nanoseconds
};

// In the order of TimeStyle.
constexpr StyleRow kStyles[] = {
    {"%H:%M:%S", false, true, ""},           {"%H:%M:%S", false, false, ""},
    {"%Y-%m-%d %H:%M:%S", false, true, ""},  {"%Y-%m-%d %H:%M:%S", false, false, ""},
    {"%Y-%m-%dT%H:%M:%S", true, true, "%z"},
};
static_assert(std::size(kStyles) == static_cast<std::size_t>(TimeStyle::kIso8601) + 1);

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace

void append_time(ArenaText& out, std::uint64_t ts_ns, TimeStyle style) {
  const StyleRow& row = kStyles[static_cast<std::size_t>(style)];
  const auto seconds = static_cast<time_t>(ts_ns / kNsPerSecond);
  tm parts{};
  if (row.is_utc) {
    gmtime_r(&seconds, &parts);
  } else {
    localtime_r(&seconds, &parts);
  }
  char text[64];
  out.append(std::string_view(text, strftime(text, sizeof(text), row.pattern, &parts)));
  if (row.has_ns) {
    char digits[10];
    std::uint64_t ns = ts_ns % kNsPerSecond;
    for (int i = 9; i > 0; --i) {
      digits[i] = static_cast<char>('0' + ns % 10);
      ns /= 10;
    }
    digits[0] = '.';
    out.append(std::string_view(digits, sizeof(digits)));
  }
  if (row.zone_pattern[0] != '\0') {
    out.append(std::string_view(text, strftime(text, sizeof(text), row.zone_pattern, &parts)));
  }
}

}  // namespace saker
