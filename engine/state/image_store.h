// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Makes exec images and cgroup sets, sharing them where nothing changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/state/exec_image.h"
#include "engine/state/thread.h"

namespace saker {

class ImageStore {
public:
  // A new image with all values unset.
  [[nodiscard]] Ref<ExecImage> make();
  // The image of threads of which only the tid is known.
  [[nodiscard]] const Ref<ExecImage>& unknown();

  // The image of a thread that was cloned from one with image `from` (may be null: unknown) and
  // that now calls itself `comm`, `exe` and `args`: `from` itself if they are the same. Without
  // `keep_env` the environment is empty.
  [[nodiscard]] Ref<ExecImage> derive(const Ref<ExecImage>& from, std::string_view comm,
                                      std::string_view exe, std::string_view args, bool keep_env);

  // The set that `cgroups` (subsystem=path pieces) stands for; `near` (may be null) itself if it is
  // the same.
  [[nodiscard]] Ref<Cgroups> cgroups(std::string_view cgroups, const Ref<Cgroups>& near);

private:
  std::uint64_t last_id_ = 0;
  Pool<ExecImage> images_;
  Pool<Cgroups> cgroup_sets_;
  Ref<ExecImage> unknown_;
  std::string text_;  // scratch
};

}  // namespace saker
