// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The addresses of the host names that conditions name (fd.sip.name and its like). Who looks them
// up is not the engine's affair.
#pragma once

#include <span>
#include <string>

#include "engine/field/value.h"

namespace saker {

class HostNames {
public:
  virtual ~HostNames() = default;
  // Whether one of `hosts` has `address` (kIpv4, kIpv6). The first question about a name may wait
  // for its look-up, within a bound; a name without an answer has no address. Several threads may
  // ask.
  [[nodiscard]] virtual bool any_has(std::span<const std::string> hosts, const Value& address) = 0;
  // A name that was asked about before and has the address; empty: none.
  [[nodiscard]] virtual std::string name_of(const Value& address) = 0;
};

}  // namespace saker
