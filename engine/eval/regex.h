// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Regular expressions of the `regex` operator: RE2 in POSIX (egrep) syntax, the whole value must
// match. Saker-only option: a pattern that RE2 refuses is compiled with PCRE2, with match and depth
// limits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/result.h"

namespace saker {

class Regex {
public:
  // Fails with RE2's text.
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern, bool allow_pcre2);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // Invalid UTF-8 in `text` counts as U+FFFD. `arena` holds the repaired copy if one is needed.
  [[nodiscard]] bool matches(std::string_view text, Arena& arena) const;
  [[nodiscard]] bool is_pcre2() const;

private:
  struct Impl;
  explicit Regex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
