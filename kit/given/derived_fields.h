// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Fields that follow from given ones, so that a test names only what matters: fd.directory from
// fd.name, proc.cmdline from proc.name and proc.args.
#pragma once

#include "kit/given/given_values.h"

namespace saker {

// Gives the fields of the table that are not given but follow from what is.
void derive_fields(GivenValues& given);

}  // namespace saker
