// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "app/hardening.h"
#include "engine/field/name_tables.h"

namespace saker::app {

namespace {

// The kernel's three sets of one thread, 64 bits each.
struct CapabilityState {
  std::uint64_t effective = 0;
  std::uint64_t permitted = 0;
  std::uint64_t inheritable = 0;
};

constexpr std::uint64_t bit(int capability) {
  return std::uint64_t{1} << static_cast<unsigned>(capability);
}

Result<CapabilityState> read_state() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  if (::syscall(SYS_capget, &header, data.data()) != 0) {
    return fail_errno("cannot read capabilities", errno);
  }
  const auto join = [&](auto member) {
    return std::uint64_t{data[0].*member} | std::uint64_t{data[1].*member} << 32U;
  };
  return CapabilityState{join(&__user_cap_data_struct::effective),
                         join(&__user_cap_data_struct::permitted),
                         join(&__user_cap_data_struct::inheritable)};
}

Status write_state(const CapabilityState& state) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  for (unsigned i = 0; i < data.size(); ++i) {
    data[i].effective = static_cast<std::uint32_t>(state.effective >> (32U * i));
    data[i].permitted = static_cast<std::uint32_t>(state.permitted >> (32U * i));
    data[i].inheritable = static_cast<std::uint32_t>(state.inheritable >> (32U * i));
  }
  if (::syscall(SYS_capset, &header, data.data()) != 0) {
    return fail_errno("cannot give up capabilities", errno);
  }
  return {};
}

std::uint64_t mask_of(const CapabilitySet& set) {
  std::uint64_t mask = 0;
  for (const int capability : set) {
    mask |= bit(capability);
  }
  return mask;
}

bool is_kernel_before(unsigned major, unsigned minor) {
  utsname name{};
  unsigned own_major = 0;
  unsigned own_minor = 0;
  if (::uname(&name) != 0 ||
      std::sscanf(name.release, "%u.%u", &own_major, &own_minor) != 2) {  // NOLINT
    return false;
  }
  return own_major < major || (own_major == major && own_minor < minor);
}

}  // namespace

int capability_by_name(std::string_view name) {
  const std::string text(name);
  for (int i = 0; i <= CAP_LAST_CAP; ++i) {
    constexpr std::size_t kPrefix = 4;  // CAP_
    const std::string known = capability_name(i);
    if (::strcasecmp(known.c_str(), text.c_str()) == 0 ||
        ::strcasecmp(known.c_str() + kPrefix, text.c_str()) == 0) {
      return i;
    }
  }
  return -1;
}

std::string capability_name(int capability) {
  const std::string_view known = capability < 0
                                     ? std::string_view()
                                     : saker::capability_name(static_cast<std::size_t>(capability));
  return known.empty() ? "capability " + std::to_string(capability) : std::string(known);
}

CapabilitySet sensor_capabilities() {
  // BPF and PERFMON load and attach the programs; SYS_PTRACE and DAC_READ_SEARCH let /proc tell of
  // other users' processes. Before 5.11 BPF memory counts against RLIMIT_MEMLOCK, which has to be
  // raised.
  CapabilitySet set = {CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
  if (is_kernel_before(5, 11)) {
    set.insert(CAP_SYS_RESOURCE);
  }
  return set;
}

Result<CapabilitySet> permitted_capabilities() {
  SAKER_ASSIGN_OR_RETURN(const CapabilityState state, read_state());
  CapabilitySet set;
  for (int i = 0; i < 64; ++i) {
    if ((state.permitted & bit(i)) != 0) {
      set.insert(i);
    }
  }
  return set;
}

Status keep_capabilities(const CapabilitySet& keep) {
  SAKER_ASSIGN_OR_RETURN(CapabilityState state, read_state());
  // The next two need CAP_SETPCAP. Without it there is less to give up, and no_new_privs keeps
  // programs from gaining anything.
  if ((state.effective & bit(CAP_SETPCAP)) != 0) {
    for (int i = 0; ::prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; ++i) {
      if (keep.count(i) == 0 && ::prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0) {
        return fail_errno("cannot give up " + capability_name(i), errno);
      }
    }
    constexpr unsigned long kBits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;  // NOLINT: prctl's type
    if (::prctl(PR_SET_SECUREBITS, kBits, 0, 0, 0) != 0) {
      return fail_errno("cannot take capabilities from root's programs", errno);
    }
  }
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    return fail_errno("cannot give up ambient capabilities", errno);
  }
  state.permitted &= mask_of(keep);
  state.effective = state.permitted;
  state.inheritable = 0;
  return write_state(state);
}

bool could_write(const std::string& path, const CapabilitySet& keep) {
  const Result<CapabilityState> before = read_state();
  if (!before) {
    return true;
  }
  CapabilityState reduced = *before;
  reduced.effective &= mask_of(keep);
  if (!write_state(reduced)) {
    return true;
  }
  std::string looked_at = path;
  if (::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_EACCESS) != 0) {
    const std::size_t slash = path.rfind('/');
    looked_at = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  }
  const bool result =
      ::faccessat(AT_FDCWD, looked_at.c_str(), W_OK, AT_EACCESS) == 0 || errno != EACCES;
  return write_state(*before) && result;
}

Status forbid_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  // The limit does not hold for dumps that go to a program, which the other setting prevents.
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return fail_errno("core dumps cannot be forbidden", errno);
  }
  return {};
}

}  // namespace saker::app
