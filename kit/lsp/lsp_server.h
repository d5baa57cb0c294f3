// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The Language Server Protocol over LanguageService: one message in, messages out. Framing and
// streams are the caller's (lsp_command.cc). Source: Language Server Protocol 3.17.
#pragma once

#include <string>
#include <vector>

#include "kit/lsp/language_service.h"

namespace saker::kit {

class LspServer {
public:
  explicit LspServer(std::vector<std::string> rule_files) : service_(std::move(rule_files)) {}

  // Handles one JSON message; returns what to send, in order.
  [[nodiscard]] std::vector<std::string> handle(const std::string& message);

  [[nodiscard]] bool is_done() const { return is_done_; }  // after exit
  [[nodiscard]] bool was_shut_down() const { return was_shut_down_; }

private:
  LanguageService service_;
  bool is_done_ = false;
  bool was_shut_down_ = false;
};

}  // namespace saker::kit
