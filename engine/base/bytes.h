// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Little-endian reads from unaligned bytes. All event and capture formats are little endian.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace saker {

static_assert(std::endian::native == std::endian::little, "ported hosts are little endian");

using Bytes = std::span<const std::byte>;

// Reads a T at `offset`; the caller has checked that it lies inside `bytes`.
template <typename T>
requires std::is_trivially_copyable_v<T>
[[nodiscard]] inline T load_le(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

template <typename T>
[[nodiscard]] inline T load_le(Bytes bytes, std::size_t offset) {
  return load_le<T>(bytes.data() + offset);
}

[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Cursor over bytes for format readers. A read past the end sets `failed()` and yields zeros or
// empty spans; check once after a group of reads.
class ByteReader {
public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  template <typename T>
  T read() {
    if (bytes_.size() - position_ < sizeof(T)) {
      failed_ = true;
      position_ = bytes_.size();
      return T{};
    }
    T value = load_le<T>(bytes_, position_);
    position_ += sizeof(T);
    return value;
  }

  Bytes take(std::size_t count) {
    if (bytes_.size() - position_ < count) {
      failed_ = true;
      position_ = bytes_.size();
      return {};
    }
    Bytes result = bytes_.subspan(position_, count);
    position_ += count;
    return result;
  }

  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] bool failed() const { return failed_; }

private:
  Bytes bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace saker
