// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Errors as values. A function that can fail returns Result<T> (or Status); the caller forwards
// with the macros below and adds context while the error travels:
//
//   SAKER_ASSIGN_OR_RETURN(auto file, open_file(path));
//   return fail(ErrorCode::kCorruptInput, "block length is not a multiple of 4");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace saker {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,  // the caller or the user gave something meaningless
  kNotFound,
  kCorruptInput,  // bytes that do not follow their format
  kUnsupported,   // understood, but not possible here (kernel feature, version)
  kLimit,         // a stated limit was reached
  kIo,            // the operating system refused; the message holds the errno text
  kPermission,
  kRejected,  // a load ended with diagnostics; they are in the Diagnostics sink
};

// `message` starts in lower case, has no final dot and names the object concerned.
struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;

  // Returns the error with "`context`: " put before its message.
  [[nodiscard]] Error with_context(std::string_view context) && {
    return Error{code, std::string(context) + ": " + message};
  }
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

// Same, with ": " and the text of `errno_value` appended. Source: man 3 strerror_r.
[[nodiscard]] tl::unexpected<Error> fail_errno(std::string message, int errno_value);

}  // namespace saker

#define SAKER_CONCAT_INNER(a, b) a##b
#define SAKER_CONCAT(a, b) SAKER_CONCAT_INNER(a, b)

#define SAKER_RETURN_IF_ERROR(expr)                           \
  do {                                                        \
    if (auto saker_status = (expr); !saker_status) {          \
      return tl::unexpected(std::move(saker_status).error()); \
    }                                                         \
  } while (false)

#define SAKER_ASSIGN_OR_RETURN_INNER(result, lhs, expr) \
  auto result = (expr);                                 \
  if (!result) {                                        \
    return tl::unexpected(std::move(result).error());   \
  }                                                     \
  lhs = std::move(*result)

#define SAKER_ASSIGN_OR_RETURN(lhs, expr) \
  SAKER_ASSIGN_OR_RETURN_INNER(SAKER_CONCAT(saker_result_, __LINE__), lhs, expr)
