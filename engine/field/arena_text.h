// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Builds one text in an event's arena, piece by piece. No heap allocation once the arena is warm.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/field/value.h"

namespace saker {

class ArenaText {
public:
  explicit ArenaText(Arena& arena, std::size_t expected_bytes = 120)
      : arena_(arena), data_(arena.allocate(expected_bytes)), capacity_(expected_bytes) {}

  void append(std::string_view text) {
    if (capacity_ - size_ < text.size()) {
      grow(text.size());
    }
    // An empty view may have a null pointer, which memcpy must not be given.
    if (!text.empty()) {
      std::memcpy(data_ + size_, text.data(), text.size());
    }
    size_ += text.size();
  }

  void append(char c) {
    if (size_ == capacity_) {
      grow(1);
    }
    data_[size_++] = c;
  }

  // `base` 8, 10 or 16; hexadecimal digits in lower case.
  template <typename Integer>
  void append_number(Integer value, int base = 10) {
    char digits[72];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value, base).ptr;
    append(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }

  [[nodiscard]] std::string_view view() const { return {data_, size_}; }
  [[nodiscard]] Value value() const { return Value::text(view()); }
  [[nodiscard]] bool empty() const { return size_ == 0; }

private:
  void grow(std::size_t needed) {
    const std::size_t capacity = std::max(capacity_ * 2, size_ + needed);
    char* data = arena_.allocate(capacity);
    std::memcpy(data, data_, size_);
    data_ = data;
    capacity_ = capacity;
  }

  Arena& arena_;
  char* data_;
  std::size_t size_ = 0;
  std::size_t capacity_;
};

}  // namespace saker
