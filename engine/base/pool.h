// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Recycled objects with a non-atomic reference count, for state that lives as long as some process
// or fd refers to it. A released object goes back to its pool with its strings' capacity, so that a
// warmed-up event path does not allocate. One worker owns a pool and everything in it.
//
//   struct FdInfo : Pooled<FdInfo> { std::string name; void reset() { name.clear(); } };
//   Pool<FdInfo> pool;
//   Ref<FdInfo> fd = pool.make();
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "engine/base/check.h"

namespace saker {

template <typename T>
class Pool;

// Base of pooled types. `T` must have `void reset()`, which clears values but keeps capacity.
template <typename T>
struct Pooled {
  Pool<T>* pool = nullptr;
  std::uint32_t references = 0;
};

// Counted reference; null when empty.
template <typename T>
class Ref {
public:
  Ref() = default;
  explicit Ref(T* object) noexcept : object_(object) {
    if (object_ != nullptr) {
      ++object_->references;
    }
  }
  Ref(const Ref& other) noexcept : Ref(other.object_) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(const Ref& other) noexcept {
    Ref copy(other);
    std::swap(object_, copy.object_);
    return *this;
  }
  Ref& operator=(Ref&& other) noexcept {
    Ref moved(std::move(other));
    std::swap(object_, moved.object_);
    return *this;
  }
  ~Ref() { release(); }

  void reset() noexcept {
    release();
    object_ = nullptr;
  }
  [[nodiscard]] T* get() const noexcept { return object_; }
  T* operator->() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  [[nodiscard]] bool is_shared() const noexcept { return object_->references > 1; }
  friend bool operator==(const Ref& a, const Ref& b) noexcept { return a.object_ == b.object_; }

private:
  void release() noexcept {
    if (object_ != nullptr && --object_->references == 0) {
      object_->pool->recycle(object_);
    }
  }

  T* object_ = nullptr;
};

// Owner of the objects. Must outlive every Ref to them.
template <typename T>
class Pool {
public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Returns an object in its reset state, recycled if one is free.
  [[nodiscard]] Ref<T> make() {
    if (free_.empty()) {
      T& object = objects_.emplace_back();
      object.pool = this;
      if (free_.capacity() < objects_.size()) {
        free_.reserve(objects_.size() * 2);  // so that recycle() never allocates
      }
      return Ref<T>(&object);
    }
    T* object = free_.back();
    free_.pop_back();
    return Ref<T>(object);
  }

  [[nodiscard]] std::size_t live_count() const { return objects_.size() - free_.size(); }

private:
  friend class Ref<T>;

  void recycle(T* object) noexcept {
    object->reset();
    free_.push_back(object);
  }

  std::deque<T> objects_;
  std::vector<T*> free_;
};

}  // namespace saker
