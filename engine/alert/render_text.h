// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Alerts as text lines: "17:35:48.519016591: Warning opened \"/etc/resolv.conf\" by curl".
// Source: falco-compat.md 3.1.
#pragma once

#include <string>

#include "engine/alert/alert.h"
#include "engine/alert/notice.h"
#include "engine/alert/render_options.h"

namespace saker {

// Appends the line without a line feed at its end; it never holds one, control characters are
// escaped.
void render_text(std::string& out, const Alert& alert, const RenderOptions& options);
void render_text(std::string& out, const Notice& notice, const RenderOptions& options);

// Appends what stands behind "<time>: <Priority> ", unescaped. Values without text are "<NA>".
void render_message(std::string& out, const Alert& alert, const RenderOptions& options);

// Appends `pieces` of the alert's template, unescaped.
void render_pieces(std::string& out, const Alert& alert,
                   const std::vector<OutputTemplate::Piece>& pieces, const RenderOptions& options);

// Appends "<time>: <Priority> ".
void render_prefix(std::string& out, std::uint64_t ts_ns, Priority priority,
                   const RenderOptions& options);

// Appends a notice's message and fields: "message (key=value ...)", values in JSON form.
void render_message(std::string& out, const Notice& notice);

}  // namespace saker
