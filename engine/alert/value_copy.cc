// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/value_copy.h"

#include <cstring>
#include <new>

namespace saker {

namespace {

constexpr std::size_t kIpv6Bytes = 16;

std::size_t aligned(std::size_t size) {
  return (size + alignof(Value) - 1) & ~(alignof(Value) - 1);
}

std::size_t needed_bytes(std::span<const Value> values) {
  std::size_t total = 0;
  for (const Value& value : values) {
    switch (value.kind()) {
      using enum ValueKind;
      case kText:
      case kBytes:
        total += aligned(value.as_text().size());
        break;
      case kIpv6:
        total += kIpv6Bytes;
        break;
      case kList:
        total += value.as_list().size() * sizeof(Value) + needed_bytes(value.as_list());
        break;
      case kNone:
      case kBool:
      case kInt:
      case kUint:
      case kDouble:
      case kIpv4:
        break;
    }
  }
  return total;
}

char* copy_bytes(char*& at, const void* from, std::size_t size) {
  char* to = at;
  if (size > 0) {
    std::memcpy(to, from, size);
  }
  at += aligned(size);
  return to;
}

void move_into(std::span<Value> values, char*& at);

Value copied(const Value& value, char*& at) {
  switch (value.kind()) {
    using enum ValueKind;
    case kText: {
      const std::string_view text = value.as_text();
      return Value::text({copy_bytes(at, text.data(), text.size()), text.size()});
    }
    case kBytes: {
      const std::string_view text = value.as_text();
      return Value::bytes(
          as_bytes(std::string_view(copy_bytes(at, text.data(), text.size()), text.size())));
    }
    case kIpv6:
      return Value::ipv6(
          std::bit_cast<const std::uint8_t*>(copy_bytes(at, value.as_ipv6(), kIpv6Bytes)));
    case kList: {
      const std::span<const Value> from = value.as_list();
      // A block from operator new is aligned for Value, and `at` moves in steps of its alignment.
      char* to = copy_bytes(at, from.data(), from.size_bytes());
      const std::span<Value> elements(std::launder(std::bit_cast<Value*>(to)), from.size());
      move_into(elements, at);
      return Value::list(elements);
    }
    case kNone:
    case kBool:
    case kInt:
    case kUint:
    case kDouble:
    case kIpv4:
      break;
  }
  return value;
}

void move_into(std::span<Value> values, char*& at) {
  for (Value& value : values) {
    value = copied(value, at).with_type(value.type(), value.format());
  }
}

}  // namespace

std::unique_ptr<char[]> copy_values(std::span<Value> values) {
  const std::size_t size = needed_bytes(values);
  if (size == 0) {
    return nullptr;
  }
  auto storage = std::make_unique_for_overwrite<char[]>(size);
  char* at = storage.get();
  move_into(values, at);
  return storage;
}

}  // namespace saker
