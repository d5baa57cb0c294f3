// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// As much of protobuf's encoding as asking a CRI runtime takes: writing texts and flags, reading
// fields one by one. Source: protobuf.dev, "Encoding".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saker::containers {

class ProtoWriter {
public:
  void text(std::uint32_t field, std::string_view value);
  void number(std::uint32_t field, std::uint64_t value);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
  void varint(std::uint64_t value);
  std::string bytes_;
};

// Walks over the fields of one message.
//
//   ProtoReader reader(bytes);
//   while (reader.next()) { if (reader.field() == 1) name = reader.text(); }
//   if (reader.is_broken()) …
class ProtoReader {
public:
  // Borrows `bytes`.
  explicit ProtoReader(std::string_view bytes) : rest_(bytes) {}

  // False at the end and at the first byte that is not protobuf.
  [[nodiscard]] bool next();
  [[nodiscard]] bool is_broken() const { return is_broken_; }
  [[nodiscard]] std::uint32_t field() const { return field_; }
  // Bytes of a text or message field; empty for numbers.
  [[nodiscard]] std::string_view text() const { return text_; }
  // 0 for texts.
  [[nodiscard]] std::uint64_t number() const { return number_; }

private:
  [[nodiscard]] bool read_varint(std::uint64_t& value);
  [[nodiscard]] bool take(std::uint64_t count, std::string_view& bytes);

  std::string_view rest_;
  std::string_view text_;
  std::uint64_t number_ = 0;
  std::uint32_t field_ = 0;
  bool is_broken_ = false;
};

}  // namespace saker::containers
