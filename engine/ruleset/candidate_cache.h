// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which rules a process can still match by events of one type: found once and kept as long as the
// facts about the process hold. A fixed table; a line that is in the way is overwritten.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/ruleset/memo.h"
#include "engine/ruleset/text_index.h"

namespace saker {

class CandidateCache {
public:
  // Bit i: the index's i-th event group must be looked up.
  using GroupMask = std::uint32_t;

  // One process and one event type's program. 64 bytes: a cache line of the machine.
  struct Line {
    static constexpr std::size_t kMaxEntries = 8;

    std::uint64_t thread_version = 0;
    std::uint32_t program = 0;
    std::uint32_t epoch = 0;
    GroupMask groups = 0;
    std::uint16_t uses = 0;
    std::uint8_t count = 0;
    bool is_full = false;     // more entries than fit: nothing is kept
    bool is_refined = false;  // `groups` holds only what can matter to the process
    std::array<IndexEntry, kMaxEntries> entries{};

    [[nodiscard]] std::span<const IndexEntry> kept() const {
      return std::span(entries).first(count);
    }
  };

  CandidateCache() : lines_(kLines) {}

  // Void lines of other epochs and of what runtimes said before.
  void follow(const FactKey& facts);

  // The line's place; it is that process' only if `is_of` says so.
  [[nodiscard]] Line& line(std::uint64_t thread_version, std::uint32_t program) {
    const std::uint64_t mixed =
        (thread_version + std::uint64_t{program} * 0x9e3779b97f4a7c15ULL) * 0xff51afd7ed558ccdULL;
    return lines_[mixed >> (64U - kLineBits)];
  }
  [[nodiscard]] bool is_of(const Line& line, std::uint64_t thread_version,
                           std::uint32_t program) const {
    return line.thread_version == thread_version && line.program == program && line.epoch == epoch_;
  }
  void claim(Line& line, std::uint64_t thread_version, std::uint32_t program) const {
    line = {.thread_version = thread_version, .program = program, .epoch = epoch_};
  }

private:
  static constexpr unsigned kLineBits = 12;
  static constexpr std::size_t kLines = std::size_t{1} << kLineBits;

  std::vector<Line> lines_;
  FactKey facts_;            // without the thread's version
  std::uint32_t epoch_ = 1;  // counts changes of `facts_`
};

}  // namespace saker
