// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Event records as captures hold them: the checks that the reference makes on reading, and the
// change of records without a parameter count (V1) into today's (V2).
#pragma once

#include <cstdint>

#include "engine/base/arena.h"
#include "engine/base/bytes.h"

namespace saker::scap {

// The type field; at least 22 bytes.
[[nodiscard]] inline std::uint16_t type_of_record(Bytes record) {
  return load_le<std::uint16_t>(record, 20);
}

// The parameter count of a V2 record; at least 26 bytes.
[[nodiscard]] inline std::uint32_t param_count_of_record(Bytes record) {
  return load_le<std::uint32_t>(record, 22);
}

// Returns the length field of the V2 record at the start of `bytes` (at least 26, type in the
// catalogue), or 0 when it is shorter than a header, longer than `bytes`, or too small for the
// parameters. Bytes after the parameters are allowed.
[[nodiscard]] std::uint32_t checked_record_length(Bytes bytes);

// Returns the V2 form, in `arena`, of the V1 record at the start of `bytes` (at least 22, type in
// the catalogue). A V1 record does not tell how many parameters it has: the largest number up to
// the catalogue's with which its lengths add up is taken. Empty when none does.
[[nodiscard]] Bytes upgrade_v1_record(Bytes bytes, Arena& arena);

}  // namespace saker::scap
