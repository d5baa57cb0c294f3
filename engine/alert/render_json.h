// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Alerts as one line of compact JSON with keys in byte order. Source: falco-compat.md 3.2, 3.3.
#pragma once

#include <string>

#include "engine/alert/alert.h"
#include "engine/alert/notice.h"
#include "engine/alert/render_options.h"

namespace saker {

// Appends the object without a line feed.
void render_json(std::string& out, const Alert& alert, const RenderOptions& options);
void render_json(std::string& out, const Notice& notice, const RenderOptions& options);

// Appends the value of one expression with its JSON type; null when it is missing.
void append_json_value(std::string& out, const BoundExpr& expression, const Value& value,
                       const RenderOptions& options);
void append_json_value(std::string& out, const Notice::FieldValue& value);

}  // namespace saker
