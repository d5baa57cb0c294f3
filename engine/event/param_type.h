// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Types of event parameters and of field values: Falco's type system, whose names appear in
// messages and listings.
#pragma once

#include <cstdint>
#include <string_view>

namespace saker {

enum class ParamType : std::uint8_t {
  kNone,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kCharbuf,   // text with terminating NUL
  kBytebuf,   // raw bytes
  kErrno,     // i64; negative: an errno
  kSockaddr,  // family u8 and address
  kSocktuple,
  kFd,  // i64
  kPid,
  kFdlist,
  kFspath,     // path as the program gave it, relative to the cwd
  kFsrelpath,  // path relative to the directory fd named by ParamInfo::dirfd_param
  kSyscallid,
  kSigtype,
  kReltime,  // u64 ns
  kAbstime,  // u64 ns since the epoch
  kPort,
  kL4proto,
  kSockfamily,
  kBool,
  kIpv4addr,
  kIpv6addr,
  kIpaddr,  // IPv4 or IPv6
  kIpnet,
  kDyn,  // first byte selects one of ParamInfo::variants
  kFlags8,
  kFlags16,
  kFlags32,
  kEnumflags8,
  kEnumflags16,
  kEnumflags32,
  kUid,
  kGid,
  kDouble,
  kSigset,
  kCharbufarray,
  kCharbufPairArray,
  kMode,
  kFd32,
  kPid32,
};

enum class ParamFormat : std::uint8_t {
  kDefault,
  kDec,
  kHex,  // upper case, no prefix
  kOct,
  kPaddedDec,  // %09 decimal
  kId,         // decimal; an identifier, never scaled
  kDir,        // direction of an event
};

// Name as Falco prints it, for example "CHARBUF"; kDyn is "DYNAMIC".
[[nodiscard]] std::string_view to_text(ParamType type);

// Bytes of one value in an event, or 0 if the length varies.
[[nodiscard]] std::size_t fixed_size(ParamType type);

// True for CHARBUF, FSPATH and FSRELPATH.
[[nodiscard]] constexpr bool is_text(ParamType type) {
  return type == ParamType::kCharbuf || type == ParamType::kFspath || type == ParamType::kFsrelpath;
}

}  // namespace saker
