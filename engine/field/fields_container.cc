// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The thread's container: container.id, container.image … Without metadata of the runtime only the
// id, which the cgroups tell, and times have a value; threads of the host show "host" and empty
// texts.
#include <fnmatch.h>

#include "engine/field/container_support.h"
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/number_text.h"

namespace saker {

namespace {

using namespace field_support;
using namespace container_support;
using enum ParamType;
using enum ParamFormat;
using Scope = FieldScope;

Value short_id(const FieldContext&, const Thread& thread) {
  const std::string_view id = container_of(&thread);
  return Value::text(id.empty() ? std::string_view("host") : id.substr(0, kShortIdBytes));
}

Value full_id(const FieldContext& context, const Thread& thread) {
  const std::string_view id = container_of(&thread);
  if (id.empty()) {
    return Value::text("host");
  }
  return info_of(context, thread) == nullptr ? Value{} : Value::text(id);
}

Value type(const FieldContext& context, const Thread& thread) {
  if (container_of(&thread).empty()) {
    return Value::text("host");
  }
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr) {
    return {};
  }
  return Value::text(info->runtime.empty() ? std::string_view(thread.cgroups->container_type)
                                           : std::string_view(info->runtime));
}

Value name(const FieldContext& context, const Thread& thread) {
  if (container_of(&thread).empty()) {
    return Value::text("host");
  }
  const ContainerInfo* info = info_of(context, thread);
  return info == nullptr ? Value{} : Value::text(info->name);
}

Value start_time(const FieldContext&, const Thread& thread) {
  return unless_zero(thread.pidns_init_start_ts_ns);
}

Value duration(const FieldContext& context, const Thread& thread) {
  const std::uint64_t start = thread.pidns_init_start_ts_ns;
  return start == 0 ? Value{} : Value::number(context.event.ts_ns() - start);
}

using MountText = std::string_view (*)(const ContainerMount&);

std::string_view mount_source(const ContainerMount& mount) {
  return mount.source;
}
std::string_view mount_destination(const ContainerMount& mount) {
  return mount.destination;
}
std::string_view mount_mode(const ContainerMount& mount) {
  return mount.mode;
}
std::string_view mount_writable(const ContainerMount& mount) {
  return mount.is_writable ? "true" : "false";
}
std::string_view mount_propagation(const ContainerMount& mount) {
  return mount.propagation;
}

void append_mount(ArenaText& out, const ContainerMount& mount) {
  constexpr MountText kParts[] = {&mount_source, &mount_destination, &mount_mode, &mount_writable,
                                  &mount_propagation};
  bool is_first = true;
  for (const MountText part : kParts) {
    out.append(is_first ? "" : ":");
    out.append(part(mount));
    is_first = false;
  }
}

Value mounts(const FieldContext& context, const Thread& thread) {
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr) {
    return when_no_info(thread);
  }
  ArenaText out(context.arena);
  for (const ContainerMount& mount : info->mounts) {
    out.append(out.empty() ? "" : ",");
    append_mount(out, mount);
  }
  return out.value();
}

// The mount that the argument picks: a position, or a pattern for `text`.
const ContainerMount* pick_mount(const ContainerInfo& info, const BoundField& field,
                                 MountText text) {
  if (field.has_index) {
    return field.index < std::ssize(info.mounts)
               ? &info.mounts[static_cast<std::size_t>(field.index)]
               : nullptr;
  }
  for (const ContainerMount& mount : info.mounts) {
    if (::fnmatch(field.key.c_str(), std::string(text(mount)).c_str(), 0) == 0) {
      return &mount;
    }
  }
  return nullptr;
}

Value one_mount(const FieldContext& context, const Thread& thread, const BoundField& field) {
  const ContainerInfo* info = info_of(context, thread);
  const ContainerMount* mount = info == nullptr ? nullptr : pick_mount(*info, field, &mount_source);
  if (mount == nullptr) {
    return {};
  }
  ArenaText out(context.arena);
  append_mount(out, *mount);
  return out.value();
}

template <MountText Shown, MountText Matched>
Value mount_part(const FieldContext& context, const Thread& thread, const BoundField& field) {
  const ContainerInfo* info = info_of(context, thread);
  const ContainerMount* mount = info == nullptr ? nullptr : pick_mount(*info, field, Matched);
  return mount == nullptr ? Value{} : Value::text(Shown(*mount));
}

constexpr std::uint16_t kMountArgument = field_flag::kIndexArgument | field_flag::kKeyArgument |
                                         field_flag::kDotArgument | field_flag::kBracketArgument;
constexpr std::uint16_t kLabelArgument =
    field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kBracketArgument;

// clang-format off
constexpr auto kContainer = in_class("container", {
    {.name = "container.id", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "First 12 characters of the container's id; host outside of containers.", .extract = &with_thread<&short_id>},
    {.name = "container.full_id", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "The container's id; host outside of containers.", .extract = &with_thread<&full_id>},
    {.name = "container.name", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "The container's name; host outside of containers.", .extract = &with_thread<&name>},
    {.name = "container.image", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Name of the image with its tag.", .extract = &with_thread<&of_info<&ContainerInfo::image>>},
    {.name = "container.image.id", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Id of the image.", .extract = &with_thread<&of_info<&ContainerInfo::image_id>>},
    {.name = "container.type", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Runtime: docker, containerd, cri-o, podman, lxc …; host outside of containers.", .extract = &with_thread<&type>},
    {.name = "container.privileged", .type = kBool, .format = kDec, .scope = Scope::kContainer,
     .meaning = "Whether the container runs privileged.", .extract = &with_thread<&of_info<&ContainerInfo::is_privileged>>},
    {.name = "container.mounts", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "All mounts as source:destination:mode:writable:propagation, joined by commas.", .extract = &with_thread<&mounts>},
    {.name = "container.mount", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "One mount as container.mounts writes it, by position or by a pattern for its source.", .extract = &with_thread<&one_mount>},
    {.name = "container.mount.source", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "Source of a mount, by position or by a pattern for its destination.", .extract = &with_thread<&mount_part<&mount_source, &mount_destination>>},
    {.name = "container.mount.dest", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "Destination of a mount, by position or by a pattern for its source.", .extract = &with_thread<&mount_part<&mount_destination, &mount_source>>},
    {.name = "container.mount.mode", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "Mode of a mount, by position or by a pattern for its source.", .extract = &with_thread<&mount_part<&mount_mode, &mount_source>>},
    {.name = "container.mount.rdwr", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "true or false: whether a mount is writable, by position or by a pattern for its source.", .extract = &with_thread<&mount_part<&mount_writable, &mount_source>>},
    {.name = "container.mount.propagation", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kMountArgument, .scope = Scope::kContainer,
     .meaning = "Propagation of a mount, by position or by a pattern for its source.", .extract = &with_thread<&mount_part<&mount_propagation, &mount_source>>},
    {.name = "container.image.repository", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "Name of the image without tag and digest.", .extract = &with_thread<&of_info<&ContainerInfo::image_repository>>},
    {.name = "container.image.tag", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "Tag of the image.", .extract = &with_thread<&of_info<&ContainerInfo::image_tag>>},
    {.name = "container.image.digest", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Digest of the image in its registry.", .extract = &with_thread<&of_info<&ContainerInfo::image_digest>>},
    {.name = "container.healthcheck", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "container.liveness_probe", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "container.readiness_probe", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "container.start_ts", .type = kAbstime, .format = kDec, .scope = Scope::kProcess,
     .meaning = "When the pid namespace of the thread began, nanoseconds since the epoch.", .extract = &with_thread<&start_time>},
    {.name = "container.duration", .type = kReltime, .format = kDec,
     .meaning = "Nanoseconds since container.start_ts.", .extract = &with_thread<&duration>},
    {.name = "container.ip", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "First IPv4 address of the container.", .extract = &with_thread<&of_info<&ContainerInfo::ip>>},
    {.name = "container.cni.json", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "What the network plugin answered for the pod, as JSON.", .extract = &with_thread<&of_info<&ContainerInfo::cni_json>>},
    {.name = "container.host_pid", .type = kBool, .format = kDec, .scope = Scope::kContainer,
     .meaning = "Whether the container shares the host's pid namespace.", .extract = &with_thread<&of_info<&ContainerInfo::has_host_pid>>},
    {.name = "container.host_network", .type = kBool, .format = kDec, .scope = Scope::kContainer,
     .meaning = "Whether the container shares the host's network namespace.", .extract = &with_thread<&of_info<&ContainerInfo::has_host_network>>},
    {.name = "container.host_ipc", .type = kBool, .format = kDec, .scope = Scope::kContainer,
     .meaning = "Whether the container shares the host's IPC namespace.", .extract = &with_thread<&of_info<&ContainerInfo::has_host_ipc>>},
    {.name = "container.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kLabelArgument, .scope = Scope::kContainer,
     .meaning = "Value of one label of the container.", .extract = &with_thread<&one_label<&ContainerInfo::labels>>},
    {.name = "container.labels", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "All labels of the container as name:value, joined by a comma and a blank.", .extract = &with_thread<&all_labels<&ContainerInfo::labels>>},
    {.name = "proc.is_container_healthcheck", .type = kBool, .format = kDec, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "proc.is_container_liveness_probe", .type = kBool, .format = kDec, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "proc.is_container_readiness_probe", .type = kBool, .format = kDec, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::container() {
  return kContainer;
}

}  // namespace saker
