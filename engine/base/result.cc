// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/result.h"

#include <array>
#include <cstring>

namespace saker {

tl::unexpected<Error> fail_errno(std::string message, int errno_value) {
  std::array<char, 128> buffer{};
  const ErrorCode code =
      errno_value == 1 /* EPERM */ || errno_value == 13 /* EACCES */
          ? ErrorCode::kPermission
          : (errno_value == 2 /* ENOENT */ ? ErrorCode::kNotFound : ErrorCode::kIo);
  message += ": ";
  message += strerror_r(errno_value, buffer.data(), buffer.size());
  return fail(code, std::move(message));
}

}  // namespace saker
