// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every way in which compiled rules are faster than asking one rule after the other. All on, except
// in tests that show that none changes a verdict.
#pragma once

namespace saker {

struct Optimisations {
  bool decides_by_type = true;  // what the event's type decides is decided when compiling
  bool shares = true;           // equal predicates are one, asked once per event
  bool splits = true;           // programs for each way to answer cheap checks
  bool indexes = true;          // many constants are looked up at once
  bool orders = true;           // cheap and decisive parts first
};

}  // namespace saker
