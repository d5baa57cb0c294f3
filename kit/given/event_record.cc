// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/event_record.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "engine/event/catalogue.h"
#include "engine/event/event_view.h"

namespace saker {

namespace {

constexpr std::int64_t kDefaultFd = 3;
constexpr std::size_t kMaxTextParamBytes = 60'000;

// Parameters by name that are not 0 or empty by default: the process of given_event.cc.
struct NumberDefault {
  std::string_view name;
  std::int64_t value;
};
constexpr NumberDefault kNumbers[] = {{"dirfd", -100},  // AT_FDCWD
                                      {"tid", 1000},   {"pid", 1000}, {"vtid", 1000},
                                      {"vpid", 1000},  {"ptid", 900}, {"pgid", 1000},
                                      {"vpgid", 1000}};
struct TextDefault {
  std::string_view name;
  std::string_view value;
};
constexpr TextDefault kTexts[] = {{"exe", "/usr/bin/program"},
                                  {"comm", "program"},
                                  {"cwd", "/"},
                                  {"trusted_exepath", "/usr/bin/program"}};

std::string le_bytes(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  std::memcpy(bytes.data(), &value, std::min(size, sizeof(value)));
  return bytes;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

bool is_result(std::string_view param) {
  return param == "res" || param == "fd";
}

// The parameter that evt.rawres reads: res, or the descriptor of calls that make one.
bool holds_result(const EventInfo& info, std::size_t i) {
  const std::string_view name = info.params[i].name;
  if (name == "res") {
    return true;
  }
  return name == "fd" && i == 0 && info.has(event_flag::kCreatesFd) &&
         std::ranges::none_of(info.params, [](const ParamInfo& p) { return p.name == "res"; });
}

std::int64_t number_for(const EventInfo& info, std::size_t i, const GivenValues& given) {
  const std::string name(info.params[i].name);
  for (const std::string_view prefix : {"evt.rawarg.", "evt.arg."}) {
    if (const auto number = number_in(given.text(std::string(prefix) + name))) {
      return *number;
    }
  }
  if (holds_result(info, i)) {
    if (const auto number = number_in(given.text("evt.rawres"))) {
      return *number;
    }
  }
  if (is_result(name) && (info.has(event_flag::kUsesFd) || info.has(event_flag::kCreatesFd))) {
    if (name == "fd" || info.params.size() == 1) {
      return number_in(given.text("fd.num")).value_or(kDefaultFd);
    }
  }
  const auto* const known =
      std::ranges::find(kNumbers, std::string_view(name), &NumberDefault::name);
  return known == std::end(kNumbers) ? 0 : known->value;
}

std::string text_for(const EventInfo& info, std::size_t i, const GivenValues& given) {
  const std::string name(info.params[i].name);
  for (const std::string_view prefix : {"evt.rawarg.", "evt.arg."}) {
    if (given.has(std::string(prefix) + name)) {
      return std::string(given.text(std::string(prefix) + name)).substr(0, kMaxTextParamBytes);
    }
  }
  if (name == "name" && info.has(event_flag::kCreatesFd)) {
    return std::string(given.text("fd.name")).substr(0, kMaxTextParamBytes);
  }
  const auto* const known = std::ranges::find(kTexts, std::string_view(name), &TextDefault::name);
  return known == std::end(kTexts) ? "" : std::string(known->value);
}

}  // namespace

std::optional<EventType> event_type_named(std::string_view name) {
  for (const EventInfo& info : all_events()) {
    if (info.name == name && info.is_current() && reaches_rules(info.type)) {
      return info.type;
    }
  }
  const SyscallInfo* syscall = syscall_by_name(name);
  return syscall == nullptr ? std::nullopt : std::optional(syscall->exit_event);
}

std::string make_record(EventType type, const RecordHeader& header, const GivenValues& given) {
  const EventInfo& info = event_info(type);
  const bool is_large = info.has(event_flag::kLargePayload);
  std::string lengths;
  std::string data;
  for (std::size_t i = 0; i < info.params.size(); ++i) {
    const std::size_t size = fixed_size(info.params[i].type);
    std::string value;
    if (size != 0) {
      value = le_bytes(static_cast<std::uint64_t>(number_for(info, i, given)), size);
    } else if (is_text(info.params[i].type)) {
      value = text_for(info, i, given) + std::string(1, '\0');
    }
    lengths += le_bytes(value.size(), is_large ? 4 : 2);
    data += value;
  }
  if (type == EventType::kGenericX) {
    const SyscallInfo* syscall = syscall_by_name(given.text("evt.type"));
    if (syscall != nullptr && data.size() >= 2) {
      data.replace(0, 2, le_bytes(syscall->code, 2));
    }
  }
  return le_bytes(header.ts_ns, 8) + le_bytes(static_cast<std::uint64_t>(header.tid), 8) +
         le_bytes(kEventHeaderBytes + lengths.size() + data.size(), 4) +
         le_bytes(index_of(type), 2) + le_bytes(info.params.size(), 4) + lengths + data;
}

}  // namespace saker
