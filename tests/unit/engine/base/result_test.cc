// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/result.h"

#include <cerrno>
#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') {
    return fail(ErrorCode::kInvalidArgument, std::string("not a digit: ") + c);
  }
  return c - '0';
}

Result<int> sum_digits(const std::string& text) {
  int sum = 0;
  for (const char c : text) {
    SAKER_ASSIGN_OR_RETURN(const int digit, parse_digit(c));
    sum += digit;
  }
  return sum;
}

Status check_digits(const std::string& text) {
  SAKER_RETURN_IF_ERROR(sum_digits(text));
  return {};
}

TEST(Result, MacrosForwardValuesAndErrors) {
  EXPECT_EQ(sum_digits("123").value(), 6);
  const Result<int> failed = sum_digits("1x3");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(failed.error().message, "not a digit: x");
  EXPECT_TRUE(check_digits("9"));
  EXPECT_FALSE(check_digits("?"));
}

TEST(Result, ContextIsPutBeforeTheMessage) {
  const Error error = Error{ErrorCode::kIo, "short read"}.with_context("loading a.scap");
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_EQ(error.message, "loading a.scap: short read");
}

TEST(Result, ErrnoTextIsAppended) {
  const Result<int> failed = fail_errno("cannot open x", ENOENT);
  EXPECT_EQ(failed.error().message, "cannot open x: No such file or directory");
}

}  // namespace
}  // namespace saker
