// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What containerd and CRI-O say in JSON beside the interface's own messages.
#include "containers/cri_messages.h"
#include "containers/json_text.h"

namespace saker::containers {

using json::Json;
using json::member;

void read_cri_container_json(const std::string& json_text, CriContainer& container) {
  constexpr std::size_t kIdBytes = 64;
  const Json root = json::parse(json_text);
  container.sandbox_id = json::text(root, "sandboxID", kIdBytes);
  // CRI-O has the flag at the top, containerd in the configuration that the kubelet gave.
  const Json& security = member(member(member(root, "config"), "linux"), "security_context");
  container.info.is_privileged =
      json::flag(root, "privileged") || json::flag(security, "privileged");
}

void read_cri_pod_json(const std::string& json_text, std::size_t max_bytes, ContainerInfo& info) {
  const Json root = json::parse(json_text);
  const Json& result = member(root, "cniResult");
  if (!result.is_object()) {
    return;
  }
  // Not cut: half a JSON text is none.
  std::string text = result.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= max_bytes) {
    info.cni_json = std::move(text);
  }
}

}  // namespace saker::containers
