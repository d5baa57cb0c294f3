// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One row per field: name, type, argument rule, scope, documentation and extractor stand together.
// The rows of each class are in the files of its functions (fields_process.cc …);
// field_catalogue.h joins them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/base/result.h"
#include "engine/event/event_source.h"
#include "engine/event/event_view.h"
#include "engine/field/value.h"
#include "engine/state/state.h"

namespace saker {

class ContainerMetadata;
class HostNames;
class LossReport;
class GivenValues;

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
  // What the container runtimes know; null: nothing (replay).
  const ContainerMetadata* containers = nullptr;
  // Addresses of host names; null: none has any.
  HostNames* host_names = nullptr;
  // What the source has lost lately; null: nothing (replay).
  const LossReport* losses = nullptr;
  // Values that stand for those of the event, in tests of rules; only the rows of a catalogue made
  // for that look at it (kit/given).
  const GivenValues* given = nullptr;
};

// What a field's value depends on, so how long a predicate's answer holds.
enum class FieldScope : std::uint8_t {
  kConstant,   // nothing: the same for every event of the run
  kContainer,  // the thread's container and its metadata
  kImage,      // the thread's ExecImage
  kProcess,    // the row of the thread or of its main thread (ids, cwd …), and its ExecImage
  kLineage,    // the rows and images of the thread and of its ancestors
  kLeader,     // as kLineage, and of the leader of its session or process group: any thread
  kFd,         // the event's FdInfo while it has one, else the event; see scope_for
  kEventType,  // the event's type
  kEvent,      // anything else of the event
};

// How a condition treats several values of one field.
enum class Quantifier : std::uint8_t {
  kNone,       // one value, or a list with the list operators' rules
  kAncestors,  // the check holds if it holds for any of the values
  kEitherEnd,  // = and the orders: for any of the values; !=: for all of them
  // `candidates` yields one address, not a list; constants are host names, whose addresses are
  // looked up when the check is first asked (fd.sip.name).
  kHostName,
  kDistance,  // one value, which "equals" every constant that is not smaller (evt.around)
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
// suggested_output appends it to rules' outputs.
inline constexpr std::uint16_t kSuggested = 1 << 7;
inline constexpr std::uint16_t kIndexArgument = 1 << 8;     // the argument may be a number
inline constexpr std::uint16_t kKeyArgument = 1 << 9;       // the argument may be a name
inline constexpr std::uint16_t kDotArgument = 1 << 10;      // `.arg` is accepted
inline constexpr std::uint16_t kBracketArgument = 1 << 11;  // `[arg]` is accepted
// A longer name that begins like this one is "filter syntax error" rather than an unknown field.
inline constexpr std::uint16_t kOwnsPrefix = 1 << 12;
// JSON outputs write the event's time as nanoseconds since the epoch instead of the text.
inline constexpr std::uint16_t kJsonEventTime = 1 << 13;
// JSON outputs write 0, whatever the text shows (evt.deltatime).
inline constexpr std::uint16_t kJsonZero = 1 << 14;
}  // namespace field_flag

struct BoundField;

using Extractor = Value (*)(const FieldContext&, const BoundField&);

// Stores an argument of a field that has rules of its own. `is_dot`: written as `.argument`.
// Errors carry Falco's texts; kNotFound becomes "filter_check called with nonexistent field X".
using ArgumentBinder = Status (*)(BoundField& field, std::string_view argument, bool is_dot);

// Whether the field's value in events of this type depends on more than the type.
using TypeFilter = bool (*)(EventType type);

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
  Extractor extract = nullptr;  // value for outputs and for conditions
  // Of quantified fields: kList of what a condition compares; null: extract.
  Extractor candidates = nullptr;
  ArgumentBinder bind_argument = nullptr;  // null: the flags say it all
  TypeFilter reads_event = nullptr;        // null: true for every type

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

// Scope of `field` in events of `type`: kEventType where the type alone decides the value (most
// often: that there is none), else the field's scope.
[[nodiscard]] inline FieldScope scope_for(const BoundField& field, EventType type) {
  if (!field.param_positions.empty() && field.param_positions[index_of(type)] < 0) {
    return FieldScope::kEventType;
  }
  return field.info->reads_event == nullptr || field.info->reads_event(type)
             ? field.scope
             : FieldScope::kEventType;
}

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
