// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The blocks of a capture file by their numbers. A block is: type u32, total length u32, body, zero
// padding to a multiple of 4, total length again. Source: docs/event-record.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace saker::scap {

enum class BlockKind : std::uint8_t {
  kUnknown,
  kSectionHeader,
  kMachineInfo,
  kProcessList,
  kFdList,
  kInterfaceList,
  kUserList,
  kEvent,
};

struct BlockType {
  std::uint32_t number = 0;
  BlockKind kind = BlockKind::kUnknown;
  std::uint8_t version = 0;  // process lists 1 to 9, the others 1 or 2
  bool has_flags = false;    // events: flags u32 after the cpu
  bool is_large = false;     // events: may be longer than kMaxSmallBlockBytes
};

// Numbers that writers use. The reader knows more, see block_types.cc.
namespace block_number {
inline constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
inline constexpr std::uint32_t kMachineInfo = 0x201;
inline constexpr std::uint32_t kProcessListV9 = 0x215;
inline constexpr std::uint32_t kEventV2 = 0x216;
inline constexpr std::uint32_t kEventV2Flags = 0x217;
inline constexpr std::uint32_t kFdListV2 = 0x218;
inline constexpr std::uint32_t kInterfaceListV2 = 0x219;
inline constexpr std::uint32_t kUserListV2 = 0x220;
inline constexpr std::uint32_t kEventV2Large = 0x221;
inline constexpr std::uint32_t kEventV2LargeFlags = 0x222;
}  // namespace block_number

inline constexpr std::uint32_t kSectionMagic = 0x1A2B3C4D;
inline constexpr std::uint16_t kMajorVersion = 1;
inline constexpr std::uint16_t kMinorVersion = 2;

inline constexpr std::size_t kBlockHeaderBytes = 8;
inline constexpr std::size_t kBlockTrailerBytes = 4;
inline constexpr std::size_t kMinBlockBytes = kBlockHeaderBytes + kBlockTrailerBytes;

// Most bytes after the block header of an event block that is not large. Source: Falco's reader.
inline constexpr std::size_t kMaxSmallBlockBytes = 65536;
// Our own bounds of what is held in memory at once; no writer comes near.
inline constexpr std::size_t kMaxLargeEventBlockBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxListBlockBytes = std::size_t{256} << 20;

// Bit of the flags of an event block: the event changes state but reaches no rule.
inline constexpr std::uint32_t kEventFlagStateOnly = 1;

// Version of the event headers that a block with V1 events holds: no parameter count.
inline constexpr std::size_t kEventV1HeaderBytes = 22;

// Returns the row of `number`; kind kUnknown when there is none.
[[nodiscard]] BlockType find_block_type(std::uint32_t number);

// For messages, for example "process list".
[[nodiscard]] std::string_view to_text(BlockKind kind);

}  // namespace saker::scap
