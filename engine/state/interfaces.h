// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Addresses of this machine. Needed to tell local from remote ends and to complete tuples whose
// address is 0.
#pragma once

#include <vector>

#include "engine/event/snapshot.h"
#include "engine/state/fd_info.h"

namespace saker {

class Interfaces {
public:
  void assign(const std::vector<InterfaceSnapshot>& interfaces);

  // IPv4: equal to an interface's address. IPv6: equal in the first 64 bits to one.
  // Source: falco-compat-fields.md, fd.is_server.
  [[nodiscard]] bool is_local(const IpAddress& address) const;

  // The address that replaces a tuple's zero address, chosen for its `other` end: the same address
  // if it is ours, else ours in the same subnet, else the first that is not loopback; `other`'s
  // family. Zero when there is none.
  [[nodiscard]] IpAddress infer_local(const IpAddress& other) const;

  [[nodiscard]] const std::vector<InterfaceSnapshot>& all() const { return interfaces_; }

private:
  std::vector<InterfaceSnapshot> interfaces_;
};

}  // namespace saker
