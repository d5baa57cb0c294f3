// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/event_record.h"

#include <cstring>

#include "compat/scap/block_types.h"
#include "engine/event/catalogue.h"
#include "engine/event/event_view.h"

namespace saker::scap {

namespace {

constexpr std::size_t kLengthOffset = 16;

std::size_t length_width(const EventInfo& info) {
  return info.has(event_flag::kLargePayload) ? sizeof(std::uint32_t) : sizeof(std::uint16_t);
}

// Sum of the first `count` entries of a length array.
std::uint64_t sum_lengths(const std::byte* lengths, std::size_t count, std::size_t width) {
  std::uint64_t sum = 0;
  if (width == sizeof(std::uint16_t)) {
    for (std::size_t i = 0; i < count; ++i) {
      sum += load_le<std::uint16_t>(lengths + i * sizeof(std::uint16_t));
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      sum += load_le<std::uint32_t>(lengths + i * sizeof(std::uint32_t));
    }
  }
  return sum;
}

// Some writers stored the length of two kinds of event three bytes too long. Source: Falco's
// reader.
std::uint32_t v1_length(Bytes bytes, EventType type) {
  const auto stored = load_le<std::uint32_t>(bytes, kLengthOffset);
  const bool is_too_long =
      type == EventType::kNotificationE || type == EventType::kInfrastructureEventE;
  return is_too_long && stored >= 3 ? stored - 3 : stored;
}

}  // namespace

std::uint32_t checked_record_length(Bytes bytes) {
  const auto length = load_le<std::uint32_t>(bytes, kLengthOffset);
  if (length < kEventHeaderBytes || length > bytes.size()) {
    return 0;
  }
  const std::uint64_t count = param_count_of_record(bytes);
  const std::size_t width = length_width(event_info(EventType{type_of_record(bytes)}));
  const std::uint64_t head = kEventHeaderBytes + count * width;
  if (head > length ||
      head + sum_lengths(bytes.data() + kEventHeaderBytes, count, width) > length) {
    return 0;
  }
  return length;
}

Bytes upgrade_v1_record(Bytes bytes, Arena& arena) {
  const EventType type{type_of_record(bytes)};
  const EventInfo& info = event_info(type);
  const std::uint32_t length = v1_length(bytes, type);
  if (length < kEventV1HeaderBytes || length > bytes.size()) {
    return {};
  }
  const std::size_t width = length_width(info);
  std::size_t count = info.params.size();
  while (true) {
    const std::size_t head = kEventV1HeaderBytes + count * width;
    if (head <= length &&
        head + sum_lengths(bytes.data() + kEventV1HeaderBytes, count, width) == length) {
      break;
    }
    if (count == 0) {
      return {};
    }
    --count;
  }
  constexpr std::size_t kAdded = kEventHeaderBytes - kEventV1HeaderBytes;
  const auto new_length = static_cast<std::uint32_t>(length + kAdded);
  const auto count_field = static_cast<std::uint32_t>(count);
  char* data = arena.allocate(new_length);
  std::memcpy(data, bytes.data(), kEventV1HeaderBytes);
  std::memcpy(data + kLengthOffset, &new_length, sizeof(new_length));
  std::memcpy(data + kEventV1HeaderBytes, &count_field, sizeof(count_field));
  std::memcpy(data + kEventHeaderBytes, bytes.data() + kEventV1HeaderBytes,
              length - kEventV1HeaderBytes);
  return {reinterpret_cast<const std::byte*>(data), new_length};
}

}  // namespace saker::scap
