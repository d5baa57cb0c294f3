/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Calls that make descriptors without a path. */
#include "bpf/kernel/files.h"

SIMPLE_EXIT(eventfd, EVENT_EVENTFD_X, 3, {
	put_s64(&e, ret);
	put_u64(&e, ARG(0));
	put_u32(&e, 0); /* the call has no flags */
})

SIMPLE_EXIT(eventfd2, EVENT_EVENTFD2_X, 3, {
	put_s64(&e, ret);
	put_u16(&e, strict_fd_flags(ARG(1)));
	put_u64(&e, ARG(0));
})

SIMPLE_EXIT(timerfd_create, EVENT_TIMERFD_CREATE_X, 3, {
	put_s64(&e, ret);
	put_u8(&e, ARG(0));
	put_u8(&e, strict_fd_flags(ARG(1)));
})

/* The mask of a signalfd is not told, as in Falco. */
SIMPLE_EXIT(signalfd, EVENT_SIGNALFD_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, 0);
	put_u8(&e, 0);
})

SIMPLE_EXIT(signalfd4, EVENT_SIGNALFD4_X, 4, {
	put_s64(&e, ret);
	put_u16(&e, strict_fd_flags(ARG(3)));
	put_fd(&e, ARG(0));
	put_u32(&e, 0);
})

SIMPLE_EXIT(inotify_init, EVENT_INOTIFY_INIT_X, 2, {
	put_s64(&e, ret);
	put_u8(&e, 0);
})

SIMPLE_EXIT(inotify_init1, EVENT_INOTIFY_INIT1_X, 2, {
	put_s64(&e, ret);
	put_u16(&e, strict_fd_flags(ARG(0)));
})

SIMPLE_EXIT(epoll_create, EVENT_EPOLL_CREATE_X, 2, {
	put_s64(&e, ret);
	put_s32(&e, ARG(0));
})

SIMPLE_EXIT(epoll_create1, EVENT_EPOLL_CREATE1_X, 2, {
	put_s64(&e, ret);
	put_u32(&e, MOVE_BIT(ARG(0), 19, 0));
})

SIMPLE_EXIT(memfd_create, EVENT_MEMFD_CREATE_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, memfd_flags(ARG(1)));
})

SIMPLE_EXIT(userfaultfd, EVENT_USERFAULTFD_X, 2, {
	put_s64(&e, ret);
	put_u32(&e, ARG(0)); /* the call's own numbers, as in Falco */
})

SIMPLE_EXIT(pidfd_open, EVENT_PIDFD_OPEN_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, MOVE_BIT(ARG(1), 11, 0));
})

SIMPLE_EXIT(pidfd_getfd, EVENT_PIDFD_GETFD_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
	put_u32(&e, ARG(2));
})

/* The head of struct io_uring_params. */
struct user_io_uring_params {
	u32 sq_entries;
	u32 cq_entries;
	u32 flags;
	u32 sq_thread_cpu;
	u32 sq_thread_idle;
	u32 features;
};

enum {
	/* Features that Falco names, without EXT_ARG (0x100), which it never reports. */
	IO_URING_KNOWN_FEATURES = 0x6ff,
};

SIMPLE_EXIT(io_uring_setup, EVENT_IO_URING_SETUP_X, 8, {
	struct user_io_uring_params params;

	READ_USER(params, ARG(1));
	put_s64(&e, ret);
	put_u32(&e, ARG(0));
	put_u32(&e, params.sq_entries);
	put_u32(&e, params.cq_entries);
	put_u32(&e, io_uring_setup_flags(params.flags));
	put_u32(&e, params.sq_thread_cpu);
	put_u32(&e, params.sq_thread_idle);
	put_u32(&e, params.features & IO_URING_KNOWN_FEATURES);
})

SIMPLE_EXIT(io_uring_enter, EVENT_IO_URING_ENTER_X, 6, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	put_u32(&e, ARG(3) & 0xf);
	put_u32(&e, ARG(4));
})

SIMPLE_EXIT(io_uring_register, EVENT_IO_URING_REGISTER_X, 5, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u16(&e, ARG(1));
	put_u64(&e, ARG(2));
	put_u32(&e, ARG(3));
})
