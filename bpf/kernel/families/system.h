/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Kernel modules, BPF, tracing of other processes, keys, quotas, semaphores, new mounts. */
#include "bpf/kernel/event.h"
#include "bpf/kernel/flags_calls.h"

SIMPLE_EXIT(bpf, EVENT_BPF_2_X, 2, {
	put_s64(&e, ret);
	put_u32(&e, ARG(0));
})

SIMPLE_EXIT(seccomp, EVENT_SECCOMP_X, 3, {
	put_s64(&e, ret);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
})

SIMPLE_EXIT(init_module, EVENT_INIT_MODULE_X, 4, {
	put_s64(&e, ret);
	put_data(&e, ARG(0), ARG(1));
	put_u64(&e, ARG(1));
	put_user_text(&e, ARG(2));
})

SIMPLE_EXIT(finit_module, EVENT_FINIT_MODULE_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2) & 7);
})

SIMPLE_EXIT(delete_module, EVENT_DELETE_MODULE_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, MOVE_BIT(ARG(1), 9, 0) | MOVE_BIT(ARG(1), 11, 1)); /* O_TRUNC, O_NONBLOCK */
})

enum {
	PRCTL_SET_NAME = 15,
	PRCTL_GET_NAME = 16,
	PRCTL_SET_CHILD_SUBREAPER = 36,
	PRCTL_GET_CHILD_SUBREAPER = 37,
};

SIMPLE_EXIT(prctl, EVENT_PRCTL_X, 4, {
	u32 option = ARG(0);
	s32 number = 0;

	put_s64(&e, ret);
	put_u32(&e, option);
	switch (option) {
	case PRCTL_SET_NAME:
	case PRCTL_GET_NAME:
		put_user_text(&e, ARG(1));
		put_s64(&e, 0);
		break;
	case PRCTL_GET_CHILD_SUBREAPER:
		READ_USER(number, ARG(1));
		put_empty(&e);
		put_s64(&e, number);
		break;
	default:
		put_empty(&e);
		put_s64(&e, ARG(1));
		break;
	}
})

enum { VARIANT_NUMBER = 0, VARIANT_SIGNAL = 1, VARIANT_TEXT = 1 };

static __always_inline void put_number_variant(struct event *e, u64 value)
{
	u64 start = e->at;

	append_u8(e, VARIANT_NUMBER);
	append_u64(e, value);
	put_appended(e, start);
}

/* What ptrace got or gave: the word that a PEEK stored, the signal that a continuing request
 * delivers, else the argument itself. */
static __always_inline void put_ptrace_data(struct event *e, u64 request, u64 argument)
{
	u64 start = e->at;
	u64 word = 0;

	switch (request) {
	case 1: /* PEEKTEXT */
	case 2: /* PEEKDATA */
	case 3: /* PEEKUSR */
		READ_USER(word, argument);
		put_number_variant(e, word);
		break;
	case 7:	 /* CONT */
	case 9:	 /* SINGLESTEP */
	case 17: /* DETACH */
	case 24: /* SYSCALL */
		append_u8(e, VARIANT_SIGNAL);
		append_u8(e, argument);
		put_appended(e, start);
		break;
	default:
		put_number_variant(e, argument);
		break;
	}
}

SIMPLE_EXIT(ptrace, EVENT_PTRACE_X, 5, {
	put_s64(&e, ret);
	if (ret < 0) {
		put_number_variant(&e, 0);
		put_number_variant(&e, 0);
	} else {
		put_number_variant(&e, ARG(2));
		put_ptrace_data(&e, ARG(0), ARG(3));
	}
	put_u16(&e, ptrace_request(ARG(0)));
	put_fd(&e, ARG(1));
})

enum { KEYCTL_LAST_OPERATION = 32 };

static __always_inline void put_key_argument(struct event *e, u64 value, bool is_text)
{
	u64 start = e->at;

	if (!is_text || !value) {
		put_number_variant(e, value);
		return;
	}
	append_u8(e, VARIANT_TEXT);
	if (append_user_text(e, value, SAKER_MAX_PATH_BYTES) <= 0)
		append_u8(e, 0);
	put_appended(e, start);
}

SIMPLE_EXIT(keyctl, EVENT_KEYCTL_X, 6, {
	u32 operation = ARG(0);
	bool is_known = operation <= KEYCTL_LAST_OPERATION;
	bool is_join = operation == 1;			    /* name of the keyring */
	bool is_named = operation == 10 || operation == 29; /* SEARCH, RESTRICT_KEYRING */

	put_s64(&e, ret);
	put_u32(&e, operation);
	put_key_argument(&e, is_known ? ARG(1) : 0, is_join);
	put_key_argument(&e, is_known ? ARG(2) : 0, is_named);
	put_key_argument(&e, is_known ? ARG(3) : 0, is_named);
	put_key_argument(&e, is_known ? ARG(4) : 0, false);
})

enum { FSCONFIG_STRING = 1, FSCONFIG_BINARY = 2, FSCONFIG_PATH = 3, FSCONFIG_PATH_EMPTY = 4 };

/* The value is told only of calls that succeeded. */
SIMPLE_EXIT(fsconfig, EVENT_FSCONFIG_X, 7, {
	u32 command = ARG(1);

	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, command);
	put_user_text(&e, ARG(2));
	if (ret == 0 && command == FSCONFIG_BINARY)
		put_data(&e, ARG(3), ARG(4));
	else
		put_empty(&e);
	if (ret == 0 && (command == FSCONFIG_STRING || command == FSCONFIG_PATH ||
			 command == FSCONFIG_PATH_EMPTY))
		put_user_text(&e, ARG(3));
	else
		put_empty(&e);
	put_s32(&e, ARG(4));
})

SIMPLE_EXIT(semget, EVENT_SEMGET_X, 4, {
	put_s64(&e, ret);
	put_s32(&e, ARG(0));
	put_s32(&e, ARG(1));
	put_u32(&e, MOVE_BIT(ARG(2), 9, 13) | MOVE_BIT(ARG(2), 10, 14)); /* IPC_CREAT, IPC_EXCL */
})

struct user_sembuf {
	u16 number;
	s16 operation;
	u16 flags;
};

static __always_inline void put_semaphore(struct event *e, const struct user_sembuf *semaphore)
{
	put_u16(e, semaphore->number);
	put_u16(e, semaphore->operation);
	put_u16(e, MOVE_BIT(semaphore->flags, 11, 0) | MOVE_BIT(semaphore->flags, 12, 1));
}

/* The first two operations of a call that succeeded. */
SIMPLE_EXIT(semop, EVENT_SEMOP_X, 9, {
	struct user_sembuf first = {};
	struct user_sembuf second = {};
	u32 operations = ARG(2);

	if (ret == 0 && operations > 0)
		READ_USER(first, ARG(1));
	if (ret == 0 && operations > 1)
		READ_USER(second, ARG(1) + sizeof(first));
	put_s64(&e, ret);
	put_u32(&e, operations);
	put_semaphore(&e, &first);
	put_semaphore(&e, &second);
	put_s32(&e, ARG(0));
})

enum { SEMCTL_SETVAL = 16 };

SIMPLE_EXIT(semctl, EVENT_SEMCTL_X, 5, {
	put_s64(&e, ret);
	put_s32(&e, ARG(0));
	put_s32(&e, ARG(1));
	put_u16(&e, semaphore_command(ARG(2)));
	put_s32(&e, (u32)ARG(2) == SEMCTL_SETVAL ? ARG(3) : 0);
})

enum {
	QUOTA_ON = 0x800002,
	QUOTA_GET_FORMAT = 0x800004,
	QUOTA_GET_INFO = 0x800005,
	QUOTA_SET_INFO = 0x800006,
	QUOTA_GET = 0x800007,
	QUOTA_SET = 0x800008,
	QUOTA_XFS_GET = 0x5803,
	QUOTA_XFS_SET = 0x5804,
};

struct user_quota_block {
	u64 block_hard_limit;
	u64 block_soft_limit;
	u64 current_space;
	u64 inode_hard_limit;
	u64 inode_soft_limit;
	u64 current_inodes;
	u64 block_time;
	u64 inode_time;
	u32 valid;
};

struct user_quota_info {
	u64 block_grace;
	u64 inode_grace;
	u32 flags;
	u32 valid;
};

SIMPLE_EXIT(quotactl, EVENT_QUOTACTL_X, 18, {
	u32 command = (u32)ARG(0) >> 8;
	u32 kind = (u32)ARG(0) & 0xff;
	bool has_block = command == QUOTA_GET || command == QUOTA_SET;
	bool has_info = command == QUOTA_GET_INFO || command == QUOTA_SET_INFO;
	bool has_id = has_block || command == QUOTA_XFS_GET || command == QUOTA_XFS_SET;
	struct user_quota_block block = {};
	struct user_quota_info info = {};
	u32 format = 0;

	if (ret == 0 && has_block)
		READ_USER(block, ARG(3));
	if (ret == 0 && has_info)
		READ_USER(info, ARG(3));
	if (ret == 0 && command == QUOTA_GET_FORMAT)
		READ_USER(format, ARG(3));
	put_s64(&e, ret);
	put_user_text(&e, ARG(1));
	put_user_text(&e, command == QUOTA_ON ? ARG(3) : 0);
	put_u64(&e, block.block_hard_limit);
	put_u64(&e, block.block_soft_limit);
	put_u64(&e, block.current_space);
	put_u64(&e, block.inode_hard_limit);
	put_u64(&e, block.inode_soft_limit);
	put_u64(&e, block.block_time);
	put_u64(&e, block.inode_time);
	put_u64(&e, info.block_grace);
	put_u64(&e, info.inode_grace);
	put_u8(&e, ret == 0 && has_info ? 1 + (info.flags & 1) : 0);
	put_u8(&e, quota_format(format));
	put_u16(&e, quota_command(command));
	put_u8(&e, kind == 0 ? 1 : kind == 1 ? 2 : 0);
	put_u32(&e, has_id ? ARG(2) : 0);
	put_u8(&e, command == QUOTA_ON ? quota_format(ARG(2)) : 1);
})
