// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/ring_reader.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace saker::sensor {
namespace {

constexpr std::uint32_t kBusyBit = 1U << 31;     // BPF_RINGBUF_BUSY_BIT
constexpr std::uint32_t kDiscardBit = 1U << 30;  // BPF_RINGBUF_DISCARD_BIT
constexpr std::size_t kRecordHeaderBytes = 8;    // BPF_RINGBUF_HDR_SZ

// The kernel changes these words concurrently.
template <typename T>
T load_acquire(const void* at) {
  return std::atomic_ref<T>(*const_cast<T*>(static_cast<const T*>(at)))  // NOLINT
      .load(std::memory_order_acquire);
}

}  // namespace

Result<RingReader> RingReader::open(int map_fd, std::size_t bytes) {
  RingReader reader;
  reader.bytes_ = bytes;
  reader.page_bytes_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* consumer =
      ::mmap(nullptr, reader.page_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
  if (consumer == MAP_FAILED) {
    return fail_errno("cannot map the position page of a BPF ring buffer", errno);
  }
  reader.consumer_page_ = consumer;
  const void* producer = ::mmap(nullptr, reader.page_bytes_ + 2 * bytes, PROT_READ, MAP_SHARED,
                                map_fd, static_cast<off_t>(reader.page_bytes_));
  if (producer == MAP_FAILED) {
    return fail_errno("cannot map the data of a BPF ring buffer", errno);
  }
  reader.producer_page_ = static_cast<const std::byte*>(producer);
  reader.read_position_ = load_acquire<std::uint64_t>(consumer);
  return reader;
}

RingReader::RingReader(RingReader&& other) noexcept {
  *this = std::move(other);
}

RingReader& RingReader::operator=(RingReader&& other) noexcept {
  std::swap(consumer_page_, other.consumer_page_);
  std::swap(producer_page_, other.producer_page_);
  std::swap(bytes_, other.bytes_);
  std::swap(page_bytes_, other.page_bytes_);
  std::swap(read_position_, other.read_position_);
  return *this;
}

RingReader::~RingReader() {
  if (consumer_page_ != nullptr) {
    ::munmap(consumer_page_, page_bytes_);
  }
  if (producer_page_ != nullptr) {
    ::munmap(const_cast<std::byte*>(producer_page_), page_bytes_ + 2 * bytes_);  // NOLINT
  }
}

bool RingReader::next(Item& item) {
  const auto produced = load_acquire<std::uint64_t>(producer_page_);
  while (read_position_ < produced) {
    const std::byte* at = producer_page_ + page_bytes_ + (read_position_ & (bytes_ - 1));
    const auto word = load_acquire<std::uint32_t>(at);
    if ((word & kBusyBit) != 0) {
      return false;  // being written; everything behind it has to wait
    }
    const std::size_t length = word & ~(kBusyBit | kDiscardBit);
    read_position_ += (length + kRecordHeaderBytes + 7) & ~std::size_t{7};
    if ((word & kDiscardBit) == 0) {
      item = {Bytes(at + kRecordHeaderBytes, length), read_position_};
      return true;
    }
  }
  return false;
}

void RingReader::release(std::uint64_t position) {
  std::atomic_ref<std::uint64_t>(*static_cast<std::uint64_t*>(consumer_page_))
      .store(position, std::memory_order_release);
}

}  // namespace saker::sensor
