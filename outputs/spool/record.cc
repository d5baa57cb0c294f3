// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/record.h"

#include <optional>

#include "engine/alert/stable_hash.h"

namespace saker {

namespace {

// Row header, index entries and free space of a database page, about.
constexpr std::uint64_t kOverheadBytes = 96;
constexpr std::size_t kLengthBytes = 4;

void append_sized(std::string& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    out += static_cast<char>(size >> (8 * i));
  }
  out += text;
}

std::optional<std::string_view> take_sized(std::string_view& bytes) {
  if (bytes.size() < kLengthBytes) {
    return std::nullopt;
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  bytes.remove_prefix(kLengthBytes);
  if (bytes.size() < size) {
    return std::nullopt;
  }
  const std::string_view text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

}  // namespace

std::uint64_t stored_size(const DeliveryRecord& record) {
  std::uint64_t size = kOverheadBytes + record.id.size() + record.destination.size() +
                       record.key.size() + record.payload.size();
  for (const RecordHeader& header : record.headers) {
    size += header.name.size() + header.value.size() + 2 * kLengthBytes;
  }
  return size;
}

std::string pack_headers(const std::vector<RecordHeader>& headers) {
  std::string out;
  for (const RecordHeader& header : headers) {
    append_sized(out, header.name);
    append_sized(out, header.value);
  }
  return out;
}

std::vector<RecordHeader> unpack_headers(std::string_view bytes) {
  std::vector<RecordHeader> headers;
  while (!bytes.empty()) {
    const auto name = take_sized(bytes);
    const auto value = name ? take_sized(bytes) : std::nullopt;
    if (!value) {
      return {};
    }
    headers.push_back({std::string(*name), std::string(*value)});
  }
  return headers;
}

std::uint64_t checksum(const DeliveryRecord& record) {
  StableHash hash;
  hash.add_text(record.id);
  hash.add_text(record.destination);
  hash.add_text(record.key);
  hash.add_text(record.payload);
  for (const RecordHeader& header : record.headers) {
    hash.add_text(header.name);
    hash.add_text(header.value);
  }
  hash.add_number(record.created_ns);
  return hash.high();
}

}  // namespace saker
