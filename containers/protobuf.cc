// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/protobuf.h"

namespace saker::containers {

namespace {

// Kinds of a field's bytes, the low three bits of its key.
enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr unsigned kGroupBits = 7;
constexpr unsigned kMaxVarintBits = 64;

}  // namespace

void ProtoWriter::varint(std::uint64_t value) {
  constexpr std::uint64_t kMore = 0x80;
  while (value >= kMore) {
    bytes_.push_back(static_cast<char>(value | kMore));
    value >>= kGroupBits;
  }
  bytes_.push_back(static_cast<char>(value));
}

void ProtoWriter::text(std::uint32_t field, std::string_view value) {
  varint(std::uint64_t{field} << 3U | kBytes);
  varint(value.size());
  bytes_.append(value);
}

void ProtoWriter::number(std::uint32_t field, std::uint64_t value) {
  varint(std::uint64_t{field} << 3U | kVarint);
  varint(value);
}

bool ProtoReader::read_varint(std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < kMaxVarintBits; shift += kGroupBits) {
    if (rest_.empty()) {
      return false;
    }
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) {
      return true;
    }
  }
  return false;
}

bool ProtoReader::take(std::uint64_t count, std::string_view& bytes) {
  if (count > rest_.size()) {
    return false;
  }
  bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return true;
}

bool ProtoReader::next() {
  if (rest_.empty() || is_broken_) {
    return false;
  }
  constexpr std::uint64_t kWireMask = 7;
  std::uint64_t key = 0;
  std::uint64_t size = 0;
  std::string_view fixed;
  text_ = {};
  number_ = 0;
  is_broken_ = true;  // until the field was read
  if (!read_varint(key)) {
    return false;
  }
  field_ = static_cast<std::uint32_t>(key >> 3U);
  switch (key & kWireMask) {
    case kVarint:
      is_broken_ = !read_varint(number_);
      break;
    case kBytes:
      is_broken_ = !read_varint(size) || !take(size, text_);
      break;
    case kFixed64:
      is_broken_ = !take(8, fixed);
      break;
    case kFixed32:
      is_broken_ = !take(4, fixed);
      break;
    default:  // groups, which nobody writes any more
      break;
  }
  return !is_broken_;
}

}  // namespace saker::containers
