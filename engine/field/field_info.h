// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One row per field: name, type, argument rule, scope, documentation and extractor stand together.
// The rows of each class are in the file of its functions (fields_process.cc …); catalogue.h joins
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event_source.h"
#include "engine/event/event_view.h"
#include "engine/field/value.h"
#include "engine/state/state.h"

namespace saker {

// What extractors read. Everything is borrowed for one event.
struct FieldContext {
  const EventView& event;
  const Applied& applied;
  const State& state;
  Arena& arena;                      // for values that must be built; cleared at the next event
  std::uint64_t number = 0;          // evt.num
  std::uint64_t first_ts_ns = 0;     // of the first event; evt.reltime counts from it
  std::uint64_t previous_ts_ns = 0;  // of the event that rules saw before; 0: none
  std::uint16_t cpu = 0;
  std::string_view hostname;  // evt.hostname; empty in replay
};

// What a field's value depends on, so how long a predicate's answer holds.
enum class FieldScope : std::uint8_t {
  kConstant,   // nothing: the same for every event of the run
  kContainer,  // the thread's container and its metadata
  kImage,      // the thread's ExecImage
  kProcess,    // the thread's row (ids, parents, cwd …)
  kFd,         // the event's FdInfo
  kEventType,  // the event's type
  kEvent,      // anything else of the event
};

// How a condition treats several values of one field.
enum class Quantifier : std::uint8_t {
  kNone,       // one value, or a list with the list operators' rules
  kAncestors,  // the check holds if it holds for any of the values
  kEitherEnd,  // = and the orders: for any of the values; !=: for all of them
};

enum class ArgumentRule : std::uint8_t { kForbidden, kOptional, kRequired };

// Bits of FieldInfo::flags.
namespace field_flag {
inline constexpr std::uint16_t kList = 1 << 0;
inline constexpr std::uint16_t kFilterOnly = 1 << 1;
inline constexpr std::uint16_t kPrintOnly = 1 << 2;
inline constexpr std::uint16_t kHidden = 1 << 3;  // not in --list
inline constexpr std::uint16_t kDeprecated = 1 << 4;
inline constexpr std::uint16_t kNoTransformer = 1 << 5;
inline constexpr std::uint16_t kNoRightSide = 1 << 6;
inline constexpr std::uint16_t kSuggested = 1
                                            << 7;  // suggested_output appends it to rules' outputs
inline constexpr std::uint16_t kIndexArgument = 1 << 8;     // the argument may be a number
inline constexpr std::uint16_t kKeyArgument = 1 << 9;       // the argument may be a name
inline constexpr std::uint16_t kDotArgument = 1 << 10;      // `.arg` is accepted
inline constexpr std::uint16_t kBracketArgument = 1 << 11;  // `[arg]` is accepted
}  // namespace field_flag

struct BoundField;

using Extractor = Value (*)(const FieldContext&, const BoundField&);

struct FieldInfo {
  std::string_view name;
  std::string_view class_name;  // evt, process, user, fd …, as --list groups them
  ParamType type;
  ParamFormat format = ParamFormat::kDefault;
  ArgumentRule argument = ArgumentRule::kForbidden;
  std::uint16_t flags = 0;
  FieldScope scope = FieldScope::kEvent;
  Quantifier quantifier = Quantifier::kNone;
  std::string_view meaning;
  Extractor extract;  // value for outputs and for conditions
  Extractor candidates =
      nullptr;  // of quantified fields: kList of what a condition compares; null: extract

  [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
};

// A field with its argument resolved, made once at load time.
struct BoundField {
  const FieldInfo* info = nullptr;
  std::string text;  // canonical text, for example proc.aname[2]
  ParamType type = ParamType::kNone;
  ParamFormat format = ParamFormat::kDefault;
  bool has_argument = false;
  bool has_index = false;  // the argument is the number `index`
  std::int64_t index = 0;
  std::string key;  // the argument's text
  // evt.arg.NAME, evt.rawarg.NAME: position of the parameter per event type, -1 where it has none.
  std::vector<std::int8_t> param_positions;
  Quantifier quantifier = Quantifier::kNone;  // kNone with an index
  FieldScope scope = FieldScope::kEvent;

  [[nodiscard]] bool is_list() const { return info->has(field_flag::kList); }
};

// Value for outputs.
[[nodiscard]] inline Value extract(const FieldContext& context, const BoundField& field) {
  return field.info->extract(context, field);
}

// Value for conditions: of a quantified field, the list of candidates.
[[nodiscard]] inline Value extract_candidates(const FieldContext& context,
                                              const BoundField& field) {
  return field.quantifier != Quantifier::kNone && field.info->candidates != nullptr
             ? field.info->candidates(context, field)
             : field.info->extract(context, field);
}

}  // namespace saker
