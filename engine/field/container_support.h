// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the container.* and k8s.* fields share. Internal to engine/field.
#pragma once

#include "engine/field/container_metadata.h"
#include "engine/field/extract_support.h"

namespace saker::container_support {

inline constexpr std::size_t kShortIdBytes = 12;

// Null on the host and while nothing is known of the container.
[[nodiscard]] inline const ContainerInfo* info_of(const FieldContext& context,
                                                  const Thread& thread) {
  const std::string_view id = field_support::container_of(&thread);
  return id.empty() || context.containers == nullptr ? nullptr : context.containers->find(id);
}

// On the host the empty text; in a container of which nothing is known no value.
[[nodiscard]] inline Value when_no_info(const Thread& thread) {
  return field_support::container_of(&thread).empty() ? Value::text("") : Value{};
}

// Extractor body: a text or flag of the container; of the host the empty text or false.
template <auto Member>
[[nodiscard]] Value of_info(const FieldContext& context, const Thread& thread) {
  static const ContainerInfo kHost;
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr && field_support::container_of(&thread).empty()) {
    info = &kHost;
  }
  return info == nullptr ? Value{} : field_support::to_value(info->*Member);
}

template <Labels ContainerInfo::*Member>
[[nodiscard]] Value one_label(const FieldContext& context, const Thread& thread,
                              const BoundField& field) {
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr) {
    return {};
  }
  for (const auto& [name, value] : info->*Member) {
    if (name == field.key) {
      return Value::text(value);
    }
  }
  return {};
}

template <Labels ContainerInfo::*Member>
[[nodiscard]] Value all_labels(const FieldContext& context, const Thread& thread) {
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr) {
    return when_no_info(thread);
  }
  ArenaText out(context.arena);
  for (const auto& [name, value] : info->*Member) {
    out.append(out.empty() ? "" : ", ");
    out.append(name);
    out.append(':');
    out.append(value);
  }
  return out.value();
}

}  // namespace saker::container_support
