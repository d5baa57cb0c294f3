// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Bump allocator for values that live until the next event. Blocks are kept, so a warmed-up arena
// does not allocate.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace saker {

class Arena {
public:
  // Returns `size` bytes aligned to 8, valid until clear().
  [[nodiscard]] char* allocate(std::size_t size) {
    size = (size + 7) & ~std::size_t{7};
    if (left_ < size) {
      grow(size);
    }
    char* result = at_;
    at_ += size;
    left_ -= size;
    return result;
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    char* data = allocate(text.size());
    // An empty view may have a null pointer, which memcpy must not be given.
    if (!text.empty()) {
      std::memcpy(data, text.data(), text.size());
    }
    return {data, text.size()};
  }

  template <typename T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    static_assert(alignof(T) <= 8 && std::is_trivially_destructible_v<T>);
    T* data = reinterpret_cast<T*>(allocate(count * sizeof(T)));
    std::uninitialized_default_construct_n(data, count);
    return {data, count};
  }

  // Ends the life of everything allocated. Keeps the memory, up to one block per size reached.
  void clear() {
    if (next_block_ == 0) {
      return;
    }
    next_block_ = 1;
    at_ = blocks_[0].data.get();
    left_ = blocks_[0].size;
  }

private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size = 0;
  };
  static constexpr std::size_t kMinBlockBytes = 16384;

  void grow(std::size_t size);

  std::vector<Block> blocks_;
  std::size_t next_block_ = 0;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace saker
