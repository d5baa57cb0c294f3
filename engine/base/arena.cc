// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/arena.h"

#include <algorithm>

namespace saker {

void Arena::grow(std::size_t size) {
  while (next_block_ < blocks_.size() && blocks_[next_block_].size < size) {
    ++next_block_;
  }
  if (next_block_ == blocks_.size()) {
    const std::size_t last = blocks_.empty() ? kMinBlockBytes / 2 : blocks_.back().size;
    const std::size_t bytes = std::max(size, last * 2);
    blocks_.push_back(Block{std::make_unique<char[]>(bytes), bytes});
  }
  at_ = blocks_[next_block_].data.get();
  left_ = blocks_[next_block_].size;
  ++next_block_;
}

}  // namespace saker
