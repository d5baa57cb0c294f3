// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What `saker spool list|drain|retry|check PATH` does. list and check read the file of a running
// process too; drain and retry need it for themselves.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "outputs/spool/record.h"
#include "outputs/spool/spool_options.h"

namespace saker {

enum class SpoolPart : std::uint8_t { kWaiting, kSetAside };

// Called with one line without its line feed; false ends the listing.
using LineSink = std::function<bool(std::string_view line)>;

// A record as one line of JSON: the alert's own object with the key "spool" added (id, sequence,
// key, destination, state, tries, error, stored). An alert stored as text stands under "output",
// and so does whatever a damaged record holds.
[[nodiscard]] std::string record_json(const DeliveryRecord& record, SpoolPart part,
                                      bool is_intact = true);

// Gives one line of JSON per record, oldest first.
[[nodiscard]] Status list_spool(const std::string& path, SpoolPart part,
                                const LineSink& write_line);

struct SpoolReport {
  bool is_sound = false;
  std::string problem;  // what is wrong, when it is not sound
  std::uint64_t waiting = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t damaged = 0;    // records whose bytes are not those that were stored
  std::uint64_t bytes = 0;      // of all records
  std::uint64_t oldest_ns = 0;  // when the oldest waiting record was stored; 0: none waits
};

// Reads the whole file and changes nothing. Fails with kNotFound or kPermission; damage is in the
// report.
[[nodiscard]] Result<SpoolReport> check_spool(const std::string& path);

// Writes the waiting records as list_spool() does and removes those that were written.
[[nodiscard]] Result<std::uint64_t> empty_spool(const SpoolOptions& options,
                                                const LineSink& write_line);

// Puts what was set aside back in line, behind what waits; records that were damaged stay. Returns
// how many went back.
[[nodiscard]] Result<std::uint64_t> retry_set_aside(const SpoolOptions& options);

}  // namespace saker
