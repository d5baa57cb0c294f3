// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Event records as captures hold them: the checks that the reference makes on reading, and the
// change of records without a parameter count (V1) into today's (V2).
#pragma once

#include <cstdint>

#include "engine/base/arena.h"
#include "engine/base/bytes.h"
#include "engine/event/event_view.h"

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

// The same for the usual event: up to kQuickParams parameters with 16-bit lengths. `readable`
// counts the bytes that may be looked at from the start of `bytes` on, which includes those of
// later events. Returns 0 also for every event that is not usual; checked_record_length() then
// decides. Adds the lengths four at a time: a loop over them costs a mispredicted branch per event.
inline constexpr std::uint32_t kQuickParams = 12;

[[nodiscard]] inline std::uint32_t quickly_checked_length(Bytes bytes, std::size_t readable) {
  // 16-bit lanes of a word to keep, by how many of them are in use.
  constexpr std::uint64_t kMasks[] = {0, 0xffff, 0xffffffff, 0xffffffffffff, ~std::uint64_t{0}};
  constexpr std::uint64_t kEven = 0x0000ffff0000ffff;
  const auto length = load_le<std::uint32_t>(bytes, 16);
  const std::uint32_t count = param_count_of_record(bytes);
  if (count > kQuickParams || readable < kEventHeaderBytes + kQuickParams * sizeof(std::uint16_t)) {
    return 0;
  }
  const std::byte* lengths = bytes.data() + kEventHeaderBytes;
  std::uint64_t pairs = 0;  // two sums of at most 6 lanes each
  std::uint32_t left = count;
  for (std::size_t word = 0; word < kQuickParams / 4; ++word) {
    const std::uint32_t used = left < 4 ? left : 4;
    const std::uint64_t lanes = load_le<std::uint64_t>(lengths + word * 8) & kMasks[used];
    pairs += (lanes & kEven) + ((lanes >> 16) & kEven);
    left -= used;
  }
  const std::uint64_t sum = (pairs & 0xffffffff) + (pairs >> 32);
  const std::uint64_t needed = kEventHeaderBytes + count * sizeof(std::uint16_t) + sum;
  return length <= bytes.size() && needed <= length ? length : 0;
}

// Returns the V2 form, in `arena`, of the V1 record at the start of `bytes` (at least 22, type in
// the catalogue). A V1 record does not tell how many parameters it has: the largest number up to
// the catalogue's with which its lengths add up is taken. Empty when none does.
[[nodiscard]] Bytes upgrade_v1_record(Bytes bytes, Arena& arena);

}  // namespace saker::scap
