// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Builds event records for tests, parameter by parameter and checked against the catalogue. What is
// not given is zero for numbers and missing for everything else.
//
//   EventBuilder(EventType::kSyscallOpenX).tid(600).with("fd", 3).with("name", "/etc/passwd")
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "engine/event/event_view.h"

namespace saker::testing {

// Pieces as events hold lists of texts: each followed by NUL.
[[nodiscard]] inline std::string pieces(std::initializer_list<std::string_view> texts) {
  std::string result;
  for (const std::string_view text : texts) {
    result.append(text).push_back('\0');
  }
  return result;
}

namespace detail {

[[nodiscard]] inline std::string le_bytes(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  std::memcpy(bytes.data(), &value, std::min(size, sizeof value));  // of wider ones the low end
  return bytes;
}

// "1.2.3.4", or the last byte of an IPv6 address as "::7"; "::ffff:1.2.3.4" is understood.
[[nodiscard]] inline std::string address_bytes(std::string_view text) {
  const bool is_ipv6 = text.find(':') != std::string_view::npos;
  const bool is_mapped = text.find(".") != std::string_view::npos;
  std::string bytes(is_ipv6 ? 16 : 4, '\0');
  std::string_view rest = text;
  if (is_ipv6 && is_mapped) {
    bytes[10] = bytes[11] = '\xff';
  }
  rest.remove_prefix(is_ipv6 ? text.rfind(':') + 1 : 0);
  std::size_t at = is_mapped ? bytes.size() - 4 : bytes.size() - 1;
  unsigned value = 0;
  for (const char c : rest) {
    if (c == '.') {
      bytes[at++] = static_cast<char>(value);
      value = 0;
    } else {
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
  }
  bytes[at] = static_cast<char>(value);
  return bytes;
}

}  // namespace detail

// A SOCKADDR parameter.
[[nodiscard]] inline std::string sockaddr(std::string_view address, std::uint16_t port) {
  const std::string bytes = detail::address_bytes(address);
  return std::string(1, bytes.size() == 16 ? '\x0a' : '\x02') + bytes + detail::le_bytes(port, 2);
}
[[nodiscard]] inline std::string unix_sockaddr(std::string_view path) {
  return std::string(1, '\x01').append(path).append(1, '\0');
}

// A SOCKTUPLE parameter.
[[nodiscard]] inline std::string socktuple(std::string_view source, std::uint16_t source_port,
                                           std::string_view destination,
                                           std::uint16_t destination_port) {
  return sockaddr(source, source_port) + sockaddr(destination, destination_port).substr(1);
}
[[nodiscard]] inline std::string unix_socktuple(std::uint64_t source, std::uint64_t destination,
                                                std::string_view path) {
  return std::string(1, '\x01') + detail::le_bytes(source, 8) + detail::le_bytes(destination, 8) +
         std::string(path) + std::string(1, '\0');
}

class EventBuilder {
public:
  explicit EventBuilder(EventType type) : info_(event_info(type)), values_(info_.params.size()) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values_[i].assign(fixed_size(info_.params[i].type), '\0');
    }
  }

  EventBuilder& tid(std::int64_t tid) {
    tid_ = tid;
    return *this;
  }
  EventBuilder& ts(std::uint64_t ts_ns) {
    ts_ns_ = ts_ns;
    return *this;
  }

  // A number, for parameters of fixed width.
  EventBuilder& with(std::string_view name, std::int64_t value) {
    const std::size_t i = position(name);
    const std::size_t size = fixed_size(info_.params[i].type);
    SAKER_CHECK(size != 0);
    values_[i] = detail::le_bytes(static_cast<std::uint64_t>(value), size);
    return *this;
  }
  EventBuilder& with(std::string_view name, int value) { return with(name, std::int64_t{value}); }

  // A text gets its NUL; other parameters of varying width take the bytes as they are.
  EventBuilder& with(std::string_view name, std::string_view value) {
    const std::size_t i = position(name);
    SAKER_CHECK(fixed_size(info_.params[i].type) == 0);
    values_[i] = value;
    if (is_text(info_.params[i].type)) {
      values_[i].push_back('\0');
    }
    return *this;
  }

  // Leaves the parameter empty, as an old or a failing driver does.
  EventBuilder& without(std::string_view name) {
    values_[position(name)].clear();
    return *this;
  }

  // Ends the record before the parameter `name`: an event of an older version.
  EventBuilder& until(std::string_view name) {
    values_.resize(position(name));
    return *this;
  }

  // The record. Borrowed from the builder until its next change.
  [[nodiscard]] Bytes record() {
    const bool is_large = info_.has(event_flag::kLargePayload);
    std::string lengths;
    std::string data;
    for (const std::string& value : values_) {
      lengths += detail::le_bytes(value.size(), is_large ? 4 : 2);
      data += value;
    }
    record_ = detail::le_bytes(ts_ns_, 8) + detail::le_bytes(static_cast<std::uint64_t>(tid_), 8) +
              detail::le_bytes(kEventHeaderBytes + lengths.size() + data.size(), 4) +
              detail::le_bytes(index_of(info_.type), 2) + detail::le_bytes(values_.size(), 4) +
              lengths + data;
    return as_bytes(record_);
  }

  // The record, checked. Borrowed as record().
  [[nodiscard]] EventView view() {
    EventView view;
    SAKER_CHECK(view.parse(record()) == EventFault::kNone);
    return view;
  }

private:
  [[nodiscard]] std::size_t position(std::string_view name) const {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (info_.params[i].name == name) {
        return i;
      }
    }
    SAKER_CHECK(false && "the event type has no parameter of this name");
    return 0;
  }

  const EventInfo& info_;
  std::vector<std::string> values_;
  std::uint64_t ts_ns_ = 1'000'000'000;
  std::int64_t tid_ = 1;
  std::string record_;
};

}  // namespace saker::testing
