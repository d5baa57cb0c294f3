// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/event_converter.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "compat/scap/container_json.h"
#include "engine/base/check.h"
#include "engine/event/catalogue.h"

namespace saker::scap {

namespace {

constexpr std::size_t kLengthOffset = 16;
constexpr std::size_t kTypeOffset = 20;
constexpr std::size_t kParamCountOffset = 22;

constexpr std::array<std::byte, 8> kZeros{};
constexpr std::array<std::byte, 4> kNoId = {std::byte{0xff}, std::byte{0xff}, std::byte{0xff},
                                            std::byte{0xff}};

std::string describe(const EventView& event) {
  return std::string(event.info().identifier) + " event with " +
         std::to_string(event.param_count()) + " parameters";
}

// The value that stands for a parameter nobody recorded.
Bytes default_value(const ParamInfo& param) {
  if (param.type == ParamType::kUid || param.type == ParamType::kGid) {
    return kNoId;
  }
  return Bytes(kZeros).first(std::min(fixed_size(param.type), kZeros.size()));
}

bool takes_from_enter(const ParamSource& source) {
  return source.kind == ParamSource::Kind::kEnter ||
         source.kind == ParamSource::Kind::kEnterOrEmpty;
}

// The value of one listed parameter, which becomes `param`. `enter`: null when there is none.
Bytes param_value(const ParamSource& source, const ParamInfo& param, const EventView& event,
                  const EventView* enter, Arena& arena) {
  switch (source.kind) {
    using enum ParamSource::Kind;
    case kEmpty:
      return {};
    case kDefault:
      return default_value(param);
    case kOld:
      return event.param(source.index);
    case kEnter:
      return enter != nullptr ? enter->param(source.index) : default_value(param);
    case kEnterOrEmpty:
      return enter != nullptr ? enter->param(source.index) : Bytes{};
    case kContainerJson:
      return as_bytes(arena.copy(container_json(event)));
  }
  return {};
}

template <typename T>
void store_le(char* at, T value) {
  std::memcpy(at, &value, sizeof(value));
}

// Writes a record of type `to` for the thread and time of `event`. Fails when a length does not fit
// its field or the whole is too long.
Result<Bytes> build_record(const EventView& event, const EventInfo& to,
                           std::span<const Bytes> params, Arena& arena) {
  const bool is_large = to.has(event_flag::kLargePayload);
  const std::size_t width = is_large ? sizeof(std::uint32_t) : sizeof(std::uint16_t);
  std::size_t size = kEventHeaderBytes + params.size() * width;
  for (const Bytes param : params) {
    size += param.size();
    if (size > EventConverter::kMaxConvertedBytes) {
      return fail(ErrorCode::kCorruptInput,
                  "converting the " + describe(event) + " gives more than " +
                      std::to_string(EventConverter::kMaxConvertedBytes) + " bytes");
    }
  }
  char* data = arena.allocate(size);
  std::memcpy(data, event.record().data(), kLengthOffset);
  store_le(data + kLengthOffset, static_cast<std::uint32_t>(size));
  store_le(data + kTypeOffset, static_cast<std::uint16_t>(to.type));
  store_le(data + kParamCountOffset, static_cast<std::uint32_t>(params.size()));
  char* lengths = data + kEventHeaderBytes;
  char* values = lengths + params.size() * width;
  for (const Bytes param : params) {
    if (is_large) {
      store_le(lengths, static_cast<std::uint32_t>(param.size()));
    } else {
      store_le(lengths, static_cast<std::uint16_t>(param.size()));
    }
    lengths += width;
    if (!param.empty()) {
      std::memcpy(values, param.data(), param.size());
      values += param.size();
    }
  }
  return Bytes(reinterpret_cast<const std::byte*>(data), size);
}

}  // namespace

EventConverter::EventConverter(Counters& counters) : counters_(counters) {
  for (const EventInfo& info : all_events()) {
    std::uint8_t count = kNever;
    if (info.is_current()) {
      if (!info.has(event_flag::kConverterManaged)) {
        count = kAnyCount;
      } else if (!is_enter(info.type)) {
        count = static_cast<std::uint8_t>(info.params.size());
      }
    }
    pass_counts_[index_of(info.type)] = count;
    is_large_[index_of(info.type)] = info.has(event_flag::kLargePayload);
  }
  for (const ConversionRule& rule : all_conversion_rules()) {
    if (rule.action == ConversionRule::Action::kPass && is_enter(rule.type)) {
      pass_counts_[index_of(rule.type)] = rule.param_count;
    }
  }
}

Result<EventConverter::Outcome> EventConverter::convert(Bytes& record, Arena& arena) {
  bool was_changed = false;
  for (int round = 0; round < kMaxRounds; ++round) {
    const auto type = load_le<std::uint16_t>(record, kTypeOffset);
    const auto param_count = load_le<std::uint32_t>(record, kParamCountOffset);
    if (passes(type, param_count)) {
      counters_.add(Counter::kScapEventsConverted, was_changed ? 1 : 0);
      return Outcome::kPass;
    }
    const EventInfo& info = event_info(EventType{type});
    if (info.has(event_flag::kUnused)) {
      counters_.add(Counter::kEventsUnused);
      return Outcome::kDrop;
    }
    if (!info.has(event_flag::kConverterManaged)) {
      counters_.add(Counter::kScapEventsDropped);
      return Outcome::kDrop;
    }
    EventView event;
    const ConversionRule* rule = find_conversion_rule(EventType{type}, param_count);
    if (rule == nullptr || event.parse(record) != EventFault::kNone) {
      return fail(ErrorCode::kCorruptInput, "no conversion for a " + std::string(info.identifier) +
                                                " event with " + std::to_string(param_count) +
                                                " parameters");
    }
    switch (rule->action) {
      using enum ConversionRule::Action;
      case kStore:
        remember(event);
        counters_.add(Counter::kScapEventsDropped);
        return Outcome::kDrop;
      case kStoreAndPass:
        remember(event);
        [[fallthrough]];
      case kPass:
        counters_.add(Counter::kScapEventsConverted, was_changed ? 1 : 0);
        return Outcome::kPass;
      case kAddParams:
      case kChangeType:
        break;
    }
    SAKER_ASSIGN_OR_RETURN(record, apply(*rule, event, arena));
    was_changed = true;
  }
  return fail(ErrorCode::kCorruptInput,
              "an event did not come up to date in " + std::to_string(kMaxRounds) + " conversions");
}

void EventConverter::remember(const EventView& event) {
  if (!enters_.put(event.tid(), event.record())) {
    counters_.add(Counter::kScapEnterDroppedFull);
  }
}

Result<bool> EventConverter::find_enter(const EventView& event, EventView& enter) const {
  const Bytes stored = enters_.get(event.tid());
  if (stored.empty() || enter.parse(stored) != EventFault::kNone) {
    return false;
  }
  if (index_of(enter.type()) + 1 != index_of(event.type())) {
    return fail(ErrorCode::kCorruptInput,
                "the enter event of thread " + std::to_string(event.tid()) + " is a " +
                    std::string(enter.info().identifier) + ", not that of the " + describe(event));
  }
  return true;
}

Result<Bytes> EventConverter::apply(const ConversionRule& rule, const EventView& event,
                                    Arena& arena) {
  const std::span<const ParamSource> sources = rule.params();
  const bool uses_enter = std::any_of(sources.begin(), sources.end(), takes_from_enter);
  EventView enter;
  bool has_enter = false;
  if (uses_enter) {
    SAKER_ASSIGN_OR_RETURN(has_enter, find_enter(event, enter));
  }
  const bool adds = rule.action == ConversionRule::Action::kAddParams;
  const EventInfo& to = event_info(adds ? event.type() : rule.to);
  const std::size_t kept = adds ? event.param_count() : 0;
  const std::size_t count = kept + sources.size();
  SAKER_CHECK(count <= to.params.size());  // the table is ours; a test goes through all rows
  std::array<Bytes, kMaxParams> params;
  for (std::size_t i = 0; i < kept; ++i) {
    params[i] = event.param(i);
  }
  for (std::size_t i = kept; i < count; ++i) {
    params[i] =
        param_value(sources[i - kept], to.params[i], event, has_enter ? &enter : nullptr, arena);
  }
  auto built = build_record(event, to, std::span(params).first(count), arena);
  if (uses_enter) {
    enters_.forget(event.tid());
  }
  return built;
}

}  // namespace saker::scap
