// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a process runs: proc.name, proc.exe, proc.args, proc.env, proc.cwd …
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

Value args(const FieldContext&, const Thread& thread, const BoundField& field) {
  const ExecImage& image = *thread.image;
  if (!field.has_index) {
    return Value::text(joined_args(image));
  }
  std::int64_t at = 0;
  std::string_view found = "";
  for_each_piece(image.args, [&](std::string_view piece) {
    found = at == field.index ? piece : "";
    return at++ != field.index;
  });
  return Value::text(found);
}

Value arg_count(const FieldContext&, const Thread& thread) {
  return Value::number(for_each_piece(thread.image->args, [](std::string_view) { return true; }));
}

Value arg_bytes(const FieldContext&, const Thread& thread) {
  std::uint64_t total = 0;
  for_each_piece(thread.image->args, [&](std::string_view piece) {
    total += piece.size();
    return true;
  });
  return Value::number(total);
}

Value exe_line(const FieldContext& context, const Thread& thread) {
  const ExecImage& image = *thread.image;
  ArenaText out(context.arena, image.exe.size() + image.cmdline.size() + 1);
  out.append(image.exe);
  out.append(' ');
  out.append(joined_args(image));
  return out.value();
}

Value environment(const FieldContext& context, const Thread& thread, const BoundField& field) {
  const std::string_view env = context.state.env(thread);
  if (!field.key.empty()) {
    return Value::text(env_value(env, field.key));
  }
  ArenaText out(context.arena, env.size());
  append_pieces(out, env, ' ');
  return out.value();
}

Value cwd(const FieldContext& context, const Thread& thread) {
  return to_value(context.state.cwd(thread));
}

Value inode(const FieldContext&, const Thread& thread) {
  return unless_zero(static_cast<std::int64_t>(thread.image->ino));
}

Value inode_ctime(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.image->ino_ctime_ns);
}

Value inode_mtime(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.image->ino_mtime_ns);
}

// clang-format off
constexpr auto kProcess = in_class("process", {
    {.name = "proc.exe", .type = kCharbuf, .scope = Scope::kImage,
     .meaning = "First argument of the command line (argv[0]), as the caller of exec gave it.", .extract = &of_image<&ExecImage::exe>},
    {.name = "proc.exepath", .type = kCharbuf, .scope = Scope::kImage,
     .meaning = "Absolute path of the executable, as the kernel resolved it; empty when unknown.", .extract = &of_image<&ExecImage::exepath>},
    {.name = "proc.name", .type = kCharbuf, .scope = Scope::kImage,
     .meaning = "Name of the process (comm): at most 15 bytes, set by exec and inherited by fork.", .extract = &of_image<&ExecImage::comm>},
    {.name = "proc.args", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = field_flag::kIndexArgument | field_flag::kBracketArgument, .scope = Scope::kImage,
     .meaning = "Arguments after argv[0], joined by blanks; proc.args[N] is one of them, counted from 0, and the empty text when there are fewer.", .extract = &with_thread<&args>},
    {.name = "proc.cmdline", .type = kCharbuf, .scope = Scope::kImage,
     .meaning = "proc.name and proc.args, joined by a blank.", .extract = &of_image<&ExecImage::cmdline>},
    {.name = "proc.cmdnargs", .type = kUint64, .format = kDec, .scope = Scope::kImage,
     .meaning = "Number of arguments after argv[0].", .extract = &with_thread<&arg_count>},
    {.name = "proc.cmdlenargs", .type = kUint64, .format = kDec, .scope = Scope::kImage,
     .meaning = "Bytes of the arguments after argv[0], without what separates them.", .extract = &with_thread<&arg_bytes>},
    {.name = "proc.exeline", .type = kCharbuf, .scope = Scope::kImage,
     .meaning = "proc.exe, a blank and proc.args; the blank is there without arguments too.", .extract = &with_thread<&exe_line>},
    {.name = "proc.env", .type = kCharbuf, .argument = ArgumentRule::kOptional, .flags = field_flag::kIndexArgument | field_flag::kKeyArgument | field_flag::kBracketArgument, .scope = Scope::kProcess,
     .meaning = "Environment as NAME=value pieces joined by blanks; proc.env[NAME] is one value, the empty text when it is not set.", .extract = &with_thread<&environment>},
    {.name = "proc.cwd", .type = kCharbuf, .scope = Scope::kProcess,
     .meaning = "Current directory with a slash at its end.", .extract = &with_thread<&cwd>},
    {.name = "proc.is_exe_writable", .type = kBool, .scope = Scope::kImage,
     .meaning = "Whether the process' user may write its executable file.", .extract = &of_image<&ExecImage::is_writable>},
    {.name = "proc.is_exe_upper_layer", .type = kBool, .scope = Scope::kImage,
     .meaning = "Whether the executable lies in the writable layer of an overlay file system, so it is not part of the container's image.", .extract = &of_image<&ExecImage::is_upper_layer>},
    {.name = "proc.is_exe_lower_layer", .type = kBool, .scope = Scope::kImage,
     .meaning = "Whether the executable lies in a lower layer of an overlay file system.", .extract = &of_image<&ExecImage::is_lower_layer>},
    {.name = "proc.is_exe_from_memfd", .type = kBool, .scope = Scope::kImage,
     .meaning = "Whether the executable is an anonymous file in memory (memfd).", .extract = &of_image<&ExecImage::is_from_memfd>},
    {.name = "proc.exe_ino", .type = kInt64, .format = kDec, .scope = Scope::kImage,
     .meaning = "Inode number of the executable; no value when unknown.", .extract = &with_thread<&inode>},
    {.name = "proc.exe_ino.ctime", .type = kAbstime, .format = kDec, .scope = Scope::kImage,
     .meaning = "Time of the last change to the executable's inode (ctime), nanoseconds since the epoch; no value when unknown.", .extract = &with_thread<&inode_ctime>},
    {.name = "proc.exe_ino.mtime", .type = kAbstime, .format = kDec, .scope = Scope::kImage,
     .meaning = "Time of the last change to the executable's content (mtime), nanoseconds since the epoch; no value when unknown.", .extract = &with_thread<&inode_mtime>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::process() {
  return kProcess;
}

}  // namespace saker
