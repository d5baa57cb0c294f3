// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What several scenarios are made of: processes under other names, terminals, a network of one
// host that nothing leaves.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::official {

// Runs this program under another name (a link in the work folder); it does step `step`.
[[nodiscard]] Status run_self_as(const std::string& name, const std::string& step);

// A shell named `name` that starts `command` and waits for it, so that it stays its parent.
[[nodiscard]] Status run_below(const std::string& name, const std::string& command);

// Runs `action` in a child process that has a terminal of its own and leads its session.
[[nodiscard]] Status with_terminal(const std::function<void()>& action);
// Runs `action` in a child process; what it does to itself is gone afterwards.
[[nodiscard]] Status in_child(const std::function<Status()>& action);

// Gives this process a network namespace with a loopback interface that also has `addresses` (at
// most nine). Nothing in it reaches the machine's network.
[[nodiscard]] Status enter_private_network(std::initializer_list<const char*> addresses);

// In the private network: listens on the address, connects to it, accepts, closes all. UDP: sends
// one datagram of "x" and receives it.
[[nodiscard]] Status connect_tcp(const char* address, int port);
[[nodiscard]] Status exchange_udp(const char* address, int port, const std::string& data);

}  // namespace saker::official
