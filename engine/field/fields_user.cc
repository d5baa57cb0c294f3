// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Users and groups: user.name, group.gid …
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"

namespace saker {

namespace {

using namespace field_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

constexpr std::uint32_t kNoUser = 0xffffffff;

const UserSnapshot* user_of(const FieldContext& context, const Thread& thread, std::uint32_t uid) {
  return context.state.users().find_user(container_of(&thread), uid);
}

// `root` is what uid 0 shows when the database does not know it.
Value user_text(const UserSnapshot* user, std::string UserSnapshot::*member, std::uint32_t uid,
                std::string_view root) {
  if (user != nullptr) {
    return Value::text(user->*member);
  }
  return Value::text(uid == 0 ? root : std::string_view("<NA>"));
}

Value user_name(const FieldContext& context, const Thread& thread) {
  return user_text(user_of(context, thread, thread.uid), &UserSnapshot::name, thread.uid, "root");
}

Value home_directory(const FieldContext& context, const Thread& thread) {
  return user_text(user_of(context, thread, thread.uid), &UserSnapshot::home, thread.uid, "/root");
}

Value shell(const FieldContext& context, const Thread& thread) {
  return user_text(user_of(context, thread, thread.uid), &UserSnapshot::shell, thread.uid, "<NA>");
}

Value login_uid(const FieldContext&, const Thread& thread) {
  return Value::integer(thread.loginuid == kNoUser ? -1 : std::int64_t{thread.loginuid});
}

Value login_name(const FieldContext& context, const Thread& thread) {
  return user_text(user_of(context, thread, thread.loginuid), &UserSnapshot::name, thread.loginuid,
                   "root");
}

Value group_name(const FieldContext& context, const Thread& thread) {
  const GroupSnapshot* group = context.state.users().find_group(container_of(&thread), thread.gid);
  if (group != nullptr) {
    return Value::text(group->name);
  }
  return Value::text(thread.gid == 0 ? "root" : "<NA>");
}

// clang-format off
constexpr auto kUser = in_class("user", {
    {.name = "user.uid", .type = kUint32, .format = kId, .scope = Scope::kProcess,
     .meaning = "Effective user id of the thread.", .extract = &of_thread<&Thread::uid>},
    {.name = "user.name", .type = kCharbuf,
     .meaning = "Name of user.uid; the text <NA> when unknown.", .extract = &with_thread<&user_name>},
    {.name = "user.homedir", .type = kCharbuf,
     .meaning = "Home directory of user.uid; the text <NA> when unknown.", .extract = &with_thread<&home_directory>},
    {.name = "user.shell", .type = kCharbuf,
     .meaning = "Login shell of user.uid; the text <NA> when unknown.", .extract = &with_thread<&shell>},
    {.name = "user.loginuid", .type = kInt64, .format = kId, .scope = Scope::kProcess,
     .meaning = "User id that the audit system noted at log-in; -1 when there was none.", .extract = &with_thread<&login_uid>},
    {.name = "user.loginname", .type = kCharbuf,
     .meaning = "Name of user.loginuid; the text <NA> when unknown.", .extract = &with_thread<&login_name>},
});

constexpr auto kGroup = in_class("group", {
    {.name = "group.gid", .type = kUint32, .format = kId, .scope = Scope::kProcess,
     .meaning = "Effective group id of the thread.", .extract = &of_thread<&Thread::gid>},
    {.name = "group.name", .type = kCharbuf,
     .meaning = "Name of group.gid; the text <NA> when unknown.", .extract = &with_thread<&group_name>},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::user() {
  return kUser;
}

field_rows::Rows field_rows::group() {
  return kGroup;
}

}  // namespace saker
