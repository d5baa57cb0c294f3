/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Calls that open files, and the descriptors' copies and ends. */
#include "bpf/kernel/files.h"

/* The name as the call has it. If it could not be read when the call began, somebody may have put
 * another one in its place since: then the path of what was opened, or nothing when that is not
 * known. Files that have no name (pipes) keep that of the call. */
static __always_inline void put_opened_name(struct event *e, u64 address, long ret, bool is_unread)
{
	u64 start = e->at;

	if (is_unread && ret >= 0) {
		append_file_path(e, file_of_fd(ret));
		if (e->at - start != 1) {
			put_appended(e, start);
			return;
		}
		e->at = start;
	}
	put_user_text(e, address);
}

SIMPLE_EXIT(open, EVENT_OPEN_X, 6, {
	struct opened o;

	read_opened(&o, ret);
	put_s64(&e, ret);
	put_opened_name(&e, ARG(0), ret, take_unread_call());
	put_u32(&e, open_flags(ARG(1)) | o.flags);
	put_u32(&e, open_mode(ARG(1), ARG(2)));
	put_u32(&e, o.device);
	put_u64(&e, o.inode);
})

SIMPLE_EXIT(openat, EVENT_OPENAT_2_X, 7, {
	struct opened o;

	read_opened(&o, ret);
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_opened_name(&e, ARG(1), ret, take_unread_call());
	put_u32(&e, open_flags(ARG(2)) | o.flags);
	put_u32(&e, open_mode(ARG(2), ARG(3)));
	put_u32(&e, o.device);
	put_u64(&e, o.inode);
})

/* struct open_how, include/uapi/linux/openat2.h. */
struct user_open_how {
	u64 flags;
	u64 mode;
	u64 resolve;
};

/* What the kernel keeps of the flags: all but those of creation. */
static __always_inline u32 opened_flags(long fd)
{
	struct file *file = file_of_fd(fd);

	return file ? BPF_CORE_READ(file, f_flags) : 0;
}

enum { OPEN_ACCESS_MODE = 3 }; /* O_ACCMODE */

SIMPLE_EXIT(openat2, EVENT_OPENAT2_X, 8, {
	struct user_open_how how;
	struct opened o;
	bool is_unread = take_unread_call();

	READ_USER(how, ARG(2));
	if (is_unread && ret >= 0)
		how.flags = (how.flags & ~(u64)OPEN_ACCESS_MODE) | opened_flags(ret);
	read_opened(&o, ret);
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_opened_name(&e, ARG(1), ret, is_unread);
	put_u32(&e, open_flags(how.flags) | o.flags);
	put_u32(&e, open_mode(how.flags, how.mode));
	put_u32(&e, openat2_resolve(how.resolve));
	put_u32(&e, o.device);
	put_u64(&e, o.inode);
})

SIMPLE_EXIT(creat, EVENT_CREAT_X, 6, {
	struct opened o;

	read_opened(&o, ret);
	put_s64(&e, ret);
	put_opened_name(&e, ARG(0), ret, take_unread_call());
	put_u32(&e, (u32)ARG(1) & 07777);
	put_u32(&e, o.device);
	put_u64(&e, o.inode);
	/* FD_UPPER_LAYER_CREAT 1, FD_LOWER_LAYER_CREAT 2 */
	put_u16(&e, MOVE_BIT(o.flags, 15, 0) | MOVE_BIT(o.flags, 16, 1));
})

SIMPLE_EXIT(open_by_handle_at, EVENT_OPEN_BY_HANDLE_AT_X, 6, {
	struct opened o;

	read_opened(&o, ret);
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, open_flags(ARG(2)) | o.flags);
	put_file_path(&e, ret < 0 ? NULL : file_of_fd(ret));
	put_u32(&e, o.device);
	put_u64(&e, o.inode);
})

SIMPLE_EXIT(close, EVENT_CLOSE_X, 2, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
})

SIMPLE_EXIT(close_range, EVENT_CLOSE_RANGE_X, 4, {
	put_s64(&e, ret);
	put_u32(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, close_range_flags(ARG(2)));
})

SIMPLE_EXIT(dup, EVENT_DUP_1_X, 2, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
})

SIMPLE_EXIT(dup2, EVENT_DUP2_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
})

SIMPLE_EXIT(dup3, EVENT_DUP3_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
	put_u32(&e, MOVE_BIT(ARG(2), 19, 12)); /* O_CLOEXEC is the only one */
})

SIMPLE_EXIT(fcntl, EVENT_FCNTL_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u8(&e, fcntl_command(ARG(1)));
	put_u64(&e, ARG(2));
})

/* The two descriptors that the call stored; -1 where it stored none. */
static __always_inline void put_fd_pair(struct event *e, u64 address, s32 *first)
{
	s32 fds[2];

	if (READ_USER(fds, address)) {
		fds[0] = -1;
		fds[1] = -1;
	}
	put_s64(e, fds[0]);
	put_s64(e, fds[1]);
	*first = fds[0];
}

enum { PIPE_FLAGS = 02000000 | 04000 | (1 << O_DIRECT_BIT) };

static __always_inline void put_pipe(struct event *e, long ret, u64 address)
{
	struct file *file;
	s32 first;

	put_s64(e, ret);
	put_fd_pair(e, address, &first);
	file = ret == 0 ? file_of_fd(first) : NULL;
	put_u64(e, file ? BPF_CORE_READ(file, f_inode, i_ino) : 0);
}

SIMPLE_EXIT(pipe, EVENT_PIPE_X, 4, { put_pipe(&e, ret, ARG(0)); })

SIMPLE_EXIT(pipe2, EVENT_PIPE2_X, 5, {
	put_pipe(&e, ret, ARG(0));
	/* An invalid combination says nothing, as in Falco. */
	put_u32(&e, (ARG(1) & ~PIPE_FLAGS) ? 0 : fd_flags(ARG(1)));
})
