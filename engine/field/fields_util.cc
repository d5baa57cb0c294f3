// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// util.cnt: a counter. Falco's grows with every look at it; values here have no side effects, so it
// is the number of the event, which grows too.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"

namespace saker {

namespace {

using namespace field_support;

Value counter(const FieldContext& context, const BoundField&) {
  return Value::number(context.number);
}

// clang-format off
constexpr auto kUtil = in_class("util", {
    {.name = "util.cnt", .type = ParamType::kUint64, .format = ParamFormat::kId, .flags = field_flag::kHidden,
     .meaning = "A number that grows from event to event.", .extract = &counter},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::util() {
  return kUtil;
}

}  // namespace saker
