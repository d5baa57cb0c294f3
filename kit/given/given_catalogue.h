// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The field catalogue for events whose fields are given (FieldContext::given). Rules loaded with it
// run through the same compiler and matcher as ever; only where values come from differs.
#pragma once

#include <memory>

#include "engine/field/field_catalogue.h"

namespace saker {

[[nodiscard]] std::shared_ptr<const FieldCatalogue> make_given_catalogue();

}  // namespace saker
