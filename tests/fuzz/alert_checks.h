// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What must hold for every alert, whatever a rule asks for and whatever an event says.
#pragma once

#include "engine/alert/alert.h"

namespace saker::fuzz {

// Renders the alert in every format: one line each, JSON where JSON is promised.
void check_alert(const Alert& alert);

}  // namespace saker::fuzz
