// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Tells of most texts, by a few of their bytes, that no constant of an index can hold for them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace saker {

// Over the first or last bytes that all constants have. `add` each constant's length first.
class RunFilter {
public:
  static constexpr std::size_t kMaxBytes = 8;

  void add_length(std::size_t bytes) { bytes_ = std::min({bytes_, bytes, kMaxBytes}); }
  // `run` has at least bytes() bytes, of which the first ones count.
  void add(std::string_view run) { set(hash(run)); }

  // How many bytes at most are looked at.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // Whether a constant may begin like `run`, which has at least bytes() bytes.
  [[nodiscard]] bool may_have(std::string_view run) const {
    const std::uint32_t bit = hash(run);
    return (bits_[bit / 64] >> (bit % 64) & 1U) != 0;
  }

private:
  static constexpr unsigned kBitsLog = 9;

  [[nodiscard]] std::uint32_t hash(std::string_view run) const {
    std::uint64_t word = 0;
    std::memcpy(&word, run.data(), bytes_);
    // Source: Knuth's multiplicative hashing.
    return static_cast<std::uint32_t>(word * 0x9e3779b97f4a7c15ULL >> (64U - kBitsLog));
  }
  void set(std::uint32_t bit) { bits_[bit / 64] |= std::uint64_t{1} << (bit % 64); }

  std::size_t bytes_ = kMaxBytes;
  std::array<std::uint64_t, (std::size_t{1} << kBitsLog) / 64> bits_{};
};

// Over length and last bytes: what equals a constant agrees in both.
class EqualFilter {
public:
  void add(std::string_view text) { set(hash(text)); }
  [[nodiscard]] bool may_have(std::string_view text) const {
    const std::uint32_t bit = hash(text);
    return (bits_[bit / 64] >> (bit % 64) & 1U) != 0;
  }

private:
  static constexpr unsigned kBitsLog = 12;

  [[nodiscard]] static std::uint32_t hash(std::string_view text) {
    std::uint32_t tail = 0;
    const std::size_t bytes = std::min(text.size(), sizeof(tail));
    std::memcpy(&tail, text.data() + text.size() - bytes, bytes);
    const std::uint64_t word = std::uint64_t{tail} << 16U ^ text.size();
    return static_cast<std::uint32_t>(word * 0x9e3779b97f4a7c15ULL >> (64U - kBitsLog));
  }
  void set(std::uint32_t bit) { bits_[bit / 64] |= std::uint64_t{1} << (bit % 64); }

  std::array<std::uint64_t, (std::size_t{1} << kBitsLog) / 64> bits_{};
};

}  // namespace saker
