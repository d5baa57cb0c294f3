// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/event/event_view.h"

namespace saker {

EventFault EventView::parse(Bytes record) {
  if (record.size() < kEventHeaderBytes) {
    return EventFault::kTruncatedHeader;
  }
  const auto length = load_le<std::uint32_t>(record, 16);
  const auto type = load_le<std::uint16_t>(record, 20);
  const auto count = load_le<std::uint32_t>(record, 22);
  if (type >= kEventTypeCount) {
    return EventFault::kUnknownType;
  }
  if (length < kEventHeaderBytes || length > record.size()) {
    return EventFault::kLengthMismatch;
  }
  const EventInfo& info = event_info(EventType{type});
  if (count > info.params.size()) {
    return EventFault::kTooManyParams;
  }
  const bool is_large = info.has(event_flag::kLargePayload);
  const std::size_t width = is_large ? sizeof(std::uint32_t) : sizeof(std::uint16_t);
  std::uint64_t offset = kEventHeaderBytes + count * width;
  if (offset > length) {
    return EventFault::kParamsOverrun;
  }
  offsets_[0] = static_cast<std::uint32_t>(offset);
  const std::byte* lengths = record.data() + kEventHeaderBytes;
  for (std::uint32_t i = 0; i < count; ++i) {
    offset += is_large ? load_le<std::uint32_t>(lengths + i * 4)
                       : load_le<std::uint16_t>(lengths + i * 2);
    if (offset > length) {
      return EventFault::kParamsOverrun;
    }
    offsets_[i + 1] = static_cast<std::uint32_t>(offset);
  }
  record_ = record.first(length);
  ts_ns_ = load_le<std::uint64_t>(record, 0);
  tid_ = load_le<std::int64_t>(record, 8);
  info_ = &info;
  type_ = info.type;
  param_count_ = static_cast<std::uint16_t>(count);
  return EventFault::kNone;
}

std::int64_t EventView::get_signed(std::size_t i, std::int64_t fallback) const {
  const Bytes bytes = param(i);
  switch (bytes.size()) {
    case 0:
      return fallback;
    case 1:
      return load_le<std::int8_t>(bytes, 0);
    case 2:
    case 3:
      return load_le<std::int16_t>(bytes, 0);
    case 4:
    case 5:
    case 6:
    case 7:
      return load_le<std::int32_t>(bytes, 0);
    default:
      return load_le<std::int64_t>(bytes, 0);
  }
}

std::string_view EventView::text(std::size_t i) const {
  std::string_view value = as_text(param(i));
  value = value.substr(0, value.find('\0'));
  if (is_missing(i) || value == "(NULL)") {
    return "<NA>";
  }
  return value;
}

}  // namespace saker
