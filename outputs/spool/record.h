// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An alert on its way to a receiver: rendered once, stored in a spool or in memory, handed to a
// transport until the receiver has acknowledged it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker {

struct RecordHeader {
  std::string name;
  std::string value;

  friend bool operator==(const RecordHeader&, const RecordHeader&) = default;
};

struct DeliveryRecord {
  std::int64_t sequence = 0;  // place in its store's order; given by the store
  std::string id;             // of the alert, 32 hexadecimal digits; duplicates carry the same
  std::string destination;    // topic; empty where the transport has only one destination
  std::string key;            // records of one key are delivered in order
  std::string payload;
  std::vector<RecordHeader> headers;
  std::uint64_t created_ns = 0;
  std::uint32_t tries = 0;  // failures that were counted against this record
  std::string last_error;   // of the last of them
};

// What a record costs in its store, in bytes: its texts and a fixed amount for the rest.
[[nodiscard]] std::uint64_t stored_size(const DeliveryRecord& record);

// Headers as one block of bytes and back. Unreadable bytes give no headers.
[[nodiscard]] std::string pack_headers(const std::vector<RecordHeader>& headers);
[[nodiscard]] std::vector<RecordHeader> unpack_headers(std::string_view bytes);

// Changes when any byte of what is delivered changes; finds damage that the file format does not.
[[nodiscard]] std::uint64_t checksum(const DeliveryRecord& record);

}  // namespace saker
