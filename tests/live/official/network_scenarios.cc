// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Official rules about connections of the host. All happen inside a private network namespace whose
// loopback interface has documentation addresses (RFC 5737); nothing is sent anywhere.
#include <sched.h>
#include <unistd.h>

#include "app/demo/actions.h"
#include "tests/live/official/official_scenarios.h"
#include "tests/live/official/roles.h"
#include "tests/live/official/scenario_list.h"

namespace saker::official {

namespace {

constexpr const char* kAddress = "192.0.2.1";

}  // namespace

std::vector<demo::Scenario> host_network_scenarios() {
  ScenarioList rows;
  rows.add("ssh-port", "Disallowed SSH Connection Non Standard Port",
           [] { return run_self_as("ssh", "connect-443"); });
  rows.add("shell-network", "System procs network activity",
           [] { return run_self_as("bash", "connect-443"); });
  rows.add("udp", "Unexpected UDP Traffic", []() -> Status {
    SAKER_RETURN_IF_ERROR(enter_private_network({kAddress}));
    return exchange_udp(kAddress, 9999, "x");
  });
  rows.add("inbound", "Unexpected inbound connection source", []() -> Status {
    SAKER_RETURN_IF_ERROR(enter_private_network({kAddress}));
    return connect_tcp(kAddress, 9999);
  });
  rows.add("python-in", "Interpreted procs inbound network activity",
           [] { return run_self_as("python3", "connect-443"); });
  rows.add("python-out", "Interpreted procs outbound network activity",
           [] { return run_self_as("python3", "connect-443"); });
  rows.add("java-class", "Java Process Class File Download",
           [] { return run_self_as("java", "receive-class"); });
  return std::move(rows).take();
}

Status run_step(const std::string& step) {
  if (step == "late-read") {
    constexpr unsigned kSecondsUntilOld = 6;  // the rule says five
    sleep(kSecondsUntilOld);
    return demo::read_file("/etc/shadow");
  }
  if (step == "login-as-nobody") {
    SAKER_RETURN_IF_ERROR(demo::become_nobody());
    return demo::run_program("/bin/true", {"true"});
  }
  if (step == "read-liblzma") {
    return demo::read_file("/mnt/liblzma.so.5.6.0");
  }
  if (step == "connect-443") {
    SAKER_RETURN_IF_ERROR(enter_private_network({kAddress}));
    return connect_tcp(kAddress, 443);
  }
  if (step == "receive-class") {
    SAKER_RETURN_IF_ERROR(enter_private_network({kAddress}));
    return exchange_udp(kAddress, 9999, "\xca\xfe\xba\xbe");
  }
  if (step == "terminal-shell") {
    return with_terminal([] { static_cast<void>(execl("/bin/sh", "sh", "-c", ":", nullptr)); });
  }
  if (step == "unshare") {
    static_cast<void>(unshare(CLONE_NEWNS));  // refused
    return {};
  }
  if (step == "tar-child") {
    return run_self_as("tar", "read-data");
  }
  if (step == "read-data") {
    return demo::read_file("/mnt/data");
  }
  if (step == "nmap-child") {
    return demo::run_true_as("nmap", {"-v"});
  }
  return fail(ErrorCode::kInvalidArgument, "no such step: " + step);
}

}  // namespace saker::official
