/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Builds one record in the CPU's scratch space and sends it. A program does
 *
 *	struct event e;
 *	if (!event_begin(&e, EVENT_CLOSE_X, 2))
 *		return 0;
 *	put_s64(&e, ret);
 *	put_fd(&e, argument);
 *	event_submit(&e);
 *
 * Everything is inlined: `e.param` is then a constant, and the lengths land at constant offsets.
 */
#ifndef SAKER_BPF_EVENT_H
#define SAKER_BPF_EVENT_H

#include "bpf/kernel/maps.h"
#include "bpf/kernel/user_types.h"

struct event {
	struct scratch *s;
	u64 at;	     /* where the next parameter's bytes go */
	u64 lengths; /* where the next parameter's length goes */
	u32 type;
	u32 param_count;
};

enum {
	HEAD_AT = sizeof(struct saker_record_prefix),
	LENGTHS_AT = HEAD_AT + sizeof(struct saker_record_head),
};

static __always_inline bool event_begin(struct event *e, u32 type, u32 param_count)
{
	u32 cpu = bpf_get_smp_processor_id();

	e->s = bpf_map_lookup_elem(&scratches, &cpu);
	if (!e->s) {
		count_in(saker_class_of_event[type], SAKER_LOST_INTERNAL);
		return false;
	}
	if (e->s->is_busy) {
		count_in(saker_class_of_event[type], SAKER_LOST_NESTED);
		return false;
	}
	e->s->is_busy = 1;
	e->type = type;
	e->param_count = param_count;
	e->lengths = LENGTHS_AT;
	e->at = LENGTHS_AT + 2 * param_count;
	return true;
}

/* Puts the finished record into the CPU's ring; returns the ledger's slot for what became of it. */
static __always_inline enum saker_ledger_slot event_send(struct event *e, u64 tid, u64 ts_ns)
{
	struct saker_record_prefix *prefix = (void *)e->s->bytes;
	struct saker_record_head *head = (void *)&e->s->bytes[HEAD_AT];
	u32 key = bpf_get_smp_processor_id();
	u64 length = e->at;
	void *ring;

	/* The compiler may compare a copy; the verifier wants to see this register checked. */
	OPAQUE(length);
	if (length > SAKER_MAX_RECORD_BYTES)
		return SAKER_LOST_SCRATCH;
	prefix->cpu = key;
	head->ts_ns = ts_ns + saker_options.boot_epoch_ns;
	head->tid = tid;
	head->length = length - HEAD_AT;
	head->type = e->type;
	head->param_count = e->param_count;
	if (saker_options.cpus_per_ring > 1)
		key /= saker_options.cpus_per_ring;
	ring = bpf_map_lookup_elem(&rings, &key);
	if (!ring)
		return SAKER_LOST_INTERNAL;
	/* The reader polls: waking it per record would cost more than the record. */
	if (bpf_ringbuf_output(ring, e->s->bytes, length, BPF_RB_NO_WAKEUP))
		return SAKER_LOST_RING_FULL;
	return SAKER_SUBMITTED;
}

/* Sends the record on behalf of thread `tid`, dated `ts_ns` (boot time), and lets go of the scratch
 * space. */
static __always_inline void event_submit_as(struct event *e, u64 tid, u64 ts_ns)
{
	count_in(saker_class_of_event[e->type], event_send(e, tid, ts_ns));
	e->s->is_busy = 0;
}

static __always_inline void event_submit(struct event *e)
{
	event_submit_as(e, (u32)bpf_get_current_pid_tgid(), bpf_ktime_get_boot_ns());
}

static __always_inline void put_length(struct event *e, u64 length)
{
	*(u16 *)&e->s->bytes[e->lengths & SCRATCH_MASK] = length;
	e->lengths += 2;
}

#define DEFINE_PUT(name, type)                                                                     \
	static __always_inline void name(struct event *e, type value)                              \
	{                                                                                          \
		*(type *)&e->s->bytes[e->at & SCRATCH_MASK] = value;                               \
		e->at += sizeof(type);                                                             \
		put_length(e, sizeof(type));                                                       \
	}
DEFINE_PUT(put_u8, u8)
DEFINE_PUT(put_u16, u16)
DEFINE_PUT(put_u32, u32)
DEFINE_PUT(put_s32, s32)
DEFINE_PUT(put_u64, u64)
DEFINE_PUT(put_s64, s64)
#undef DEFINE_PUT

/* A descriptor, process id or int argument: 32 bits in the call, 64 in the event. */
static __always_inline void put_fd(struct event *e, u64 argument)
{
	put_s64(e, (s32)argument);
}

static __always_inline void put_empty(struct event *e)
{
	put_length(e, 0);
}

/* Bytes appended with append_*() since `start` become one parameter. */
static __always_inline void put_appended(struct event *e, u64 start)
{
	put_length(e, e->at - start);
}

static __always_inline void *write_position(struct event *e)
{
	return &e->s->bytes[e->at & SCRATCH_MASK];
}

static __always_inline void append_u8(struct event *e, u8 value)
{
	e->s->bytes[e->at & SCRATCH_MASK] = value;
	e->at += 1;
}

static __always_inline void append_u16(struct event *e, u16 value)
{
	*(u16 *)write_position(e) = value;
	e->at += 2;
}

static __always_inline void append_u32(struct event *e, u32 value)
{
	*(u32 *)write_position(e) = value;
	e->at += 4;
}

static __always_inline void append_u64(struct event *e, u64 value)
{
	*(u64 *)write_position(e) = value;
	e->at += 8;
}

/* Text of the traced process with its NUL, at most `max` bytes; returns what read_user_text()
 * does, 0 for a null pointer. Nothing is appended when it cannot be read. */
static __always_inline long append_user_text(struct event *e, u64 address, u32 max)
{
	long length;

	if (!address)
		return 0;
	length = read_user_text(write_position(e), max, address);
	if (length <= 0) {
		count(SAKER_FLAW_PAGE_FAULT);
		return length;
	}
	if (length == max)
		count(SAKER_FLAW_TRUNCATED);
	e->at += length;
	return length;
}

static __always_inline long append_kernel_text(struct event *e, const void *text, u32 max)
{
	long length = bpf_probe_read_kernel_str(write_position(e), max, text);

	if (length > 0)
		e->at += length;
	return length;
}

/* A path or text argument: its bytes with NUL; empty when the pointer is null or not readable. */
static __always_inline void put_user_text(struct event *e, u64 address)
{
	u64 start = e->at;

	append_user_text(e, address, SAKER_MAX_PATH_BYTES);
	put_appended(e, start);
}

static __always_inline void put_kernel_text(struct event *e, const void *text)
{
	u64 start = e->at;

	append_kernel_text(e, text, SAKER_MAX_PATH_BYTES);
	put_appended(e, start);
}

/* Appends `length` bytes of the traced process, at most `max` (a constant: the verifier wants to
 * see that they fit). Nothing when a page is not there. */
static __always_inline void append_user_bytes(struct event *e, u64 address, u64 length, u32 max)
{
	if (!address || !length)
		return;
	length = BOUNDED(length, max);
	if (bpf_probe_read_user(write_position(e), length, (const void *)address)) {
		count(SAKER_FLAW_PAGE_FAULT);
		return;
	}
	e->at += length;
}

/* Payload of an I/O call: the first snaplen bytes. */
static __always_inline void append_data(struct event *e, u64 address, u64 length)
{
	u64 limit = saker_options.snaplen;

	append_user_bytes(e, address, length > limit ? limit : length, SAKER_MAX_DATA_BYTES);
}

static __always_inline void put_data(struct event *e, u64 address, u64 length)
{
	u64 start = e->at;

	append_data(e, address, length);
	put_appended(e, start);
}

/* Copies a fixed-size object of the traced process; zeros when it is not readable. */
#define READ_USER(object, address)                                                                 \
	({                                                                                         \
		long saker_failed = !(address) || bpf_probe_read_user(&(object), sizeof(object),   \
								      (const void *)(address));    \
		if (saker_failed)                                                                  \
			__builtin_memset(&(object), 0, sizeof(object));                            \
		saker_failed;                                                                      \
	})

/* Declares a program `x_NAME` for the exit of system call NAME with `regs`, `ret` and
 * `is_compat` in scope. The loader finds it by its name. */
#define SYSCALL_EXIT(name)                                                                         \
	static __always_inline int exit_##name(struct pt_regs *regs, long ret, bool is_compat);    \
	SEC("tp_btf/sys_exit")                                                                     \
	int BPF_PROG(x_##name, struct pt_regs *regs, long ret)                                     \
	{                                                                                          \
		return exit_##name(regs, ret, is_compat_call());                                   \
	}                                                                                          \
	static __always_inline int exit_##name(struct pt_regs *regs, long ret, bool is_compat)

/* The common case: begins an event of `type`, runs the statements, submits. */
#define SIMPLE_EXIT(name, event_type, count_of_params, ...)                                        \
	SYSCALL_EXIT(name)                                                                         \
	{                                                                                          \
		struct event e;                                                                    \
                                                                                                   \
		if (!event_begin(&e, event_type, count_of_params))                                 \
			return 0;                                                                  \
		__VA_ARGS__                                                                        \
		event_submit(&e);                                                                  \
		return 0;                                                                          \
	}

/* Argument `n` inside a program. */
#define ARG(n) syscall_argument(regs, n, is_compat)

#endif
