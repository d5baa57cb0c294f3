/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Enter events. The arguments of these calls decide what happens, and another thread can overwrite
 * them while the call runs: seen before the kernel reads them, they can be compared with what the
 * exit event says. Memory that is not resident yet (which a program can bring about) reads as
 * missing; the exit of the call is then told, see put_opened_name().
 */
#include "bpf/kernel/sockets.h"

/* Declares a program `n_NAME` for the entry of system call NAME. */
#define SYSCALL_ENTER(name, event_type, count_of_params, ...)                                      \
	static __always_inline int enter_##name(struct pt_regs *regs, bool is_compat);             \
	SEC("tp_btf/sys_enter")                                                                    \
	int BPF_PROG(n_##name, struct pt_regs *regs, long id)                                      \
	{                                                                                          \
		return enter_##name(regs, is_compat_call());                                       \
	}                                                                                          \
	static __always_inline int enter_##name(struct pt_regs *regs, bool is_compat)              \
	{                                                                                          \
		struct event e;                                                                    \
                                                                                                   \
		if (!event_begin(&e, event_type, count_of_params))                                 \
			return 0;                                                                  \
		__VA_ARGS__                                                                        \
		event_submit(&e);                                                                  \
		return 0;                                                                          \
	}

/* The name of what is opened; `is_read` is whether the other arguments were read. */
static __always_inline void put_watched_name(struct event *e, u64 address, bool is_read)
{
	u64 start = e->at;

	if (!is_read || append_user_text(e, address, SAKER_MAX_PATH_BYTES) <= 0)
		note_unread_call();
	put_appended(e, start);
}

SYSCALL_ENTER(open, EVENT_OPEN_E, 3, {
	put_watched_name(&e, ARG(0), true);
	put_u32(&e, open_flags(ARG(1)));
	put_u32(&e, open_mode(ARG(1), ARG(2)));
})

SYSCALL_ENTER(openat, EVENT_OPENAT_2_E, 4, {
	put_fd(&e, ARG(0));
	put_watched_name(&e, ARG(1), true);
	put_u32(&e, open_flags(ARG(2)));
	put_u32(&e, open_mode(ARG(2), ARG(3)));
})

SYSCALL_ENTER(openat2, EVENT_OPENAT2_E, 5, {
	struct user_open_how how;
	bool is_read = !READ_USER(how, ARG(2));

	put_fd(&e, ARG(0));
	put_watched_name(&e, ARG(1), is_read);
	put_u32(&e, open_flags(how.flags));
	put_u32(&e, open_mode(how.flags, how.mode));
	put_u32(&e, openat2_resolve(how.resolve));
})

SYSCALL_ENTER(creat, EVENT_CREAT_E, 2, {
	put_watched_name(&e, ARG(0), true);
	put_u32(&e, (u32)ARG(1) & 07777);
})
