/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* User and group ids, sessions, capabilities, limits, namespaces, signals. */
#include "bpf/kernel/tasks.h"

#define ONE_ID_EXIT(name, type)                                                                    \
	SIMPLE_EXIT(name, type, 2, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_u32(&e, ARG(0));                                                               \
	})
ONE_ID_EXIT(setuid, EVENT_SETUID_X)
ONE_ID_EXIT(setgid, EVENT_SETGID_X)

#define TWO_IDS_EXIT(name, type)                                                                   \
	SIMPLE_EXIT(name, type, 3, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_u32(&e, ARG(0));                                                               \
		put_u32(&e, ARG(1));                                                               \
	})
TWO_IDS_EXIT(setreuid, EVENT_SETREUID_X)
TWO_IDS_EXIT(setregid, EVENT_SETREGID_X)

#define THREE_IDS_EXIT(name, type)                                                                 \
	SIMPLE_EXIT(name, type, 4, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_u32(&e, ARG(0));                                                               \
		put_u32(&e, ARG(1));                                                               \
		put_u32(&e, ARG(2));                                                               \
	})
THREE_IDS_EXIT(setresuid, EVENT_SETRESUID_X)
THREE_IDS_EXIT(setresgid, EVENT_SETRESGID_X)

/* getuid and its like cannot fail: the result is the id. */
#define GET_ID_EXIT(name, type) SIMPLE_EXIT(name, type, 1, { put_u32(&e, ret); })
GET_ID_EXIT(getuid, EVENT_GETUID_X)
GET_ID_EXIT(geteuid, EVENT_GETEUID_X)
GET_ID_EXIT(getgid, EVENT_GETGID_X)
GET_ID_EXIT(getegid, EVENT_GETEGID_X)

static __always_inline void put_user_u32(struct event *e, u64 address)
{
	u32 value = 0;

	READ_USER(value, address);
	put_u32(e, value);
}

#define GET_IDS_EXIT(name, type)                                                                   \
	SIMPLE_EXIT(name, type, 4, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_user_u32(&e, ARG(0));                                                          \
		put_user_u32(&e, ARG(1));                                                          \
		put_user_u32(&e, ARG(2));                                                          \
	})
GET_IDS_EXIT(getresuid, EVENT_GETRESUID_X)
GET_IDS_EXIT(getresgid, EVENT_GETRESGID_X)

SIMPLE_EXIT(setsid, EVENT_SETSID_X, 1, { put_s64(&e, ret); })

SIMPLE_EXIT(setpgid, EVENT_SETPGID_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
})

/* The capabilities that the thread has now. */
SIMPLE_EXIT(capset, EVENT_CAPSET_X, 4, {
	struct capabilities caps = {};

	read_capabilities(BPF_CORE_READ(current_task(), cred), &caps);
	put_s64(&e, ret);
	put_u64(&e, caps.inheritable);
	put_u64(&e, caps.permitted);
	put_u64(&e, caps.effective);
})

SIMPLE_EXIT(setns, EVENT_SETNS_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, clone_flags(ARG(1)));
})

SIMPLE_EXIT(unshare, EVENT_UNSHARE_X, 2, {
	put_s64(&e, ret);
	put_u32(&e, clone_flags(ARG(0)));
})

SIMPLE_EXIT(kill, EVENT_KILL_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u8(&e, ARG(1));
})

SIMPLE_EXIT(tkill, EVENT_TKILL_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u8(&e, ARG(1));
})

SIMPLE_EXIT(tgkill, EVENT_TGKILL_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
	put_u8(&e, ARG(2));
})

SIMPLE_EXIT(getrlimit, EVENT_GETRLIMIT_X, 4, {
	s64 limit[2] = {0, 0};

	if (ret == 0)
		READ_USER(limit, ARG(1));
	put_s64(&e, ret);
	put_s64(&e, limit[0]);
	put_s64(&e, limit[1]);
	put_u8(&e, rlimit_resource(ARG(0)));
})

SIMPLE_EXIT(setrlimit, EVENT_SETRLIMIT_X, 4, {
	s64 limit[2];

	READ_USER(limit, ARG(1));
	put_s64(&e, ret);
	put_s64(&e, limit[0]);
	put_s64(&e, limit[1]);
	put_u8(&e, rlimit_resource(ARG(0)));
})

SIMPLE_EXIT(prlimit64, EVENT_PRLIMIT_X, 7, {
	s64 fresh[2];
	s64 old[2] = {-1, -1};

	READ_USER(fresh, ARG(2));
	if (ret == 0)
		READ_USER(old, ARG(3));
	put_s64(&e, ret);
	put_s64(&e, fresh[0]);
	put_s64(&e, fresh[1]);
	put_s64(&e, old[0]);
	put_s64(&e, old[1]);
	put_fd(&e, ARG(0));
	put_u8(&e, rlimit_resource(ARG(1)));
})

enum {
	SIGNAL_CHILD = 17,
	CODE_USER = 0, /* codes up to SI_USER: sent by a process, which is named */
};

/* struct kernel_siginfo begins with signo, errno, code; then, for signals of processes, the pid. */
struct signal_sender {
	s32 signo;
	s32 error;
	s32 code;
	s32 padding;
	s32 pid;
};

/* Falco names the sender of a queued or killed signal and of a child's end; of tgkill it does not
 * (SI_TKILL, seen in its recordings). */
SEC("tp_btf/signal_deliver")
int BPF_PROG(t_signal, int signal, struct kernel_siginfo *info)
{
	struct signal_sender sender = {};
	struct event e;
	s32 pid = 0;

	if (!is_tracepoint_selected(SAKER_WANT_SIGNAL, SAKER_CLASS_OTHER))
		return 0;
	/* Small values stand for signals without information (SEND_SIG_PRIV). */
	if ((u64)info > 4096)
		bpf_probe_read_kernel(&sender, sizeof(sender), info);
	if (signal == SIGNAL_CHILD || sender.code == 0 || sender.code == -1)
		pid = sender.pid;
	if (!event_begin(&e, EVENT_SIGNALDELIVER_E, 3))
		return 0;
	put_s64(&e, pid);
	put_s64(&e, BPF_CORE_READ(current_task(), pid));
	put_u8(&e, signal);
	event_submit(&e);
	return 0;
}
