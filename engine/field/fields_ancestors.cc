// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Parents and ancestors: proc.pname, proc.aname[N] …
//
// proc.aname and its kind, without a level: outputs show all ancestors joined by blanks, conditions
// hold if they hold for any ancestor. The process itself is level 0 and no ancestor.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/lineage.h"
#include "engine/field/number_text.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

const Thread* parent_of(const FieldContext& context, const Thread& thread) {
  return ancestor_at(context.state, thread, 1);
}

// What a field shows of a process.
using View = Value (*)(const FieldContext&, const Thread&);

template <auto Member>
Value image_view(const FieldContext&, const Thread& thread) {
  return to_value((*thread.image).*Member);
}

Value args_view(const FieldContext&, const Thread& thread) {
  return Value::text(joined_args(*thread.image));
}

Value pid_view(const FieldContext&, const Thread& thread) {
  return Value::integer(thread.pid);
}

Value env_view(const FieldContext& context, const Thread& thread) {
  const std::string_view env = context.state.env(thread);
  ArenaText out(context.arena, env.size());
  append_pieces(out, env, ' ');
  return out.value();
}

template <View V>
Value of_parent(const FieldContext& context, const Thread& thread) {
  const Thread* parent = parent_of(context, thread);
  return parent == nullptr ? Value{} : V(context, *parent);
}

template <View V>
Value of_ancestor(const FieldContext& context, const Thread& thread, const BoundField& field) {
  if (field.has_index) {
    const Thread* ancestor = ancestor_at(context.state, thread, field.index);
    return ancestor == nullptr ? Value{} : V(context, *ancestor);
  }
  ArenaText out(context.arena);
  for_each_ancestor(context.state, thread, [&](const Thread& ancestor) {
    out.append(out.empty() ? "" : " ");
    out.append(V(context, ancestor).as_text());
    return true;
  });
  return out.empty() ? Value{} : out.value();
}

// One value per ancestor.
template <View V>
Value ancestor_values(const FieldContext& context, const Thread& thread) {
  std::size_t count = 0;
  for_each_ancestor(context.state, thread, [&](const Thread&) { return ++count != 0; });
  const std::span<Value> values = context.arena.array<Value>(count);
  std::size_t at = 0;
  for_each_ancestor(context.state, thread, [&](const Thread& ancestor) {
    values[at++] = V(context, ancestor);
    return at < count;
  });
  return Value::list(values);
}

// In outputs without a level: the process itself.
Value ancestor_pid(const FieldContext& context, const Thread& thread, const BoundField& field) {
  const Thread* ancestor = ancestor_at(context.state, thread, field.has_index ? field.index : 0);
  return ancestor == nullptr ? Value{} : Value::integer(ancestor->pid);
}

// In outputs without an argument: the process' own.
// [NAME]: the value of the nearest ancestor that has one, at most kMaxEnvSteps up.
Value ancestor_env(const FieldContext& context, const Thread& thread, const BoundField& field) {
  if (field.has_index) {
    const Thread* ancestor = ancestor_at(context.state, thread, field.index);
    return ancestor == nullptr ? Value{} : env_view(context, *ancestor);
  }
  if (field.key.empty()) {
    return env_view(context, thread);
  }
  constexpr int kMaxEnvSteps = 20;
  int steps = 0;
  Value found = Value::text("");
  for_each_ancestor(context.state, thread, [&](const Thread& ancestor) {
    const std::string_view value = env_value(context.state.env(ancestor), field.key);
    found = Value::text(value);
    return value.empty() && ++steps < kMaxEnvSteps;
  });
  return found;
}

// A level matters in outputs only: conditions look at all ancestors.
Status bind_env(BoundField& field, std::string_view argument, bool is_dot) {
  if (is_dot) {
    return fail(ErrorCode::kNotFound, "");
  }
  const auto number = parse_unsigned(argument);
  field.has_index = number.has_value();
  if (number) {
    field.index = static_cast<std::int64_t>(*number);
    field.quantifier = Quantifier::kAncestors;
  } else {
    field.key = argument;
  }
  return {};
}

Value parent_vpid(const FieldContext& context, const Thread& thread) {
  const Thread* main = context.state.main_thread(thread);
  const Thread* parent = main == nullptr ? nullptr : context.state.parent(*main);
  return parent == nullptr ? Value{} : Value::integer(parent->vpid);
}

constexpr std::uint16_t kLevel = field_flag::kIndexArgument | field_flag::kBracketArgument;
constexpr std::uint16_t kAnyLevel = kLevel | field_flag::kNoTransformer | field_flag::kNoRightSide;

// clang-format off
constexpr auto kAncestors = in_class("process", {
    {.name = "proc.pexe", .type = kCharbuf, .scope = Scope::kLineage,
     .meaning = "proc.exe of the parent process.", .extract = &with_thread<&of_parent<&image_view<&ExecImage::exe>>>},
    {.name = "proc.aexe", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kAnyLevel, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "proc.exe of an ancestor: [1] is the parent. Without a level any ancestor in conditions, all of them in outputs.",
     .extract = &with_thread<&of_ancestor<&image_view<&ExecImage::exe>>>, .candidates = &with_thread<&ancestor_values<&image_view<&ExecImage::exe>>>},
    {.name = "proc.pexepath", .type = kCharbuf, .scope = Scope::kLineage,
     .meaning = "proc.exepath of the parent process.", .extract = &with_thread<&of_parent<&image_view<&ExecImage::exepath>>>},
    {.name = "proc.aexepath", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kAnyLevel, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "proc.exepath of an ancestor: [1] is the parent. Without a level any ancestor in conditions, all of them in outputs.",
     .extract = &with_thread<&of_ancestor<&image_view<&ExecImage::exepath>>>, .candidates = &with_thread<&ancestor_values<&image_view<&ExecImage::exepath>>>},
    {.name = "proc.pname", .type = kCharbuf, .scope = Scope::kLineage,
     .meaning = "Name of the parent process.", .extract = &with_thread<&of_parent<&image_view<&ExecImage::comm>>>},
    {.name = "proc.aname", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kAnyLevel, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "Name of an ancestor: [1] is the parent, [0] the process. Without a level any ancestor in conditions, all of them in outputs.",
     .extract = &with_thread<&of_ancestor<&image_view<&ExecImage::comm>>>, .candidates = &with_thread<&ancestor_values<&image_view<&ExecImage::comm>>>},
    {.name = "proc.aargs", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kLevel, .scope = Scope::kLineage,
     .meaning = "proc.args of an ancestor: [1] is the parent. Without a level those of all ancestors, joined by blanks.", .extract = &with_thread<&of_ancestor<&args_view>>},
    {.name = "proc.pcmdline", .type = kCharbuf, .scope = Scope::kLineage,
     .meaning = "proc.cmdline of the parent process.", .extract = &with_thread<&of_parent<&image_view<&ExecImage::cmdline>>>},
    {.name = "proc.acmdline", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kAnyLevel, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "proc.cmdline of an ancestor: [1] is the parent. Without a level any ancestor in conditions, all of them in outputs.",
     .extract = &with_thread<&of_ancestor<&image_view<&ExecImage::cmdline>>>, .candidates = &with_thread<&ancestor_values<&image_view<&ExecImage::cmdline>>>},
    {.name = "proc.aenv", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = kAnyLevel | field_flag::kKeyArgument, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "Environment of ancestors: [NAME] is the value in the nearest ancestor that has one, [N] the whole environment of one. Without an argument any ancestor's in conditions.",
     .extract = &with_thread<&ancestor_env>, .candidates = &with_thread<&ancestor_values<&env_view>>, .bind_argument = &bind_env},
    {.name = "proc.ppid", .type = kInt64, .format = kId, .scope = Scope::kLineage,
     .meaning = "Process id of the parent process.", .extract = &with_thread<&of_parent<&pid_view>>},
    {.name = "proc.apid", .type = kInt64, .format = kId, .argument = ArgumentRule::kOptional, .flags = kAnyLevel, .scope = Scope::kLineage, .quantifier = Quantifier::kAncestors,
     .meaning = "Process id of an ancestor: [1] is the parent. Without a level any ancestor in conditions, the process itself in outputs.",
     .extract = &with_thread<&ancestor_pid>, .candidates = &with_thread<&ancestor_values<&pid_view>>},
    {.name = "proc.pvpid", .type = kInt64, .format = kId, .scope = Scope::kLineage,
     .meaning = "Process id of the parent inside its own pid namespace.", .extract = &with_thread<&parent_vpid>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::ancestors() {
  return kAncestors;
}

}  // namespace saker
