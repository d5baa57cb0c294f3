// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Takes secrets out of alerts before they leave: every match of a pattern in the text of an output
// field, or in a notice's texts, is replaced. The regular expressions stay in redact.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "outputs/message.h"

namespace saker {

struct RedactionOptions {
  // RE2 syntax. With a group, only what the first group matched is replaced. Empty:
  // default_redaction_patterns().
  std::vector<std::string> patterns;
  std::string replacement = "[redacted]";
};

// Passwords, tokens and keys as they stand in command lines, environments and URLs.
[[nodiscard]] const std::vector<std::string>& default_redaction_patterns();

class Redactor {
public:
  // Fails with kInvalidArgument and the pattern that is none.
  [[nodiscard]] static Result<Redactor> create(const RedactionOptions& options);
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;
  ~Redactor();

  [[nodiscard]] std::string apply(std::string_view text) const;
  // The message with its texts changed; its id stays.
  [[nodiscard]] OutputMessage apply(const OutputMessage& message) const;

private:
  struct Impl;
  explicit Redactor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
