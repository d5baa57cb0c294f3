/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Everything that lives longer than one event: options, what is wanted, the ledger, scratch space,
 * ring buffers and the tables of tail calls.
 */
#ifndef SAKER_BPF_MAPS_H
#define SAKER_BPF_MAPS_H

#include "bpf/kernel/kernel_compat.h"
#include "bpf/shared/record.h"

/* Hides where a value comes from, so that the compiler does not rearrange or predict it. */
#define OPAQUE(value) asm volatile("" : "+r"(value))

/* The smaller of `value` and the constant `max`, in a form that the verifier understands whatever
 * the compiler does around it. */
#define BOUNDED(value, max)                                                                        \
	({                                                                                         \
		u64 saker_value = (value);                                                         \
		asm volatile("if %0 <= %1 goto +1\n\t%0 = %1" : "+r"(saker_value) : "i"(max));     \
		saker_value;                                                                       \
	})

const volatile struct saker_options saker_options = {};

/* Falco's code of each system call number, for events of calls without a type of their own. */
const volatile __u16 saker_syscall_code[SAKER_MAX_SYSCALLS] = {};

/* Classes of the ledger (enum saker_event_class), by event type and by system call number. */
const volatile __u8 saker_class_of_event[SAKER_MAX_EVENT_TYPES] = {};
const volatile __u8 saker_class_of_call[SAKER_MAX_SYSCALLS] = {};

/* Of calls through the 32-bit entry, by its numbers: this architecture's own number, with
 * SAKER_COMPAT_GENERIC if the arguments cannot be read the same way. */
const volatile __u16 saker_compat_call[SAKER_MAX_SYSCALLS] = {};

/* The same for what socketcall and ipc do, by their first argument. */
const volatile __u16 saker_socket_call[SAKER_SUB_CALLS] = {};
const volatile __u16 saker_ipc_call[SAKER_SUB_CALLS] = {};

/* The same for the numbers that only the x32 ABI has, from SAKER_X32_FIRST on. */
const volatile __u16 saker_x32_call[SAKER_X32_CALLS] = {};

/* The sensor's own thread group, numbered as the kernel itself does. */
__u32 saker_own_tgid = 0;

/* These two change at run time (rules are reloaded), so they are ordinary data. */
__u8 saker_action[SAKER_MAX_SYSCALLS] = {};
__u32 saker_tracepoints = 0;

struct saker_ledger_row saker_ledger[SAKER_MAX_CPUS] = {};

/* Only so that the record's types stand in the object's BTF, where a test compares them. */
struct saker_record_prefix *saker_btf_prefix = NULL;
struct saker_record_head *saker_btf_head = NULL;

enum {
	/* Offsets are masked with this before every store: the verifier wants to see the bound. */
	SCRATCH_MASK = 0xffff,
	/* Room for a store of the largest size at the largest offset. */
	SCRATCH_BYTES = 2 * (SCRATCH_MASK + 1),
};

struct scratch {
	u8 bytes[SCRATCH_BYTES];
	/* Loop variables live here: what is read back from a map is unknown to the verifier, so all
	 * passes of a loop look the same to it and it looks at one or two of them only. */
	u64 cursor;
	/* Where path_of() stands, for the same reason. */
	struct {
		u64 mount;
		u64 dentry;
		u32 at;
		u32 is_detached;
	} walk;
	/* The same for append_cgroup_path(): the outermost groups so far, round and round. */
	struct {
		u64 node;
		u64 depth;
		u64 nodes[32];
	} groups;
	/* Set from event_begin() to event_submit(). Programs run with preemption disabled on every
	 * kernel known today; should one interrupt another all the same, it must not write here. */
	u64 is_busy;
};

/* Not a per-CPU map: those hold at most 32 KiB per entry. Indexed by CPU; programs run with
 * preemption disabled and never nest, so each has it for itself. Resized before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
	__array(values, struct ring);
} rings SEC(".maps");

/* Programs by system call number, filled by the loader from the programs' names. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SAKER_MAX_SYSCALLS);
	__type(key, u32);
	__type(value, u32);
} exit_programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SAKER_MAX_SYSCALLS);
	__type(key, u32);
	__type(value, u32);
} enter_programs SEC(".maps");

/* Threads whose running call had arguments that could not be read when it began, by process and
 * thread id. The oldest are forgotten when there are too many at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, u64);
} unread_calls SEC(".maps");

static __always_inline void note_unread_call(void)
{
	u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&unread_calls, &thread, &thread, BPF_ANY);
}

/* Whether the running call is noted; it no longer is. */
static __always_inline bool take_unread_call(void)
{
	u64 thread = bpf_get_current_pid_tgid();

	if (!bpf_map_lookup_elem(&unread_calls, &thread))
		return false;
	bpf_map_delete_elem(&unread_calls, &thread);
	return true;
}

static __always_inline void count_in(u32 class, enum saker_ledger_slot slot)
{
	u32 cpu = bpf_get_smp_processor_id() & (SAKER_MAX_CPUS - 1);
	u64 last = (u64)SAKER_EVENT_CLASSES * SAKER_LEDGER_SLOTS - 1;
	u64 at = BOUNDED((u64) class * SAKER_LEDGER_SLOTS + slot, last);

	(&saker_ledger[cpu].count[0][0])[at]++;
}

/* For flaws inside records, which are not told apart. */
static __always_inline void count(enum saker_ledger_slot slot)
{
	count_in(SAKER_CLASS_OTHER, slot);
}

#endif
