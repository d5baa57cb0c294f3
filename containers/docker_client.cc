// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/docker_client.h"

#include <algorithm>

#include "containers/docker_json.h"
#include "containers/image_name.h"

namespace saker::containers {

namespace {

constexpr int kOk = 200;
constexpr int kMissing = 404;

// What may stand in a request's path: ids and names of containers, as the API itself gives them.
bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || (c == '.');
  });
}

}  // namespace

LookupFault lookup_fault(HttpFault fault) {
  return fault == HttpFault::kNoServer  ? LookupFault::kNoRuntime
         : fault == HttpFault::kStopped ? LookupFault::kStopped
                                        : LookupFault::kUnavailable;
}

DockerClient::DockerClient(const RuntimeSocket& socket, const ContainerOptions& options,
                           const std::atomic<bool>& stop)
    : socket_(socket),
      options_(options),
      http_(socket.path, {options.request_timeout, options.max_answer_bytes, socket.owner}, stop) {}

Inspected DockerClient::inspect(const std::string& id,
                                std::chrono::steady_clock::time_point deadline) {
  http_.set_deadline(deadline);
  const auto reply = http_.get("/containers/" + id + "/json");
  if (!reply) {
    return tl::unexpected(lookup_fault(reply.error()));
  }
  if (reply->status == kMissing) {
    return tl::unexpected(LookupFault::kNotFound);
  }
  auto container = reply->status == kOk ? read_docker_container(reply->body, options_)
                                        : std::optional<DockerContainer>();
  // An answer about another container is none.
  if (!container || container->id != id) {
    return tl::unexpected(LookupFault::kUnavailable);
  }
  // What follows only adds; without it the container is known all the same.
  std::optional<DockerImage> image;
  if (is_image_id(container->info.image_id)) {
    if (const auto answer = http_.get("/images/" + container->info.image_id + "/json");
        answer && answer->status == kOk) {
      image = read_docker_image(answer->body);
    }
  }
  complete_image(container->info, image ? &*image : nullptr);
  if (container->info.ip.empty() && is_plain(container->network_of)) {
    if (const auto answer = http_.get("/containers/" + container->network_of + "/json");
        answer && answer->status == kOk) {
      if (const auto other = read_docker_container(answer->body, options_)) {
        container->info.ip = other->info.ip;
      }
    }
  }
  container->info.runtime = to_text(socket_.kind);
  return std::move(container->info);
}

}  // namespace saker::containers
