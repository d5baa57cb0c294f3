/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * More translations from the kernel's numbers to those of Falco's events; see flags.h. Like that
 * header it also compiles outside of BPF programs, for tests/unit/bpf.
 */
#ifndef SAKER_BPF_FLAGS_CALLS_H
#define SAKER_BPF_FLAGS_CALLS_H

#include "bpf/kernel/flags.h"

enum {
	CALL_CLOEXEC = 02000000,
	CALL_NONBLOCK = 04000,
	MODE_TYPE_MASK = 0170000,
	MAX_SOCKET_FAMILY = 45, /* AF_MAX of Linux 6.18, minus one */
	RLIMITS = 16,
	EVENT_RLIMIT_UNKNOWN = 255,
	LEVEL_SOCKET = 1,
	LEVEL_TCP = 6,
	EVENT_LEVEL_SOCKET = 1,
	EVENT_LEVEL_TCP = 2,
	/* First byte of a socket option's value: which variant follows. */
	OPTION_BYTES = 0,
	OPTION_ERRNO = 1,
	OPTION_U32 = 2,
	OPTION_U64 = 3,
	OPTION_TIME = 4,
};

/* READ, WRITE, EXEC, SEM stay. */
static __always_inline u32 protection_flags(u32 flags)
{
	return (flags & 0xf) | MOVE_BIT(flags, 24, 4) | MOVE_BIT(flags, 25, 5) |
	       MOVE_BIT(flags, 4, 6);
}

static __always_inline u32 mapping_flags(u32 flags)
{
	u32 result = flags & 3; /* SHARED, PRIVATE */

	result |= MOVE_BIT(flags, 4, 2);   /* FIXED */
	result |= MOVE_BIT(flags, 5, 3);   /* ANONYMOUS */
	result |= MOVE_BIT(flags, 6, 4);   /* 32BIT */
	result |= MOVE_BIT(flags, 14, 6);  /* NORESERVE */
	result |= MOVE_BIT(flags, 15, 7);  /* POPULATE */
	result |= MOVE_BIT(flags, 16, 8);  /* NONBLOCK */
	result |= MOVE_BIT(flags, 8, 9);   /* GROWSDOWN */
	result |= MOVE_BIT(flags, 11, 10); /* DENYWRITE */
	result |= MOVE_BIT(flags, 12, 11); /* EXECUTABLE */
	result |= MOVE_BIT(flags, 13, 14); /* LOCKED */
	return result;
}

/* POLLIN, PRI, OUT stay; RDHUP 0x2000 -> 8, from ERR on Falco's numbers are one bit up. */
static __always_inline u16 poll_events(u16 events)
{
	return (events & 7) | MOVE_BIT(events, 13, 3) | ((events & 0x3f8) << 1);
}

/* Calls that accept only O_CLOEXEC and O_NONBLOCK: any other bit and nothing is said, as in Falco.
 */
static __always_inline u32 strict_fd_flags(u32 flags)
{
	return (flags & ~(CALL_CLOEXEC | CALL_NONBLOCK)) ? 0 : fd_flags(flags);
}

/* IOPOLL and SQPOLL stay; from SQ_AFF on Falco's numbers are one bit up. */
static __always_inline u32 io_uring_setup_flags(u32 flags)
{
	return (flags & 3) | ((flags & 0x7c) << 1);
}

static __always_inline u32 socket_family(u32 family)
{
	return family > MAX_SOCKET_FAMILY ? 0 : family;
}

static __always_inline u8 option_level(u32 level)
{
	return level == LEVEL_SOCKET ? EVENT_LEVEL_SOCKET
	       : level == LEVEL_TCP  ? EVENT_LEVEL_TCP
				     : 0;
}

/* Up to SO_ATTACH_BPF the numbers are the kernel's. */
static __always_inline u8 option_name(u32 level, u32 name)
{
	if (level != LEVEL_SOCKET)
		return 0;
	switch (name) {
	case 55:
		return 52; /* SO_MEMINFO */
	case 57:
		return 53; /* SO_COOKIE */
	case 59:
		return 51; /* SO_PEERGROUPS */
	default:
		return name <= 50 ? name : 0;
	}
}

static __always_inline u32 option_variant(u8 name)
{
	switch (name) {
	case 4: /* SO_ERROR */
		return OPTION_ERRNO;
	case 20: /* SO_RCVTIMEO */
	case 21: /* SO_SNDTIMEO */
		return OPTION_TIME;
	case 53: /* SO_COOKIE */
		return OPTION_U64;
	case 0:
	case 13: /* SO_LINGER */
	case 17: /* SO_PEERCRED */
	case 26: /* SO_ATTACH_FILTER */
	case 28: /* SO_PEERNAME */
	case 31: /* SO_PEERSEC */
	case 51: /* SO_PEERGROUPS */
	case 52: /* SO_MEMINFO */
		return OPTION_BYTES;
	default:
		return OPTION_U32;
	}
}

/* Falco's numbers of ptrace requests; 0: unknown. */
static __always_inline u16 ptrace_request(u64 request)
{
	if (request <= 9)
		return request + 1; /* TRACEME .. SINGLESTEP */
	if (request >= 0x4200 && request <= 0x420b)
		return request - 0x4200 + 14; /* SETOPTIONS .. SETSIGMASK */
	switch (request) {
	case 12:
	case 13:
	case 14:
	case 15:
		return request - 12 + 26; /* GETREGS .. SETFPREGS */
	case 16:
		return 11; /* ATTACH */
	case 17:
		return 12; /* DETACH */
	case 18:
	case 19:
		return request - 18 + 30; /* GETFPXREGS, SETFPXREGS */
	case 21:
		return 32; /* OLDSETOPTIONS */
	case 24:
		return 13; /* SYSCALL */
	case 25:
	case 26:
		return request - 25 + 33; /* GET_THREAD_AREA, SET_THREAD_AREA */
	case 30:
	case 31:
	case 32:
	case 33:
		return request - 30 + 35; /* ARCH_PRCTL .. SINGLEBLOCK */
	default:
		return 0;
	}
}

static __always_inline u16 semaphore_command(u32 command)
{
	switch (command) {
	case 0:
		return 4; /* IPC_RMID */
	case 1:
		return 2; /* IPC_SET */
	case 2:
		return 1; /* IPC_STAT */
	case 3:
		return 8; /* IPC_INFO */
	case 11:
		return 256; /* GETPID */
	case 12:
		return 512; /* GETVAL */
	case 13:
		return 64; /* GETALL */
	case 14:
		return 128; /* GETNCNT */
	case 15:
		return 1024; /* GETZCNT */
	case 16:
		return 4096; /* SETVAL */
	case 17:
		return 2048; /* SETALL */
	case 18:
		return 32; /* SEM_STAT */
	case 19:
		return 16; /* SEM_INFO */
	default:
		return 0;
	}
}

/* Falco's bit of a quotactl command; include/uapi/linux/quota.h and dqblk_xfs.h. */
static __always_inline u16 quota_command(u32 command)
{
	if (command == 0x800001)
		return 128; /* Q_SYNC */
	if (command >= 0x800002 && command <= 0x800008)
		return 1 << (command - 0x800002); /* QUOTAON .. SETQUOTA */
	if (command >= 0x5801 && command <= 0x5807)
		return 256 << (command - 0x5801); /* XQUOTAON .. XQUOTASYNC */
	return 0;
}

static __always_inline u8 quota_format(u32 format)
{
	return format == 1 ? 2 : format == 2 ? 4 : format == 4 ? 8 : 1;
}

static __always_inline u8 rlimit_resource(u32 resource)
{
	return resource < RLIMITS ? resource : EVENT_RLIMIT_UNKNOWN;
}

static __always_inline u32 access_mode(u32 mode)
{
	return mode & 7;
}

/* Mode bits of chmod and mkdir; mkdir's are passed on as they are. */
static __always_inline u32 chmod_mode(u32 mode)
{
	return mode & 07777;
}

/* File type and permission bits as the kernel numbers them. */
static __always_inline u32 mknod_mode(u32 mode)
{
	u32 type = mode & MODE_TYPE_MASK;

	/* Falco knows five types; another one, or none, gives no type bits. */
	if (type != 0100000 && type != 0020000 && type != 0060000 && type != 0010000 &&
	    type != 0140000)
		type = 0;
	return type | (mode & 07777);
}

#endif
