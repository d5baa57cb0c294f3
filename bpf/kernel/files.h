/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Facts about open files: device, inode, overlay layer, path. */
#ifndef SAKER_BPF_FILES_H
#define SAKER_BPF_FILES_H

#include "bpf/kernel/event.h"
#include "bpf/kernel/flags_calls.h"

enum {
	OVERLAYFS_MAGIC = 0x794c7630, /* include/uapi/linux/magic.h */
	FMODE_CREATED_BIT = 0x100000, /* include/linux/fs.h */
	MODE_SOCKET = 0140000,
	/* Path components plus mounts crossed: PATH_WALKS walks of PATH_STEPS each. A step costs
	 * the verifier one pass over the loop, a walk only a call. Mounts can be stacked by the
	 * thousand, which must not push a path's beginning out of sight. */
	PATH_STEPS = 64,
	PATH_WALKS = 128,
	MAX_NAME_BYTES = 255,
};

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* The open file behind `fd` of the calling process; null when there is none. */
static __always_inline struct file *file_of_fd(s32 fd)
{
	struct files_struct *files = BPF_CORE_READ(current_task(), files);
	struct fdtable *table = BPF_CORE_READ(files, fdt);
	struct file **slots = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	if (fd < 0 || (u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), &slots[fd]);
	return file;
}

static __always_inline u32 inode_device(struct inode *inode)
{
	return encode_device(BPF_CORE_READ(inode, i_sb, s_dev));
}

enum overlay_layer { LAYER_NONE, LAYER_UPPER, LAYER_LOWER };

/* Which layer of an overlay file system holds the file. A file that was copied up counts as upper.
 * Without BTF of a modular overlayfs the member is taken to follow the embedded inode, as it has
 * since 4.13 (09d8b586731b). */
static __always_inline enum overlay_layer overlay_layer_of(struct inode *inode)
{
	struct dentry *upper = NULL;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_MAGIC)
		return LAYER_NONE;
	if (bpf_core_type_exists(struct ovl_inode)) {
		u64 base = (u64)inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);

		bpf_probe_read_kernel(
			&upper, sizeof(upper),
			(void *)(base + bpf_core_field_offset(struct ovl_inode, __upperdentry)));
	} else {
		bpf_probe_read_kernel(&upper, sizeof(upper),
				      (void *)((u64)inode + bpf_core_type_size(struct inode)));
	}
	return upper ? LAYER_UPPER : LAYER_LOWER;
}

/* Paths are assembled backwards in the upper half of the scratch space. */
enum {
	PATH_BUFFER = SCRATCH_MASK + 1,
	PATH_BUFFER_BYTES = 0x8000,
	/* The beginning of a path is kept, so much of it as an event has room for. */
	PATH_KEPT = PATH_BUFFER + PATH_BUFFER_BYTES - 1 - SAKER_MAX_PATH_BYTES,
};
_Static_assert(PATH_BUFFER + PATH_BUFFER_BYTES + MAX_NAME_BYTES <= SCRATCH_BYTES, "path buffer");

enum path_state { PATH_GOES_ON, PATH_IS_COMPLETE };

/* 1 if equal, else 0, without a branch. */
static __always_inline u64 is_equal(u64 a, u64 b)
{
	u64 difference = a ^ b;

	OPAQUE(difference);
	difference = (difference | -difference) >> 63;
	OPAQUE(difference);
	return 1 - difference;
}

/* `a` if `condition` is 1, `b` if it is 0, without a branch. */
static __always_inline u64 select(u64 condition, u64 a, u64 b)
{
	u64 mask = -condition;

	OPAQUE(mask);
	return b ^ ((a ^ b) & mask);
}

/* Up to PATH_STEPS further steps of path_of(); an enum path_state. Inside the loop every decision
 * except those that leave it is arithmetic. */
__noinline int walk_path(u32 cpu)
{
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	int i;

	if (!s)
		return PATH_GOES_ON;
	for (i = 0; i < PATH_STEPS; i++) {
		u64 mount = s->walk.mount;
		u64 dentry = s->walk.dentry;
		struct mount *m = (struct mount *)mount;
		struct dentry *d = (struct dentry *)dentry;
		u64 parent = (u64)BPF_CORE_READ(d, d_parent);
		u64 above = (u64)BPF_CORE_READ(m, mnt_parent);
		u64 at_root = is_equal(dentry, (u64)BPF_CORE_READ(m, mnt.mnt_root));
		u32 length = BPF_CORE_READ(d, d_name.len) & MAX_NAME_BYTES;
		u32 at = s->walk.at;
		u32 next = at - length - 1;

		if (at_root & is_equal(above, mount)) {
			/* Errors in the pointer mark the kernel's internal mounts. */
			u64 ns = (u64)BPF_CORE_READ(m, mnt_ns);

			s->walk.is_detached = !ns || ns >= (u64)-4095;
			return PATH_IS_COMPLETE;
		}
		if (at <= MAX_NAME_BYTES) { /* full: what is behind the kept part gives way */
			bpf_probe_read_kernel(
				&s->bytes[PATH_KEPT], SAKER_MAX_PATH_BYTES,
				&s->bytes[PATH_BUFFER + (at & (PATH_BUFFER_BYTES - 1))]);
			at = PATH_BUFFER_BYTES - 1 - SAKER_MAX_PATH_BYTES;
			next = at - length - 1;
		}
		s->bytes[PATH_BUFFER + (next & (PATH_BUFFER_BYTES - 1))] = '/';
		bpf_probe_read_kernel(
			&s->bytes[PATH_BUFFER + ((next + 1) & (PATH_BUFFER_BYTES - 1))], length,
			BPF_CORE_READ(d, d_name.name));
		/* A mount's root has no name of its own: the next name is written over it. */
		s->walk.at = select(at_root, at, next);
		if (~at_root & is_equal(dentry, parent)) { /* not reachable from any mount */
			s->walk.is_detached = 1;
			return PATH_IS_COMPLETE;
		}
		s->walk.dentry = select(at_root, (u64)BPF_CORE_READ(m, mnt_mountpoint), parent);
		s->walk.mount = select(at_root, above, mount);
	}
	return PATH_GOES_ON;
}

/* Writes the path of (mnt, dentry) into the upper half of the scratch space, NUL-terminated, as
 * seen from the root of its mount tree. Returns its offset there, or a negative number when the
 * path does not end: the part that is known would look like another path.
 *
 * Files of detached mounts (memfd, fsmount) have no leading slash, as in Falco.
 *
 * A global function: the verifier checks it once instead of at every call. Such functions cannot
 * take kernel pointers, hence the integers. */
__noinline int path_of(u64 mnt_address, u64 dentry_address)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	int state = PATH_GOES_ON;
	u32 at;
	int i;

	if (!s)
		return -1;
	s->walk.mount = mnt_address - bpf_core_field_offset(struct mount, mnt);
	s->walk.dentry = dentry_address;
	s->walk.at = PATH_BUFFER_BYTES - 1;
	s->walk.is_detached = 0;
	s->bytes[PATH_BUFFER + PATH_BUFFER_BYTES - 1] = 0;
	for (i = 0; i < PATH_WALKS; i++) {
		state = walk_path(cpu);
		if (state != PATH_GOES_ON)
			break;
	}
	if (state != PATH_IS_COMPLETE) {
		count(SAKER_FLAW_TRUNCATED);
		return -1;
	}
	at = s->walk.at;
	if (s->bytes[PATH_BUFFER + (at & (PATH_BUFFER_BYTES - 1))] == 0) { /* the root itself */
		at--;
		s->bytes[PATH_BUFFER + (at & (PATH_BUFFER_BYTES - 1))] = '/';
	} else {
		at += s->walk.is_detached;
	}
	return at & (PATH_BUFFER_BYTES - 1);
}

static __always_inline void append_file_path(struct event *e, struct file *file)
{
	int offset = -1;

	if (file)
		offset = path_of((u64)BPF_CORE_READ(file, f_path.mnt),
				 (u64)BPF_CORE_READ(file, f_path.dentry));
	if (offset >= 0 &&
	    append_kernel_text(e, &e->s->bytes[PATH_BUFFER + (offset & (PATH_BUFFER_BYTES - 1))],
			       SAKER_MAX_PATH_BYTES) == SAKER_MAX_PATH_BYTES)
		count(SAKER_FLAW_TRUNCATED);
}

static __always_inline void put_file_path(struct event *e, struct file *file)
{
	u64 start = e->at;

	append_file_path(e, file);
	put_appended(e, start);
}

/* What an open-like event says of the file it opened. All zero when the call failed. */
struct opened {
	u32 flags; /* O_F_CREATED, FD_UPPER_LAYER, FD_LOWER_LAYER */
	u32 device;
	u64 inode;
};

static __always_inline void read_opened(struct opened *o, long fd)
{
	struct file *file = fd < 0 ? NULL : file_of_fd(fd);
	struct inode *inode = file ? BPF_CORE_READ(file, f_inode) : NULL;
	enum overlay_layer layer;

	o->flags = 0;
	o->device = 0;
	o->inode = 0;
	if (!inode)
		return;
	layer = overlay_layer_of(inode);
	o->device = inode_device(inode);
	o->inode = BPF_CORE_READ(inode, i_ino);
	o->flags = IF_ANY(BPF_CORE_READ(file, f_mode), FMODE_CREATED_BIT, EVENT_O_F_CREATED) |
		   (layer == LAYER_UPPER) * EVENT_FD_UPPER_LAYER |
		   (layer == LAYER_LOWER) * EVENT_FD_LOWER_LAYER;
}

#endif
