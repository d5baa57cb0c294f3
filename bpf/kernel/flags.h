/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * From the kernel's numbers of flags to those of Falco's events. Source: spec of the event
 * encoding (flag tables); kernel numbers from include/uapi, which never change.
 *
 * Everything is arithmetic without branches: one `if` per flag would double the verifier's states
 * with every flag. The header also compiles outside of BPF programs, for tests/unit/bpf.
 */
#ifndef SAKER_BPF_FLAGS_H
#define SAKER_BPF_FLAGS_H

#ifdef __bpf__
#include "bpf/kernel/kernel_types.h"
#endif

/* Bit `from` of `value`, moved to bit `to`. */
#define MOVE_BIT(value, from, to) ((((u32)(value) >> (from)) & 1U) << (to))
/* `to` if any bit of `mask` is set in `value`. */
#define IF_ANY(value, mask, to) ((u32)(((value) & (mask)) != 0) * (u32)(to))

enum {
	EVENT_O_RDONLY = 1 << 0,
	EVENT_O_WRONLY = 1 << 1,
	EVENT_O_F_CREATED = 1 << 14,
	EVENT_FD_UPPER_LAYER = 1 << 15,
	EVENT_FD_LOWER_LAYER = 1 << 16,
};

#if defined(__TARGET_ARCH_x86)
enum { O_DIRECT_BIT = 14, O_LARGEFILE_BIT = 15, O_DIRECTORY_BIT = 16, O_NOFOLLOW_BIT = 17 };
#else
enum { O_DIRECTORY_BIT = 14, O_NOFOLLOW_BIT = 15, O_DIRECT_BIT = 16, O_LARGEFILE_BIT = 17 };
#endif

enum { CALL_O_CREAT = 0100, CALL_O_TMPFILE_ONLY = 020000000 };

/* Access mode 0, 1, 2 become 1, 2, 3; the invalid mode 3 counts as read-only, as in Falco.
 * O_DIRECTORY alone also gives O_TMPFILE, and O_DSYNC alone O_SYNC: the calls' flags contain one
 * another, and Falco asks for any bit (seen in its recordings). */
static __always_inline u32 open_flags(u32 flags)
{
	u32 mode = flags & 3;
	u32 result = (mode + 1) & 3;

	result |= (u32)(mode == 3);
	result |= MOVE_BIT(flags, 6, 2);			   /* O_CREAT */
	result |= MOVE_BIT(flags, 10, 3);			   /* O_APPEND */
	result |= MOVE_BIT(flags, 12, 4);			   /* O_DSYNC */
	result |= MOVE_BIT(flags, 7, 5);			   /* O_EXCL */
	result |= MOVE_BIT(flags, 11, 6);			   /* O_NONBLOCK */
	result |= MOVE_BIT(flags, 12, 7) | MOVE_BIT(flags, 20, 7); /* O_SYNC */
	result |= MOVE_BIT(flags, 9, 8);			   /* O_TRUNC */
	result |= MOVE_BIT(flags, O_DIRECT_BIT, 9);
	result |= MOVE_BIT(flags, O_DIRECTORY_BIT, 10);
	result |= MOVE_BIT(flags, O_LARGEFILE_BIT, 11);
	result |= MOVE_BIT(flags, 19, 12);					  /* O_CLOEXEC */
	result |= MOVE_BIT(flags, 22, 13) | MOVE_BIT(flags, O_DIRECTORY_BIT, 13); /* O_TMPFILE */
	return result;
}

/* The mode argument counts only when a file may be created. */
static __always_inline u32 open_mode(u32 flags, u32 mode)
{
	return (flags & (CALL_O_CREAT | CALL_O_TMPFILE_ONLY)) ? mode & 07777 : 0;
}

/* O_CLOEXEC, O_NONBLOCK and O_DIRECT of calls that make a descriptor (pipe2, dup3, socket ...). */
static __always_inline u32 fd_flags(u32 flags)
{
	return MOVE_BIT(flags, 19, 12) | MOVE_BIT(flags, 11, 6) | MOVE_BIT(flags, O_DIRECT_BIT, 9);
}

static __always_inline u32 clone_flags(u64 flags)
{
	u32 result = 0;

	result |= MOVE_BIT(flags, 10, 0);  /* FILES */
	result |= MOVE_BIT(flags, 9, 1);   /* FS */
	result |= MOVE_BIT(flags, 31, 2);  /* IO */
	result |= MOVE_BIT(flags, 27, 3);  /* NEWIPC */
	result |= MOVE_BIT(flags, 30, 4);  /* NEWNET */
	result |= MOVE_BIT(flags, 17, 5);  /* NEWNS */
	result |= MOVE_BIT(flags, 29, 6);  /* NEWPID */
	result |= MOVE_BIT(flags, 26, 7);  /* NEWUTS */
	result |= MOVE_BIT(flags, 15, 8);  /* PARENT */
	result |= MOVE_BIT(flags, 20, 9);  /* PARENT_SETTID */
	result |= MOVE_BIT(flags, 13, 10); /* PTRACE */
	result |= MOVE_BIT(flags, 11, 11); /* SIGHAND */
	result |= MOVE_BIT(flags, 18, 12); /* SYSVSEM */
	result |= MOVE_BIT(flags, 16, 13); /* THREAD */
	result |= MOVE_BIT(flags, 23, 14); /* UNTRACED */
	result |= MOVE_BIT(flags, 8, 15);  /* VM */
	result |= MOVE_BIT(flags, 28, 20); /* NEWUSER */
	result |= MOVE_BIT(flags, 21, 23); /* CHILD_CLEARTID */
	result |= MOVE_BIT(flags, 24, 24); /* CHILD_SETTID */
	result |= MOVE_BIT(flags, 19, 25); /* SETTLS */
	result |= MOVE_BIT(flags, 14, 27); /* VFORK */
	result |= MOVE_BIT(flags, 25, 28); /* NEWCGROUP */
	return result;
}

enum {
	EVENT_CLONE_FILES = 1 << 0,
	EVENT_CLONE_FS = 1 << 1,
	EVENT_CLONE_NEWIPC = 1 << 3,
	EVENT_CLONE_NEWNET = 1 << 4,
	EVENT_CLONE_NEWNS = 1 << 5,
	EVENT_CLONE_NEWPID = 1 << 6,
	EVENT_CLONE_NEWUTS = 1 << 7,
	EVENT_CLONE_SIGHAND = 1 << 11,
	EVENT_CLONE_THREAD = 1 << 13,
	EVENT_CLONE_VM = 1 << 15,
	EVENT_CLONE_VFORK = 1 << 27,
	EVENT_CLONE_CHILD_IN_PIDNS = 1 << 29,
};

enum {
	EVENT_EXE_WRITABLE = 1,
	EVENT_EXE_UPPER_LAYER = 2,
	EVENT_EXE_FROM_MEMFD = 4,
	EVENT_EXE_LOWER_LAYER = 8,
};

/* The same numbers, without the magic value that old programs put into the upper half. */
static __always_inline u32 mount_flags(u64 flags)
{
	return (flags & 0xffff0000) == 0xc0ed0000 ? flags & 0xffff : flags;
}

/* Falco's list of fcntl commands begins at 1, without F_SETPIPE_SZ's base. Unknown: 0. */
static __always_inline u8 fcntl_command(u32 command)
{
	if (command <= 4)
		return command + 1; /* F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL */
	switch (command) {
	case 5:
		return 6; /* F_GETLK */
	case 6:
		return 8; /* F_SETLK */
	case 7:
		return 9; /* F_SETLKW */
	case 8:
		return 10; /* F_SETOWN */
	case 9:
		return 12; /* F_GETOWN */
	case 10:
		return 13; /* F_SETSIG */
	case 11:
		return 15; /* F_GETSIG */
	case 15:
		return 21; /* F_SETOWN_EX */
	case 16:
		return 22; /* F_GETOWN_EX */
	case 36:
		return 30; /* F_OFD_GETLK */
	case 37:
		return 31; /* F_OFD_SETLK */
	case 38:
		return 32; /* F_OFD_SETLKW */
	case 1024:
		return 23; /* F_SETLEASE */
	case 1025:
		return 24; /* F_GETLEASE */
	case 1026:
		return 27; /* F_NOTIFY */
	case 1029:
		return 25; /* F_CANCELLK */
	case 1030:
		return 26; /* F_DUPFD_CLOEXEC */
	case 1031:
		return 28; /* F_SETPIPE_SZ */
	case 1032:
		return 29; /* F_GETPIPE_SZ */
	default:
		return 0;
	}
}

/* LOCK_NB is 4 in both; an operation of none of these bits is LOCK_NONE. */
static __always_inline u32 flock_operation(u32 operation)
{
	return operation & 0xf;
}

/* AT_* of linkat, unlinkat and newfstatat keep the kernel's numbers. */
static __always_inline u32 unlinkat_flags(u32 flags)
{
	return flags & 0x200; /* AT_REMOVEDIR */
}

static __always_inline u32 linkat_flags(u32 flags)
{
	return flags & (0x400 | 0x1000); /* AT_SYMLINK_FOLLOW, AT_EMPTY_PATH */
}

static __always_inline u32 newfstatat_flags(u32 flags)
{
	return flags & (0x1000 | 0x800 | 0x100);
}

/* AT_SYMLINK_NOFOLLOW is 0x400 in this table only, and Falco tests the same bit of the argument, so
 * it never sees the kernel's 0x100 (seen in its recordings). */
static __always_inline u32 fchownat_flags(u32 flags)
{
	return flags & (0x400 | 0x1000);
}

/* BENEATH 8, IN_ROOT 16, NO_MAGICLINKS 2, NO_SYMLINKS 4, NO_XDEV 1, CACHED 32. */
static __always_inline u32 openat2_resolve(u64 resolve)
{
	return MOVE_BIT(resolve, 3, 0) | MOVE_BIT(resolve, 4, 1) | MOVE_BIT(resolve, 1, 2) |
	       MOVE_BIT(resolve, 2, 3) | MOVE_BIT(resolve, 0, 4) | MOVE_BIT(resolve, 5, 5);
}

/* CLOEXEC 1, ALLOW_SEALING 2, HUGETLB 4 in both. */
static __always_inline u32 memfd_flags(u32 flags)
{
	return flags & 7;
}

static __always_inline u32 close_range_flags(u32 flags)
{
	return flags & 6;
}

/* FORCE, DETACH, EXPIRE, NOFOLLOW in both. */
static __always_inline u32 umount_flags(u32 flags)
{
	return flags & 15;
}

/* dev_t of the kernel (12 + 20 bits) as user space and the events have it. */
static __always_inline u32 encode_device(u32 device)
{
	u32 major = device >> 20;
	u32 minor = device & 0xfffff;

	return (minor & 0xff) | (major << 8) | ((minor & ~0xffU) << 12);
}

/* The other way round: mknod events carry the kernel's form. */
static __always_inline u32 decode_device(u32 device)
{
	u32 major = (device & 0xfff00) >> 8;
	u32 minor = (device & 0xff) | ((device >> 12) & 0xfff00);

	return (major << 20) | minor;
}

#endif
