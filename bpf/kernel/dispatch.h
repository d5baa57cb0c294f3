/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The first look at every tracepoint hit: count it, drop what nobody wants, and hand the rest to
 * the program of the system call.
 */
#ifndef SAKER_BPF_DISPATCH_H
#define SAKER_BPF_DISPATCH_H

#include "bpf/kernel/event.h"

#if defined(__TARGET_ARCH_x86)
enum { SYSCALL_EXECVE = 59, SYSCALL_EXECVEAT = 322 };
#else
enum { SYSCALL_EXECVE = 221, SYSCALL_EXECVEAT = 281 };
#endif

/* Run once by the loader: inside a pid namespace it cannot know its own number otherwise. */
SEC("raw_tp/sys_enter")
int s_self(void *ctx)
{
	saker_own_tgid = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

/* Counts the hit; false when it is the sensor's own doing, or not watched at all. */
static __always_inline bool is_foreign(u32 class)
{
	if (saker_options.only_cgroup && bpf_get_current_cgroup_id() != saker_options.only_cgroup)
		return false;
	count_in(class, SAKER_SEEN);
	if (bpf_get_current_pid_tgid() >> 32 == saker_own_tgid) {
		count_in(class, SAKER_FILTERED_OWN);
		return false;
	}
	return true;
}

static __always_inline bool is_tracepoint_selected(u32 bit, u32 class)
{
	if (!is_foreign(class))
		return false;
	if (!(saker_tracepoints & bit)) {
		count_in(class, SAKER_FILTERED_UNWANTED);
		return false;
	}
	return true;
}

static __always_inline u32 class_of_call(u64 number)
{
	if (number >= SAKER_MAX_SYSCALLS)
		return SAKER_CLASS_OTHER;
	return saker_class_of_call[number & (SAKER_MAX_SYSCALLS - 1)];
}

/* What was called: the number that this architecture's 64-bit programs use for it, with
 * SAKER_COMPAT_GENERIC if the arguments point to structures of another layout. The number is
 * SAKER_MAX_SYSCALLS or more when there is none. */
static __always_inline u64 called(const struct pt_regs *regs, bool is_compat)
{
	u64 raw = syscall_number(regs);

	if (!is_compat && is_x32_call(regs) && raw >= SAKER_X32_FIRST &&
	    raw < SAKER_X32_FIRST + SAKER_X32_CALLS)
		return saker_x32_call[raw & (SAKER_X32_CALLS - 1)];
	if (raw >= SAKER_MAX_SYSCALLS)
		return SAKER_MAX_SYSCALLS;
	if (!is_compat)
		return raw;
	if (raw == COMPAT_SOCKETCALL || raw == COMPAT_IPC) {
		u64 sub = syscall_argument(regs, 0, true);

		if (raw == COMPAT_IPC)
			sub &= 0xffff; /* above it: the version of the interface */
		if (sub >= SAKER_SUB_CALLS)
			return SAKER_MAX_SYSCALLS;
		return raw == COMPAT_IPC ? saker_ipc_call[sub & (SAKER_SUB_CALLS - 1)]
					 : saker_socket_call[sub & (SAKER_SUB_CALLS - 1)];
	}
	return saker_compat_call[raw & (SAKER_MAX_SYSCALLS - 1)];
}

static __always_inline u64 native_number(u64 call)
{
	return call & ~(u64)SAKER_COMPAT_GENERIC;
}

/* Which slot of the tables of programs handles the call. Calls whose arguments cannot be read the
 * same way are told as generic events. */
static __always_inline u64 program_slot(u64 call)
{
	return call & SAKER_COMPAT_GENERIC ? SAKER_GENERIC_SLOT : call;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(d_exit, struct pt_regs *regs, long ret)
{
	u64 call = called(regs, is_compat_call());
	u64 number = native_number(call);
	u32 class = class_of_call(number);

	if (!is_foreign(class))
		return 0;
	if (number >= SAKER_MAX_SYSCALLS || !(saker_action[number] & SAKER_WANT_EXIT)) {
		count_in(class, SAKER_FILTERED_UNWANTED);
		return 0;
	}
	if (saker_options.drop_failed_exit && ret < 0) {
		count_in(class, SAKER_FILTERED_FAILED);
		if (saker_action[number] & SAKER_WANT_ENTER)
			take_unread_call();
		return 0;
	}
	bpf_tail_call(ctx, &exit_programs, program_slot(call));
	count_in(class, SAKER_LOST_TAIL_CALL);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(d_enter, struct pt_regs *regs, long id)
{
	u64 call = called(regs, is_compat_call());
	u64 number = native_number(call);

	/* Not part of the ledger's sum unless an event is made of it. */
	if (number >= SAKER_MAX_SYSCALLS || !(saker_action[number] & SAKER_WANT_ENTER))
		return 0;
	if (!is_foreign(class_of_call(number)))
		return 0;
	bpf_tail_call(ctx, &enter_programs, number);
	count_in(class_of_call(number), SAKER_LOST_TAIL_CALL);
	return 0;
}

/* Calls without an event type of their own: Falco's code and the number of the call. */
SIMPLE_EXIT(generic, EVENT_GENERIC_X, 2, {
	u64 number = native_number(called(regs, is_compat));

	put_u16(&e, saker_syscall_code[number & (SAKER_MAX_SYSCALLS - 1)]);
	put_u16(&e, syscall_number(regs));
})

#endif
