/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Address space, waiting, futexes. */
#include "bpf/kernel/tasks.h"

static __always_inline struct mm_struct *current_memory(void)
{
	return BPF_CORE_READ(current_task(), mm);
}

SIMPLE_EXIT(brk, EVENT_BRK_4_X, 5, {
	put_u64(&e, ret);
	put_memory_sizes(&e, current_memory());
	put_u64(&e, ARG(0));
})

SIMPLE_EXIT(mmap, EVENT_MMAP_X, 10, {
	put_s64(&e, ret);
	put_memory_sizes(&e, current_memory());
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, protection_flags(ARG(2)));
	put_u32(&e, mapping_flags(ARG(3)));
	put_fd(&e, ARG(4));
	put_u64(&e, ARG(5));
})

SIMPLE_EXIT(munmap, EVENT_MUNMAP_X, 6, {
	put_s64(&e, ret);
	put_memory_sizes(&e, current_memory());
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
})

SIMPLE_EXIT(mprotect, EVENT_MPROTECT_X, 4, {
	put_s64(&e, ret);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, protection_flags(ARG(2)));
})

#define RANGE_EXIT(name, type)                                                                     \
	SIMPLE_EXIT(name, type, 3, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_u64(&e, ARG(0));                                                               \
		put_u64(&e, ARG(1));                                                               \
	})
RANGE_EXIT(mlock, EVENT_MLOCK_X)
RANGE_EXIT(munlock, EVENT_MUNLOCK_X)

SIMPLE_EXIT(mlock2, EVENT_MLOCK2_X, 4, {
	put_s64(&e, ret);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, ARG(2) & 1); /* MLOCK_ONFAULT */
})

SIMPLE_EXIT(mlockall, EVENT_MLOCKALL_X, 2, {
	put_s64(&e, ret);
	put_u32(&e, ARG(0) & 7);
})

SIMPLE_EXIT(munlockall, EVENT_MUNLOCKALL_X, 1, { put_s64(&e, ret); })

SIMPLE_EXIT(futex, EVENT_FUTEX_X, 4, {
	put_s64(&e, ret);
	put_u64(&e, ARG(0));
	put_u16(&e, ARG(1)); /* the numbers are the kernel's */
	put_u64(&e, ARG(2));
})

static __always_inline u64 user_duration_ns(u64 address)
{
	struct user_timespec time;

	READ_USER(time, address);
	return time.sec * 1000000000LL + time.nsec;
}

SIMPLE_EXIT(nanosleep, EVENT_NANOSLEEP_X, 2, {
	put_s64(&e, ret);
	put_u64(&e, user_duration_ns(ARG(0)));
})

SIMPLE_EXIT(select, EVENT_SELECT_X, 1, { put_s64(&e, ret); })

SIMPLE_EXIT(epoll_wait, EVENT_EPOLLWAIT_X, 2, {
	put_s64(&e, ret);
	put_s64(&e, (s32)ARG(2));
})

enum { MAX_POLL_FDS = 16 };

/* Number of descriptors, then each with what is ready. Nothing of a call that failed. Global: see
 * path_of(). */
__noinline int append_poll_list(u64 list, u32 length, u32 at)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	u32 i;

	if (!s)
		return at;
	at &= SCRATCH_MASK;
	s->cursor = 0;
	for (i = 0; i < MAX_POLL_FDS; i++) {
		struct user_pollfd entry;
		u64 offset = at + 2 + s->cursor * 10;

		if (i >= length || READ_USER(entry, list + i * sizeof(entry)))
			break;
		*(s64 *)&s->bytes[offset & SCRATCH_MASK] = entry.fd;
		*(u16 *)&s->bytes[(offset + 8) & SCRATCH_MASK] = poll_events(entry.revents);
		s->cursor++;
	}
	*(u16 *)&s->bytes[at & SCRATCH_MASK] = s->cursor;
	return at + 2 + s->cursor * 10;
}

static __always_inline void put_poll_list(struct event *e, long ret, u64 list, u32 length)
{
	u64 start = e->at;

	e->at = append_poll_list(list, ret < 0 ? 0 : length, e->at);
	put_appended(e, start);
}

SIMPLE_EXIT(poll, EVENT_POLL_X, 3, {
	put_s64(&e, ret);
	put_poll_list(&e, ret, ARG(0), ARG(1));
	put_s64(&e, (u32)ARG(2)); /* -1 reads as 4294967295, as in Falco */
})

SIMPLE_EXIT(ppoll, EVENT_PPOLL_X, 4, {
	u32 mask = 0;

	if (ARG(3))
		READ_USER(mask, ARG(3));
	put_s64(&e, ret);
	put_poll_list(&e, ret, ARG(0), ARG(1));
	put_u64(&e, user_duration_ns(ARG(2)));
	put_u32(&e, mask);
})
