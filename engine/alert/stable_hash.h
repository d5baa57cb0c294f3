// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// 128 bits that depend on nothing but what was added: the same on every machine and in every run.
// Two FNV-1a hashes with different starts; good for recognising duplicates, not against forgery.
#pragma once

#include <cstdint>
#include <string_view>

namespace saker {

class StableHash {
public:
  // Texts are closed by their length, so "ab","c" and "a","bc" differ.
  void add_text(std::string_view text) {
    for (const char byte : text) {
      add_byte(static_cast<unsigned char>(byte));
    }
    add_number(text.size());
  }

  void add_number(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) {
      add_byte(static_cast<unsigned char>(number >> (8 * i)));
    }
  }

  [[nodiscard]] std::uint64_t high() const { return high_; }
  [[nodiscard]] std::uint64_t low() const { return low_; }

private:
  // Source: FNV-1a, 64 bit (the prime and the first offset basis).
  static constexpr std::uint64_t kPrime = 0x100000001b3;
  static constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;

  void add_byte(unsigned char byte) {
    high_ = (high_ ^ byte) * kPrime;
    low_ = (low_ ^ byte) * kPrime;
  }

  std::uint64_t high_ = kOffsetBasis;
  std::uint64_t low_ = ~kOffsetBasis;
};

}  // namespace saker
