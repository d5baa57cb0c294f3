// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/time_text.h"

#include <time.h>

namespace saker {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// Appends `value` with leading zeros. `width` is at most 9.
void append_padded(std::string& out, std::uint64_t value, std::size_t width) {
  char digits[9];
  for (std::size_t i = width; i > 0; --i) {
    digits[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits, width);
}

void append_clock(std::string& out, const tm& parts, std::uint64_t ts_ns) {
  append_padded(out, static_cast<std::uint64_t>(parts.tm_hour), 2);
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(parts.tm_min), 2);
  out += ':';
  append_padded(out, static_cast<std::uint64_t>(parts.tm_sec), 2);
  out += '.';
  append_padded(out, ts_ns % kNsPerSecond, 9);
}

}  // namespace

void append_time_of_day(std::string& out, std::uint64_t ts_ns) {
  const auto seconds = static_cast<time_t>(ts_ns / kNsPerSecond);
  tm parts{};
  localtime_r(&seconds, &parts);
  append_clock(out, parts, ts_ns);
}

void append_iso_time(std::string& out, std::uint64_t ts_ns, std::string_view zone) {
  const auto seconds = static_cast<time_t>(ts_ns / kNsPerSecond);
  tm parts{};
  gmtime_r(&seconds, &parts);
  append_padded(out, static_cast<std::uint64_t>(parts.tm_year + 1900), 4);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(parts.tm_mon + 1), 2);
  out += '-';
  append_padded(out, static_cast<std::uint64_t>(parts.tm_mday), 2);
  out += 'T';
  append_clock(out, parts, ts_ns);
  out += zone;
}

}  // namespace saker
