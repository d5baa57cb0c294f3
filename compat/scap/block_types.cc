// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/block_types.h"

#include <array>

namespace saker::scap {

namespace {

using enum BlockKind;

// The numbers from 0x8000ABCD on are those of the first releases of the format.
constexpr BlockType kBlockTypes[] = {
    {.number = 0x216, .kind = kEvent, .version = 2},
    {.number = 0x217, .kind = kEvent, .version = 2, .has_flags = true},
    {.number = 0x221, .kind = kEvent, .version = 2, .is_large = true},
    {.number = 0x222, .kind = kEvent, .version = 2, .has_flags = true, .is_large = true},
    {.number = 0x204, .kind = kEvent, .version = 1},
    {.number = 0x208, .kind = kEvent, .version = 1, .has_flags = true},
    {.number = 0x8010ABCD, .kind = kEvent, .version = 1},
    {.number = 0x0A0D0D0A, .kind = kSectionHeader, .version = 1},
    {.number = 0x201, .kind = kMachineInfo, .version = 1},
    {.number = 0x8002ABCD, .kind = kMachineInfo, .version = 1},
    {.number = 0x202, .kind = kProcessList, .version = 1},
    {.number = 0x8000ABCD, .kind = kProcessList, .version = 1},
    {.number = 0x207, .kind = kProcessList, .version = 2},
    {.number = 0x8013ABCD, .kind = kProcessList, .version = 2},
    {.number = 0x209, .kind = kProcessList, .version = 3},
    {.number = 0x8014ABCD, .kind = kProcessList, .version = 3},
    {.number = 0x210, .kind = kProcessList, .version = 4},
    {.number = 0x211, .kind = kProcessList, .version = 5},
    {.number = 0x212, .kind = kProcessList, .version = 6},
    {.number = 0x213, .kind = kProcessList, .version = 7},
    {.number = 0x214, .kind = kProcessList, .version = 8},
    {.number = 0x215, .kind = kProcessList, .version = 9},
    {.number = 0x203, .kind = kFdList, .version = 1},
    {.number = 0x8001ABCD, .kind = kFdList, .version = 1},
    {.number = 0x218, .kind = kFdList, .version = 2},
    {.number = 0x205, .kind = kInterfaceList, .version = 1},
    {.number = 0x8011ABCD, .kind = kInterfaceList, .version = 1},
    {.number = 0x219, .kind = kInterfaceList, .version = 2},
    {.number = 0x206, .kind = kUserList, .version = 1},
    {.number = 0x8012ABCD, .kind = kUserList, .version = 1},
    {.number = 0x220, .kind = kUserList, .version = 2},
};

constexpr std::array<std::string_view, 8> kNames = {
    "unknown", "section header", "machine info", "process list",
    "fd list", "interface list", "user list",    "event"};

}  // namespace

BlockType find_block_type(std::uint32_t number) {
  for (const BlockType& row : kBlockTypes) {
    if (row.number == number) {
      return row;
    }
  }
  return BlockType{.number = number};
}

std::string_view to_text(BlockKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace saker::scap
