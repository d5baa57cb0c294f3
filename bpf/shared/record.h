/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the BPF programs and the user side agree on: the head of a record, the loss ledger, limits
 * and the options that are set before the programs are loaded. Plain C, included by both sides.
 *
 * A record in a ring buffer is a prefix and exactly one event in the encoding of
 * engine/event/event_view.h: a head, then one u16 length per parameter, then the parameters' bytes
 * back to back.
 */
#ifndef SAKER_BPF_SHARED_RECORD_H
#define SAKER_BPF_SHARED_RECORD_H

/* C for both sides: NOLINTBEGIN(modernize-use-using,readability-identifier-naming) */

#ifdef __bpf__
#include <linux/types.h>
typedef __u8 saker_u8;
typedef __u16 saker_u16;
typedef __u32 saker_u32;
typedef __u64 saker_u64;
#else
#include <stdint.h>
typedef uint8_t saker_u8;
typedef uint16_t saker_u16;
typedef uint32_t saker_u32;
typedef uint64_t saker_u64;
#endif

enum {
  /* Longest record. The capture format holds at most 64 KiB in one event block. */
  SAKER_MAX_RECORD_BYTES = 65000,
  /* System call numbers that can be selected; x86_64 and arm64 stay below 512. */
  SAKER_MAX_SYSCALLS = 512,
  /* CPUs with counters and scratch space of their own; no sensor starts where there can be more. A
   * power of two. */
  SAKER_MAX_CPUS = 1024,
  /* Slot of the tables of programs that always holds the generic program; no call has it. */
  SAKER_GENERIC_SLOT = SAKER_MAX_SYSCALLS - 1,
  /* Mark in the tables of 32-bit and x32 calls. */
  SAKER_COMPAT_GENERIC = 0x8000,
  /* Numbers of calls that only the x32 ABI has, and room for them (a power of two). */
  SAKER_X32_FIRST = 512,
  SAKER_X32_CALLS = 64,
  /* Room for what one call of the 32-bit entry does by its first argument (a power of two). */
  SAKER_SUB_CALLS = 32,
  /* Longest path, with its NUL (PATH_MAX). */
  SAKER_MAX_PATH_BYTES = 4096,
  /* Bytes kept of argument vectors, and of environments. Falco keeps as much. */
  SAKER_MAX_ARGS_BYTES = 4096,
  /* Largest snaplen. */
  SAKER_MAX_DATA_BYTES = 32768,
};

/* Before the event; 8 bytes, so that the event's time is aligned. */
struct saker_record_prefix {
  saker_u16 cpu;
  saker_u16 reserved[3];
};

/* The event header of the capture format, 26 bytes without padding. */
struct saker_record_head {
  saker_u64 ts_ns; /* since the Unix epoch */
  saker_u64 tid;
  saker_u32 length; /* whole record */
  saker_u16 type;
  saker_u32 param_count;
} __attribute__((packed));

/* Slots of the per-CPU ledger. SEEN = sum of the FILTERED, SUBMITTED and LOST slots. */
enum saker_ledger_slot {
  SAKER_SEEN,               /* tracepoint hits */
  SAKER_SUBMITTED,          /* records put into a ring buffer */
  SAKER_FILTERED_OWN,       /* made by the sensor's own thread group */
  SAKER_FILTERED_UNWANTED,  /* nobody asked for this system call or tracepoint */
  SAKER_FILTERED_FAILED,    /* failed call, and failed calls are not wanted */
  SAKER_FILTERED_REDUNDANT, /* told by another tracepoint (execve) */
  SAKER_LOST_RING_FULL,
  SAKER_LOST_SCRATCH,   /* the record outgrew SAKER_MAX_RECORD_BYTES */
  SAKER_LOST_TAIL_CALL, /* the program of the system call is not loaded */
  SAKER_LOST_NESTED,    /* one program interrupted another */
  SAKER_LOST_INTERNAL,  /* a map look-up that cannot fail failed */
  /* Flaws of submitted records; not part of the sum. */
  SAKER_FLAW_PAGE_FAULT, /* a value was left empty because its memory was not readable */
  SAKER_FLAW_TRUNCATED,  /* a text or path was cut */
  SAKER_LEDGER_SLOTS,
};

/* What the ledger tells apart: the kinds of events that Falco's drop alerts name. */
enum saker_event_class {
  SAKER_CLASS_OTHER,
  SAKER_CLASS_CLONE_FORK,
  SAKER_CLASS_EXECVE,
  SAKER_CLASS_CONNECT,
  SAKER_CLASS_OPEN,
  SAKER_CLASS_DIR_FILE,
  SAKER_CLASS_OTHER_INTEREST,
  SAKER_CLASS_CLOSE,
  SAKER_CLASS_PROC,
  SAKER_EVENT_CLASSES,
  SAKER_MAX_EVENT_TYPES = 512,
};

struct saker_ledger_row {
  saker_u64 count[SAKER_EVENT_CLASSES][SAKER_LEDGER_SLOTS];
};

/* Bits of saker_action[]: what to do with a system call. */
enum {
  SAKER_WANT_EXIT = 1,
  SAKER_WANT_ENTER = 2,
};

/* Bits of saker_options.tracepoints. */
enum {
  SAKER_WANT_PROCEXIT = 1,
  SAKER_WANT_SIGNAL = 2,
};

/* Set once before loading. */
struct saker_options {
  saker_u64 boot_epoch_ns; /* realtime minus boottime clock */
  saker_u64 only_cgroup;   /* id of the only control group (v2) that is watched; 0: all */
  saker_u32 snaplen;
  saker_u32 ring_count;
  saker_u32 cpus_per_ring;
  saker_u8 drop_failed_exit;
  saker_u8 padding[3];
};

/* NOLINTEND(modernize-use-using,readability-identifier-naming) */

#endif
