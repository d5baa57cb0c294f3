/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef SAKER_BPF_USER_TYPES_H
#define SAKER_BPF_USER_TYPES_H

#include "bpf/kernel/kernel_types.h"

/* User space's layouts, read from the memory of the traced process: fixed, never relocated. */
struct user_iovec {
	u64 base;
	u64 length;
};

struct user_msghdr {
	u64 name;
	u32 name_length;
	u32 padding0;
	u64 iov;
	u64 iov_count;
	u64 control;
	u64 control_length;
	u32 flags;
	u32 padding1;
};

struct user_timespec {
	s64 sec;
	s64 nsec;
};

struct user_pollfd {
	s32 fd;
	s16 events;
	s16 revents;
};

#endif
