// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/cri_messages.h"

#include <algorithm>

#include "containers/image_name.h"
#include "containers/protobuf.h"

namespace saker::containers {

namespace {

constexpr std::size_t kFrameBytes = 5;       // compression flag, length as big endian u32
constexpr std::uint64_t kNodeNamespace = 2;  // NamespaceMode.NODE

// Calls `visit(reader)` for every field. False when the message is broken.
template <typename Visitor>
bool for_each_field(std::string_view message, Visitor&& visit) {
  ProtoReader reader(message);
  while (reader.next()) {
    visit(reader);
  }
  return !reader.is_broken();
}

// First text with this number inside a nested message.
std::string_view text_in(std::string_view message, std::uint32_t field) {
  std::string_view found;
  for_each_field(message, [&](const ProtoReader& reader) {
    if (reader.field() == field && found.empty()) {
      found = reader.text();
    }
  });
  return found;
}

// An entry of a map<string, string>.
std::pair<std::string_view, std::string_view> map_entry(std::string_view message) {
  return {text_in(message, 1), text_in(message, 2)};
}

void add_label(std::string_view message, const ContainerOptions& options, Labels& labels) {
  const auto [name, value] = map_entry(message);
  if (labels.size() < options.max_labels && name.size() <= options.max_text_bytes &&
      value.size() <= options.label_max_bytes) {
    labels.emplace_back(name, value);
  }
}

ContainerMount read_mount(std::string_view message, std::size_t bound) {
  // Falco's words for MountPropagation.
  constexpr std::string_view kPropagations[] = {"private", "rslave", "rshared"};
  ContainerMount mount{.propagation = std::string(kPropagations[0]), .is_writable = true};
  for_each_field(message, [&](const ProtoReader& reader) {
    switch (reader.field()) {
      case 1:
        mount.destination = reader.text().substr(0, bound);
        break;
      case 2:
        mount.source = reader.text().substr(0, bound);
        break;
      case 3:
        mount.is_writable = reader.number() == 0;
        break;
      case 5:
        mount.propagation =
            kPropagations[std::min<std::uint64_t>(reader.number(), std::size(kPropagations) - 1)];
        break;
      default:
        break;
    }
  });
  return mount;
}

// ContainerStatus.
bool read_status(std::string_view message, const ContainerOptions& options, ContainerInfo& info) {
  const std::size_t bound = options.max_text_bytes;
  std::string image_reference;
  const bool is_whole = for_each_field(message, [&](const ProtoReader& reader) {
    switch (reader.field()) {
      case 2:
        info.name = text_in(reader.text(), 1).substr(0, bound);
        break;
      case 8:
        info.image = text_in(reader.text(), 1).substr(0, bound);
        break;
      case 9:
        image_reference = reader.text().substr(0, bound);
        break;
      case 12:
        add_label(reader.text(), options, info.labels);
        break;
      case 14:
        if (info.mounts.size() < options.max_mounts) {
          info.mounts.push_back(read_mount(reader.text(), bound));
        }
        break;
      default:
        break;
    }
  });
  std::ranges::sort(info.labels);
  const ImageName name = split_image_name(info.image);
  const ImageName reference = split_image_name(image_reference);
  if (!is_image_id(info.image)) {
    info.image_repository = name.repository;
    info.image_tag = name.tag;
    info.image_digest = !name.digest.empty() ? name.digest : reference.digest;
  } else if (!reference.digest.empty()) {
    info.image_repository = reference.repository;
    info.image_digest = reference.digest;
  }
  for (const std::string_view text :
       {std::string_view(image_reference), std::string_view(info.image)}) {
    if (info.image_id.empty() && is_image_id(text)) {
      info.image_id = strip_algorithm(text);
    }
  }
  return is_whole;
}

// LinuxPodSandboxStatus.
void read_namespaces(std::string_view message, ContainerInfo& info) {
  const std::string_view options = text_in(text_in(message, 1), 2);
  for_each_field(options, [&](const ProtoReader& reader) {
    bool* const flags[] = {nullptr, &info.has_host_network, &info.has_host_pid, &info.has_host_ipc};
    if (reader.field() >= 1 && reader.field() < std::size(flags)) {
      *flags[reader.field()] = reader.number() == kNodeNamespace;
    }
  });
}

// PodSandboxStatus.
bool read_pod_status(std::string_view message, const ContainerOptions& options, bool is_sandbox,
                     ContainerInfo& info) {
  const std::size_t bound = options.max_text_bytes;
  const bool is_whole = for_each_field(message, [&](const ProtoReader& reader) {
    switch (reader.field()) {
      case 1:
        info.pod_full_sandbox_id = reader.text().substr(0, bound);
        break;
      case 2:
        if (is_sandbox) {
          info.name = text_in(reader.text(), 1).substr(0, bound);
        }
        break;
      case 5:
        info.pod_ip = text_in(reader.text(), 1).substr(0, bound);
        break;
      case 6:
        read_namespaces(reader.text(), info);
        break;
      case 7:
        add_label(reader.text(), options, info.pod_labels);
        break;
      default:
        break;
    }
  });
  std::ranges::sort(info.pod_labels);
  if (is_sandbox) {
    info.labels = info.pod_labels;
  }
  info.ip = info.pod_ip;
  return is_whole;
}

struct Verbose {
  std::string_view status;
  std::string info;  // the JSON under "info"
};

std::optional<Verbose> split_answer(std::string_view message) {
  Verbose parts;
  const bool is_whole = for_each_field(message, [&](const ProtoReader& reader) {
    if (reader.field() == 1) {
      parts.status = reader.text();
    } else if (reader.field() == 2) {
      if (const auto [key, value] = map_entry(reader.text()); key == "info") {
        parts.info = value;
      }
    }
  });
  return is_whole && !parts.status.empty() ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::string cri_version_request() {
  ProtoWriter writer;
  writer.text(1, "v1");
  return writer.bytes();
}

std::string cri_status_request(const std::string& id) {
  ProtoWriter writer;
  writer.text(1, id);
  writer.number(2, 1);  // verbose
  return writer.bytes();
}

std::string grpc_frame(std::string_view message) {
  std::string frame(1, '\0');
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    frame.push_back(static_cast<char>(message.size() >> shift));
  }
  return frame.append(message);
}

std::optional<std::string_view> grpc_message(std::string_view frame) {
  if (frame.size() < kFrameBytes || frame[0] != '\0') {
    return {};
  }
  std::uint32_t size = 0;
  for (std::size_t i = 1; i < kFrameBytes; ++i) {
    size = size << 8U | static_cast<std::uint8_t>(frame[i]);
  }
  frame.remove_prefix(kFrameBytes);
  return size == frame.size() ? std::optional(frame) : std::nullopt;
}

std::optional<std::string> read_cri_version(std::string_view message) {
  constexpr std::uint32_t kRuntimeName = 2;
  const std::string_view name = text_in(message, kRuntimeName);
  return name.empty() ? std::nullopt : std::optional<std::string>(name.substr(0, 64));
}

std::optional<CriContainer> read_cri_container(std::string_view message,
                                               const ContainerOptions& options) {
  const std::optional<Verbose> parts = split_answer(message);
  CriContainer container;
  if (!parts || !read_status(parts->status, options, container.info)) {
    return {};
  }
  read_cri_container_json(parts->info, container);
  return container;
}

bool read_cri_pod(std::string_view message, const ContainerOptions& options, bool is_sandbox,
                  ContainerInfo& info) {
  const std::optional<Verbose> parts = split_answer(message);
  if (!parts || !read_pod_status(parts->status, options, is_sandbox, info)) {
    return false;
  }
  read_cri_pod_json(parts->info, options.max_text_bytes, info);
  return true;
}

}  // namespace saker::containers
