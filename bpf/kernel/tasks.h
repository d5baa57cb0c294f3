/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Facts about processes, as the parameters of clone, execve and procexit events. */
#ifndef SAKER_BPF_TASKS_H
#define SAKER_BPF_TASKS_H

#include "bpf/kernel/files.h"

enum {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	RLIMIT_NOFILE = 7,
	KIB_PER_PAGE_SHIFT = 2,
	CAP_DAC_OVERRIDE_BIT = 1,
	SUPER_READ_ONLY = 1,
	INODE_IMMUTABLE = 8,
	/* Deepest cgroup path that is kept; deeper ones lose their innermost parts: the outer ones
	 * tell the container, the inner ones are its own. A power of two. */
	MAX_CGROUP_DEPTH = 32,
	/* Deepest cgroup whose outer parts are found: CGROUP_WALKS walks of CGROUP_STEPS each. */
	CGROUP_STEPS = 64,
	CGROUP_WALKS = 64,
	/* Supplementary groups that are searched. */
	MAX_GROUPS = 32,
};

/* The id of `pid` in the pid namespace of the initial system (level 0) or in its own (deepest). */
static __always_inline s32 pid_number(struct pid *pid, u32 level)
{
	struct upid upid = {};

	bpf_core_read(&upid.nr, sizeof(upid.nr), &pid->numbers[0].nr);
	if (level) {
		u64 stride = bpf_core_type_size(struct upid);
		u64 base = (u64)&pid->numbers[0].nr;

		bpf_probe_read_kernel(&upid.nr, sizeof(upid.nr), (void *)(base + level * stride));
	}
	return upid.nr;
}

static __always_inline struct pid *task_pid(struct task_struct *task, int type)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *pid = NULL;

	if (type == PIDTYPE_PID)
		return BPF_CORE_READ(task, thread_pid);
	bpf_core_read(&pid, sizeof(pid), &signal->pids[type]);
	return pid;
}

static __always_inline u32 pid_level(struct task_struct *task)
{
	return BPF_CORE_READ(task, thread_pid, level);
}

/* Ids as the task's own pid namespace has them. */
static __always_inline s32 task_virtual_id(struct task_struct *task, int type)
{
	return pid_number(task_pid(task, type), pid_level(task));
}

static __always_inline s32 task_global_id(struct task_struct *task, int type)
{
	return pid_number(task_pid(task, type), 0);
}

static __always_inline struct pid_namespace *task_pid_namespace(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u64 stride = bpf_core_type_size(struct upid);
	struct pid_namespace *ns = NULL;

	bpf_probe_read_kernel(&ns, sizeof(ns),
			      (void *)((u64)&pid->numbers[0].ns + pid_level(task) * stride));
	return ns;
}

/* exe (argv[0]) and args (the rest, pieces with NUL) of the running image. */
static __always_inline void put_exe_and_args(struct event *e, struct mm_struct *mm)
{
	u64 at = mm ? BPF_CORE_READ(mm, arg_start) : 0;
	u64 end = mm ? BPF_CORE_READ(mm, arg_end) : 0;
	u64 start = e->at;
	long length;
	u64 left;

	length = append_user_text(e, at, SAKER_MAX_ARGS_BYTES);
	put_appended(e, start);
	start = e->at;
	if (length > 0 && at + length < end) {
		at += length;
		left = end - at;
		if (left > SAKER_MAX_ARGS_BYTES - (u64)length)
			left = SAKER_MAX_ARGS_BYTES - (u64)length;
		append_user_bytes(e, at, left, SAKER_MAX_ARGS_BYTES);
		if (e->at > start) /* a cut piece is terminated */
			e->s->bytes[(e->at - 1) & SCRATCH_MASK] = 0;
	}
	put_appended(e, start);
}

static __always_inline void put_environment(struct event *e, struct mm_struct *mm)
{
	u64 at = mm ? BPF_CORE_READ(mm, env_start) : 0;
	u64 end = mm ? BPF_CORE_READ(mm, env_end) : 0;
	u64 start = e->at;

	if (at < end) {
		append_user_bytes(e, at, end - at, SAKER_MAX_ARGS_BYTES);
		if (e->at > start)
			e->s->bytes[(e->at - 1) & SCRATCH_MASK] = 0;
	}
	put_appended(e, start);
}

static __always_inline void put_memory_sizes(struct event *e, struct mm_struct *mm)
{
	u32 size = 0, resident = 0, swapped = 0;

	if (mm) {
		size = BPF_CORE_READ(mm, total_vm) << KIB_PER_PAGE_SHIFT;
		resident = (mm_pages(mm, MM_FILEPAGES) + mm_pages(mm, MM_ANONPAGES) +
			    mm_pages(mm, MM_SHMEMPAGES))
			   << KIB_PER_PAGE_SHIFT;
		swapped = mm_pages(mm, MM_SWAPENTS) << KIB_PER_PAGE_SHIFT;
	}
	put_u32(e, size);
	put_u32(e, resident);
	put_u32(e, swapped);
}

/* Up to CGROUP_STEPS steps of append_cgroup_path() upwards from s->groups.node; whether it is done.
 * Global: see walk_path(). */
__noinline int walk_cgroups(u32 cpu)
{
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	int i;

	if (!s)
		return true;
	for (i = 0; i < CGROUP_STEPS; i++) {
		struct kernfs_node *node = (struct kernfs_node *)s->groups.node;
		struct kernfs_node *parent = node ? kernfs_parent(node) : NULL;

		if (!parent) /* the root has no name */
			return true;
		s->groups.nodes[s->groups.depth & (MAX_CGROUP_DEPTH - 1)] = (u64)node;
		s->groups.depth++;
		s->groups.node = (u64)parent;
	}
	return false;
}

/* Appends the path of the task's cgroup in one hierarchy, NUL-terminated, at offset `at` of the
 * scratch space. Returns the offset after it. Global: see path_of(). */
__noinline int append_cgroup_path(u64 set_address, u32 controller, u32 at)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	struct css_set *set = (struct css_set *)set_address;
	struct cgroup_subsys_state *state = NULL;
	bool is_done = false;
	struct event e;
	u32 i;

	if (!s)
		return at;
	e.s = s;
	bpf_core_read(&state, sizeof(state), &set->subsys[controller & 15]);
	s->groups.node = (u64)BPF_CORE_READ(state, cgroup, kn);
	s->groups.depth = 0;
	for (i = 0; i < CGROUP_WALKS; i++) {
		is_done = walk_cgroups(cpu);
		if (is_done)
			break;
	}
	if (!is_done || s->groups.depth > MAX_CGROUP_DEPTH)
		count(SAKER_FLAW_TRUNCATED);
	s->cursor = at;
	for (i = 0; i < MAX_CGROUP_DEPTH; i++) {
		u64 depth = s->groups.depth;
		struct kernfs_node *node;

		if (i >= depth)
			break;
		node = (struct kernfs_node *)
			       s->groups.nodes[(depth - 1 - i) & (MAX_CGROUP_DEPTH - 1)];
		e.at = s->cursor & SCRATCH_MASK;
		append_u8(&e, '/');
		if (append_kernel_text(&e, BPF_CORE_READ(node, name), 256) > 0)
			e.at -= 1;
		s->cursor = e.at;
	}
	e.at = s->cursor & SCRATCH_MASK;
	if (!s->groups.depth)
		append_u8(&e, '/');
	append_u8(&e, 0);
	return e.at;
}

#define APPEND_CGROUP(e, set, name)                                                                \
	do {                                                                                       \
		static const char saker_prefix[] = #name "=";                                      \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id___any,                        \
					       name##_cgrp_id___any)) {                            \
			append_kernel_text(e, saker_prefix, sizeof(saker_prefix));                 \
			(e)->at -= 1; /* over the NUL */                                           \
			(e)->at = append_cgroup_path(                                              \
				(u64)(set),                                                        \
				bpf_core_enum_value(enum cgroup_subsys_id___any,                   \
						    name##_cgrp_id___any),                         \
				(e)->at);                                                          \
		}                                                                                  \
	} while (0)

/* Falco's choice and order of controllers: enough to find a container's id. */
static __always_inline void put_cgroups(struct event *e, struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	u64 start = e->at;

	APPEND_CGROUP(e, set, cpuset);
	APPEND_CGROUP(e, set, cpu);
	APPEND_CGROUP(e, set, cpuacct);
	APPEND_CGROUP(e, set, io);
	APPEND_CGROUP(e, set, memory);
	put_appended(e, start);
}

/* Device number of the controlling terminal; 0: none. */
static __always_inline u32 task_tty(struct task_struct *task)
{
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	struct tty_driver *driver = tty ? BPF_CORE_READ(tty, driver) : NULL;
	u32 major, minor;

	if (!driver)
		return 0;
	major = BPF_CORE_READ(driver, major);
	minor = BPF_CORE_READ(driver, minor_start) + BPF_CORE_READ(tty, index);
	return encode_device((major << 20) | (minor & 0xfffff));
}

static __always_inline bool is_in_group(const struct cred *cred, u32 gid)
{
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	int group_count = groups ? BPF_CORE_READ(groups, ngroups) : 0;
	int i;

	if (BPF_CORE_READ(cred, fsgid.val) == gid)
		return true;
	for (i = 0; i < MAX_GROUPS; i++) {
		u32 other = 0;

		if (i >= group_count)
			break;
		bpf_core_read(&other, sizeof(other), &groups->gid[i]);
		if (other == gid)
			return true;
	}
	return false;
}

/* Whether the task may write its executable: generic_permission() of the kernel without ACLs.
 * Global: see path_of(). */
__noinline int is_writable_by(u64 inode_address, u64 cred_address)
{
	struct inode *inode = (struct inode *)inode_address;
	const struct cred *cred = (const struct cred *)cred_address;
	struct capabilities caps = {};
	u32 mode = BPF_CORE_READ(inode, i_mode);

	if (BPF_CORE_READ(inode, i_sb, s_flags) & SUPER_READ_ONLY)
		return false;
	if (BPF_CORE_READ(inode, i_flags) & INODE_IMMUTABLE)
		return false;
	read_capabilities(cred, &caps);
	if (caps.effective & (1ULL << CAP_DAC_OVERRIDE_BIT))
		return true;
	if (BPF_CORE_READ(cred, fsuid.val) == BPF_CORE_READ(inode, i_uid.val))
		return (mode & 0200) != 0;
	if (is_in_group(cred, BPF_CORE_READ(inode, i_gid.val)))
		return (mode & 0020) != 0;
	return (mode & 0002) != 0;
}

/* A memfd's dentry hangs nowhere and is called "memfd:NAME". */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	u64 name = 0;

	if (BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(&name, 6, BPF_CORE_READ(dentry, d_name.name));
	return name == 0x3a64666d656dULL; /* "memfd:", little endian */
}

static __always_inline u32 exe_flags(struct file *exe, struct inode *inode, const struct cred *cred)
{
	enum overlay_layer layer = overlay_layer_of(inode);
	u32 flags = 0;

	if (is_writable_by((u64)inode, (u64)cred))
		flags |= EVENT_EXE_WRITABLE;
	flags |= (layer == LAYER_UPPER) * EVENT_EXE_UPPER_LAYER;
	flags |= (layer == LAYER_LOWER) * EVENT_EXE_LOWER_LAYER;
	if (is_memfd(exe))
		flags |= EVENT_EXE_FROM_MEMFD;
	return flags;
}

#endif
