// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What travels through the outputs: an alert of a rule, or a notice about the product itself.
// Cheap to copy; every sink renders it on its own thread.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "engine/alert/alert.h"
#include "engine/alert/notice.h"
#include "engine/alert/render_options.h"

namespace saker {

class OutputMessage {
public:
  explicit OutputMessage(Alert alert) : content_(std::make_shared<const Alert>(std::move(alert))) {}
  explicit OutputMessage(Notice notice)
      : content_(std::make_shared<const Notice>(std::move(notice))) {}

  [[nodiscard]] AlertId id() const;
  [[nodiscard]] Priority priority() const;
  [[nodiscard]] std::uint64_t ts_ns() const;
  // Null for notices.
  [[nodiscard]] const Alert* alert() const;

  // Appends the text or JSON line, without a line feed.
  void render(std::string& out, const RenderOptions& options) const;

private:
  std::variant<std::shared_ptr<const Alert>, std::shared_ptr<const Notice>> content_;
};

}  // namespace saker
