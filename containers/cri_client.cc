// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/cri_client.h"

#include "containers/cri_messages.h"
#include "containers/docker_client.h"

namespace saker::containers {

namespace {

constexpr int kOk = 200;
constexpr std::string_view kService = "/runtime.v1.RuntimeService/";
// Source: grpc.io, status codes.
constexpr std::string_view kGrpcOk = "0";
constexpr std::string_view kGrpcNotFound = "5";
constexpr std::string_view kGrpcUnimplemented = "12";

}  // namespace

CriClient::CriClient(const RuntimeSocket& socket, const ContainerOptions& options,
                     const std::atomic<bool>& stop)
    : socket_(socket),
      options_(options),
      http_(socket.path, {options.request_timeout, options.max_answer_bytes, socket.owner}, stop) {}

tl::expected<std::string, LookupFault> CriClient::call(const std::string& method,
                                                       const std::string& request) {
  const auto reply = http_.post_grpc(std::string(kService) + method, grpc_frame(request));
  if (!reply) {
    return tl::unexpected(lookup_fault(reply.error()));
  }
  // A containerd without the CRI plugin is there, but knows no containers of ours.
  if (reply->grpc_status == kGrpcNotFound || reply->grpc_status == kGrpcUnimplemented) {
    return tl::unexpected(LookupFault::kNotFound);
  }
  const auto message = grpc_message(reply->body);
  if (reply->status != kOk || reply->grpc_status != kGrpcOk || !message) {
    return tl::unexpected(LookupFault::kUnavailable);
  }
  return std::string(*message);
}

Inspected CriClient::inspect_sandbox(const std::string& id) {
  const auto answer = call("PodSandboxStatus", cri_status_request(id));
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  ContainerInfo info;
  if (!read_cri_pod(*answer, options_, true, info)) {
    return tl::unexpected(LookupFault::kUnavailable);
  }
  info.runtime = runtime_;
  return info;
}

Inspected CriClient::inspect(const std::string& id,
                             std::chrono::steady_clock::time_point deadline) {
  http_.set_deadline(deadline);
  if (runtime_.empty()) {
    const auto version = call("Version", cri_version_request());
    if (!version) {
      return tl::unexpected(version.error());
    }
    runtime_ = read_cri_version(*version).value_or(std::string(to_text(socket_.kind)));
  }
  const auto answer = call("ContainerStatus", cri_status_request(id));
  if (!answer) {
    // The container that only holds a pod's namespaces is known as a sandbox.
    return answer.error() == LookupFault::kNotFound ? inspect_sandbox(id)
                                                    : tl::unexpected(answer.error());
  }
  auto container = read_cri_container(*answer, options_);
  if (!container) {
    return tl::unexpected(LookupFault::kUnavailable);
  }
  container->info.runtime = runtime_;
  if (!container->sandbox_id.empty()) {
    // What follows only adds; without it the container is known all the same.
    if (const auto pod = call("PodSandboxStatus", cri_status_request(container->sandbox_id))) {
      static_cast<void>(read_cri_pod(*pod, options_, false, container->info));
    }
  }
  return std::move(container->info);
}

}  // namespace saker::containers
