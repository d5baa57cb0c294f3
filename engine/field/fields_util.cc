// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// util.lost, and util.cnt: a counter. Falco's grows with every look at it; values here have no side effects, so it
// is the number of the event, which grows too.
#include "engine/field/extract_support.h"
#include "engine/field/field_rows.h"
#include "engine/field/loss_report.h"

namespace saker {

namespace {

using namespace field_support;

Value counter(const FieldContext& context, const BoundField&) {
  return Value::number(context.number);
}

Value lost(const FieldContext& context, const BoundField&) {
  return Value::number(context.losses == nullptr ? 0 : context.losses->recent_losses());
}

// clang-format off
constexpr auto kUtil = in_class("util", {
    {.name = "util.cnt", .type = ParamType::kUint64, .format = ParamFormat::kId, .flags = field_flag::kHidden,
     .meaning = "A number that grows from event to event.", .extract = &counter},
    {.name = "util.lost", .type = ParamType::kUint64, .format = ParamFormat::kDec, .flags = field_flag::kHidden,
     .meaning = "Events that the kernel side lost within about the last second: what was seen may be incomplete. Saker only.", .extract = &lost},
});
// clang-format on

}  // namespace

field_rows::Rows field_rows::util() {
  return kUtil;
}

}  // namespace saker
