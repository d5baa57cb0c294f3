// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Exceptions of a rule: are they usable, and the text that they add to the condition.
// Source: falco-compat.md 2.6.
#pragma once

#include <optional>

#include "engine/field/field_catalogue.h"
#include "engine/lang/exception_text.h"
#include "rules/loader/definitions.h"
#include "rules/loader/problem_sink.h"

namespace saker {

// Fills in the default comparisons and trims the given ones; false after reporting.
[[nodiscard]] bool check_exception(RuleException& exception, const FieldCatalogue& fields,
                                   ProblemSink& sink);

// Returns the exception as engine/lang adds it to the condition; nothing after reporting a tuple
// that does not fit the fields.
[[nodiscard]] std::optional<ExceptionText> text_of(const RuleException& exception,
                                                   ProblemSink& sink);

}  // namespace saker
