// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/image_store.h"

#include <algorithm>

#include "engine/state/container_id.h"

namespace saker {

namespace {

struct SubsystemAlias {
  std::string_view name;
  std::string_view canonical;
};

// What drivers call a controller, and what rules see.
constexpr SubsystemAlias kAliases[] = {
    {"perf", "perf_event"},
    {"mem", "memory"},
    {"io", "blkio"},
};
constexpr std::string_view kSubsystemSuffix = "_cgroup";

void append_subsystem(std::string_view name, std::string& out) {
  const std::size_t suffix = name.find(kSubsystemSuffix);
  const std::size_t begin = out.size();
  out.append(name.substr(0, suffix));
  if (suffix != std::string_view::npos) {
    out.append(name.substr(suffix + kSubsystemSuffix.size()));
  }
  for (const SubsystemAlias& alias : kAliases) {
    if (std::string_view(out).substr(begin) == alias.name) {
      out.replace(begin, std::string::npos, alias.canonical);
      return;
    }
  }
}

// Rewrites the pieces with canonical subsystem names; a piece without '=' ends the list.
void assign_cgroups(std::string_view pieces, std::string& out) {
  out.clear();
  while (!pieces.empty()) {
    const std::size_t end = std::min(pieces.find('\0'), pieces.size());
    const std::string_view piece = pieces.substr(0, end);
    pieces.remove_prefix(std::min(end + 1, pieces.size()));
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) {
      return;
    }
    append_subsystem(piece.substr(0, equals), out);
    out.append(piece.substr(equals));
    out.push_back('\0');
  }
}

}  // namespace

Ref<ExecImage> ImageStore::make() {
  Ref<ExecImage> image = images_.make();
  image->id = ++last_id_;
  return image;
}

const Ref<ExecImage>& ImageStore::unknown() {
  if (!unknown_) {
    unknown_ = make();
    unknown_->comm = "<NA>";
    unknown_->exe = "<NA>";
    unknown_->build_cmdline();
  }
  return unknown_;
}

Ref<ExecImage> ImageStore::derive(const Ref<ExecImage>& from, std::string_view comm,
                                  std::string_view exe, std::string_view args, bool keep_env) {
  if (from && from->comm == comm && from->exe == exe && same_pieces(args, from->args) &&
      (keep_env || from->env.empty())) {
    return from;
  }
  Ref<ExecImage> image = make();
  image->comm = comm;
  image->exe = exe;
  assign_pieces(args, image->args);
  image->build_cmdline();
  if (from) {
    image->exepath = from->exepath;
    image->ino = from->ino;
    image->ino_ctime_ns = from->ino_ctime_ns;
    image->ino_mtime_ns = from->ino_mtime_ns;
    image->ctime_to_process_start_ns = from->ctime_to_process_start_ns;
    image->is_writable = from->is_writable;
    image->is_upper_layer = from->is_upper_layer;
    image->is_lower_layer = from->is_lower_layer;
    image->is_from_memfd = from->is_from_memfd;
    if (keep_env) {
      image->env = from->env;
    }
  }
  return image;
}

Ref<Cgroups> ImageStore::cgroups(std::string_view cgroups, const Ref<Cgroups>& near) {
  assign_cgroups(cgroups, text_);
  if (near && near->text == text_) {
    return near;
  }
  Ref<Cgroups> result = cgroup_sets_.make();
  result->id = ++last_id_;
  result->text = text_;
  const ContainerMatch match = find_container(result->text);
  result->container_id = match.id;
  result->container_type = match.runtime;
  return result;
}

}  // namespace saker
