/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Calls on paths and file metadata. */
#include "bpf/kernel/files.h"

/* Calls of one path: result, path. */
#define PATH_EXIT(name, type)                                                                      \
	SIMPLE_EXIT(name, type, 2, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_user_text(&e, ARG(0));                                                         \
	})
PATH_EXIT(chdir, EVENT_CHDIR_X)
PATH_EXIT(chroot, EVENT_CHROOT_X)
PATH_EXIT(rmdir, EVENT_RMDIR_2_X)
PATH_EXIT(unlink, EVENT_UNLINK_2_X)
PATH_EXIT(stat, EVENT_STAT_X)
PATH_EXIT(lstat, EVENT_LSTAT_X)

/* Calls of two paths: result, path, path. */
#define TWO_PATHS_EXIT(name, type)                                                                 \
	SIMPLE_EXIT(name, type, 3, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_user_text(&e, ARG(0));                                                         \
		put_user_text(&e, ARG(1));                                                         \
	})
TWO_PATHS_EXIT(link, EVENT_LINK_2_X)
TWO_PATHS_EXIT(rename, EVENT_RENAME_X)
TWO_PATHS_EXIT(symlink, EVENT_SYMLINK_X)

SIMPLE_EXIT(fchdir, EVENT_FCHDIR_X, 2, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
})
SIMPLE_EXIT(fstat, EVENT_FSTAT_X, 2, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
})

SIMPLE_EXIT(getcwd, EVENT_GETCWD_X, 2, {
	put_s64(&e, ret);
	put_user_text(&e, ret < 0 ? 0 : ARG(0));
})

SIMPLE_EXIT(access, EVENT_ACCESS_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, access_mode(ARG(1)));
})

SIMPLE_EXIT(newfstatat, EVENT_NEWFSTATAT_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, newfstatat_flags(ARG(3)));
})

SIMPLE_EXIT(chmod, EVENT_CHMOD_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, chmod_mode(ARG(1)));
})

SIMPLE_EXIT(fchmod, EVENT_FCHMOD_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, chmod_mode(ARG(1)));
})

SIMPLE_EXIT(fchmodat, EVENT_FCHMODAT_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, chmod_mode(ARG(2)));
})

#define CHOWN_EXIT(name, type, put_target)                                                         \
	SIMPLE_EXIT(name, type, 4, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_target(&e, ARG(0));                                                            \
		put_u32(&e, ARG(1));                                                               \
		put_u32(&e, ARG(2));                                                               \
	})
CHOWN_EXIT(chown, EVENT_CHOWN_X, put_user_text)
CHOWN_EXIT(lchown, EVENT_LCHOWN_X, put_user_text)
CHOWN_EXIT(fchown, EVENT_FCHOWN_X, put_fd)

SIMPLE_EXIT(fchownat, EVENT_FCHOWNAT_X, 6, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2));
	put_u32(&e, ARG(3));
	put_u32(&e, fchownat_flags(ARG(4)));
})

SIMPLE_EXIT(unlinkat, EVENT_UNLINKAT_2_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, unlinkat_flags(ARG(2)));
})

SIMPLE_EXIT(mkdir, EVENT_MKDIR_2_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1));
})

SIMPLE_EXIT(mkdirat, EVENT_MKDIRAT_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2));
})

SIMPLE_EXIT(renameat, EVENT_RENAMEAT_X, 5, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_fd(&e, ARG(2));
	put_user_text(&e, ARG(3));
})

SIMPLE_EXIT(renameat2, EVENT_RENAMEAT2_X, 6, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_fd(&e, ARG(2));
	put_user_text(&e, ARG(3));
	put_u32(&e, ARG(4)); /* same numbers */
})

SIMPLE_EXIT(linkat, EVENT_LINKAT_2_X, 6, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_fd(&e, ARG(2));
	put_user_text(&e, ARG(3));
	put_u32(&e, linkat_flags(ARG(4)));
})

SIMPLE_EXIT(symlinkat, EVENT_SYMLINKAT_X, 4, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_fd(&e, ARG(1));
	put_user_text(&e, ARG(2));
})

SIMPLE_EXIT(mknod, EVENT_MKNOD_X, 4, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, mknod_mode(ARG(1)));
	put_u32(&e, decode_device(ARG(2)));
})

SIMPLE_EXIT(mknodat, EVENT_MKNODAT_X, 5, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, mknod_mode(ARG(2)));
	put_u32(&e, decode_device(ARG(3)));
})

SIMPLE_EXIT(mount, EVENT_MOUNT_X, 5, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_user_text(&e, ARG(2));
	put_u32(&e, mount_flags(ARG(3)));
})

SIMPLE_EXIT(umount2, EVENT_UMOUNT2_X, 3, {
	put_s64(&e, ret);
	put_user_text(&e, ARG(0));
	put_u32(&e, umount_flags(ARG(1)));
})
