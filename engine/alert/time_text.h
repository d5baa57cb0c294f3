// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Times as alerts print them. Independent of the locale; local times follow TZ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saker {

// "17:35:48.519016591", local time of day.
void append_time_of_day(std::string& out, std::uint64_t ts_ns);

// "2018-08-17T17:35:48.519016591" in UTC, with `zone` behind it ("Z" or "+0000").
void append_iso_time(std::string& out, std::uint64_t ts_ns, std::string_view zone);

}  // namespace saker
