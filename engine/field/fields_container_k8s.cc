// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The pod of the thread's container: k8s.pod.name, k8s.ns.name … from what the runtime knows.
#include "engine/field/container_support.h"
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"

namespace saker {

namespace {

using namespace field_support;
using namespace container_support;
using enum ParamType;
using Scope = FieldScope;

// Labels that the kubelet puts on a pod's containers. Source: Kubernetes
// pkg/kubelet/types/labels.go.
constexpr char kPodName[] = "io.kubernetes.pod.name";
constexpr char kNamespace[] = "io.kubernetes.pod.namespace";
constexpr char kPodUid[] = "io.kubernetes.pod.uid";

template <const auto& Name>
Value pod_label(const FieldContext& context, const Thread& thread) {
  const ContainerInfo* info = info_of(context, thread);
  if (info == nullptr) {
    return {};
  }
  for (const auto& [name, value] : info->labels) {
    if (name == Name) {
      return Value::text(value);
    }
  }
  return {};
}

Value short_sandbox_id(const FieldContext& context, const Thread& thread) {
  const Value full = of_info<&ContainerInfo::pod_full_sandbox_id>(context, thread);
  return full.has_value() ? Value::text(full.as_text().substr(0, kShortIdBytes)) : Value{};
}

constexpr std::uint16_t kLabelArgument =
    field_flag::kKeyArgument | field_flag::kDotArgument | field_flag::kBracketArgument;

// clang-format off
constexpr auto kKubernetes = in_class("container", {
    {.name = "k8s.pod.name", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "Name of the pod.", .extract = &with_thread<&pod_label<kPodName>>},
    {.name = "k8s.ns.name", .type = kCharbuf, .flags = field_flag::kSuggested, .scope = Scope::kContainer,
     .meaning = "Name of the pod's namespace.", .extract = &with_thread<&pod_label<kNamespace>>},
    {.name = "k8s.pod.id", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Another name of k8s.pod.uid.", .extract = &with_thread<&pod_label<kPodUid>>},
    {.name = "k8s.pod.uid", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Unique id of the pod.", .extract = &with_thread<&pod_label<kPodUid>>},
    {.name = "k8s.pod.sandbox_id", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "First 12 characters of the id of the pod's sandbox.", .extract = &with_thread<&short_sandbox_id>},
    {.name = "k8s.pod.full_sandbox_id", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "Id of the pod's sandbox.", .extract = &with_thread<&of_info<&ContainerInfo::pod_full_sandbox_id>>},
    {.name = "k8s.pod.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = kLabelArgument, .scope = Scope::kContainer,
     .meaning = "Value of one label of the pod.", .extract = &with_thread<&one_label<&ContainerInfo::pod_labels>>},
    {.name = "k8s.pod.labels", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "All labels of the pod as name:value, joined by a comma and a blank.", .extract = &with_thread<&all_labels<&ContainerInfo::pod_labels>>},
    {.name = "k8s.pod.ip", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "IPv4 address of the pod.", .extract = &with_thread<&of_info<&ContainerInfo::pod_ip>>},
    {.name = "k8s.pod.cni.json", .type = kCharbuf, .scope = Scope::kContainer,
     .meaning = "What the network plugin answered for the pod, as JSON.", .extract = &with_thread<&of_info<&ContainerInfo::cni_json>>},
    {.name = "k8s.rc.name", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rc.id", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rc.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = field_flag::kDeprecated | kLabelArgument, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rc.labels", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.svc.name", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.svc.id", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.svc.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = field_flag::kDeprecated | kLabelArgument, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.svc.labels", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.ns.id", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.ns.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = field_flag::kDeprecated | kLabelArgument, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.ns.labels", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rs.name", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rs.id", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rs.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = field_flag::kDeprecated | kLabelArgument, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.rs.labels", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.deployment.name", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.deployment.id", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.deployment.label", .type = kCharbuf, .argument = ArgumentRule::kRequired, .flags = field_flag::kDeprecated | kLabelArgument, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
    {.name = "k8s.deployment.labels", .type = kCharbuf, .flags = field_flag::kDeprecated, .scope = Scope::kConstant,
     .meaning = "Never a value; kept so that old rules load.", .extract = &no_value},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::kubernetes() {
  return kKubernetes;
}

}  // namespace saker
