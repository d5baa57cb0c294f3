// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Assembles one block of a capture in memory: values in, padded bytes with both lengths out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compat/scap/block_types.h"
#include "engine/base/bytes.h"

namespace saker::scap {

class BlockBuilder {
public:
  // Begins a block; what was built before is gone.
  void begin(std::uint32_t number) {
    bytes_.clear();
    put(number);
    put(std::uint32_t{0});  // total length, see finish()
  }

  template <typename T>
  void put(T value) {
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>);
    std::byte raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes_.insert(bytes_.end(), raw, raw + sizeof(T));
  }

  void put_bool(bool value) { put(static_cast<std::uint8_t>(value ? 1 : 0)); }

  void put_bytes(Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  void put_zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }

  // Puts a 16-bit length and at most `max_bytes` (below 65536) of `text`.
  void put_string(std::string_view text, std::size_t max_bytes) {
    text = text.substr(0, max_bytes);
    put(static_cast<std::uint16_t>(text.size()));
    put_bytes(as_bytes(text));
  }

  // Reserves the 32-bit length of an entry; returns its place for end_entry().
  [[nodiscard]] std::size_t begin_entry() {
    const std::size_t place = bytes_.size();
    put(std::uint32_t{0});
    return place;
  }

  // Writes the length of the entry begun at `place`, with or without the length's own 4 bytes.
  void end_entry(std::size_t place, bool length_includes_itself) {
    const std::size_t own = length_includes_itself ? 0 : sizeof(std::uint32_t);
    set_length(place, bytes_.size() - place - own);
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  // Pads and closes the block. Borrowed until the next begin().
  [[nodiscard]] Bytes finish() {
    while (bytes_.size() % 4 != 0) {
      bytes_.push_back(std::byte{0});
    }
    const std::size_t total = bytes_.size() + kBlockTrailerBytes;
    put(static_cast<std::uint32_t>(total));
    set_length(4, total);
    return bytes_;
  }

private:
  void set_length(std::size_t place, std::size_t length) {
    const auto value = static_cast<std::uint32_t>(length);
    std::memcpy(bytes_.data() + place, &value, sizeof(value));
  }

  std::vector<std::byte> bytes_;
};

}  // namespace saker::scap
