/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Birth, change of image and death of processes. */
#include "bpf/kernel/tasks.h"

/* Parameters 1..14 that clone and execve events have in common. */
static __always_inline void put_process(struct event *e, struct task_struct *task,
					struct mm_struct *mm)
{
	put_s64(e, BPF_CORE_READ(task, pid));
	put_s64(e, BPF_CORE_READ(task, tgid));
	put_s64(e, BPF_CORE_READ(task, real_parent, pid));
	put_empty(e); /* cwd: kept by the state, as in Falco */
	put_u64(e, BPF_CORE_READ(task, signal, rlim[RLIMIT_NOFILE].rlim_cur));
	put_u64(e, BPF_CORE_READ(task, maj_flt));
	put_u64(e, BPF_CORE_READ(task, min_flt));
	put_memory_sizes(e, mm);
	put_kernel_text(e, task->comm);
	put_cgroups(e, task);
}

static __always_inline int emit_clone(u32 type, struct task_struct *task, long ret, u32 flags)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct pid_namespace *ns = task_pid_namespace(task);
	u32 level = pid_level(task);
	struct event e;

	if (!event_begin(&e, type, 21))
		return 0;
	/* A process inside a pid namespace, or one that makes children for another. */
	if (level || BPF_CORE_READ(task, nsproxy, pid_ns_for_children) != ns)
		flags |= EVENT_CLONE_CHILD_IN_PIDNS;
	put_s64(&e, ret);
	put_exe_and_args(&e, mm);
	put_process(&e, task, mm);
	put_u32(&e, flags);
	put_u32(&e, BPF_CORE_READ(task, cred, euid.val));
	put_u32(&e, BPF_CORE_READ(task, cred, egid.val));
	put_s64(&e, task_virtual_id(task, PIDTYPE_PID));
	put_s64(&e, task_virtual_id(task, PIDTYPE_TGID));
	/* Only the child's side says when its namespace began. */
	put_u64(&e, ret == 0 ? BPF_CORE_READ(ns, child_reaper, start_boottime) : 0);
	event_submit_as(&e, BPF_CORE_READ(task, pid), bpf_ktime_get_boot_ns());
	return 0;
}

SYSCALL_EXIT(clone)
{
	return emit_clone(EVENT_CLONE_20_X, current_task(), ret, clone_flags(ARG(0)));
}

/* What a child shares with its process or its parent, as clone flags. The argument of clone3 is in
 * the parent's memory, which may have moved on by the time the child returns. Global: the verifier
 * of 6.1 would follow every value of the flags through the whole record. */
__noinline u32 observed_clone_flags(u64 task_address)
{
	struct task_struct *task = (struct task_struct *)task_address;
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	bool is_thread = leader != task;
	struct task_struct *other = is_thread ? leader : BPF_CORE_READ(task, real_parent);
	struct nsproxy *own = BPF_CORE_READ(task, nsproxy);
	struct nsproxy *theirs = BPF_CORE_READ(other, nsproxy);
	u32 flags = is_thread ? EVENT_CLONE_THREAD | EVENT_CLONE_SIGHAND : 0;

	if (BPF_CORE_READ(task, files) == BPF_CORE_READ(other, files))
		flags |= EVENT_CLONE_FILES;
	if (BPF_CORE_READ(task, fs) == BPF_CORE_READ(other, fs))
		flags |= EVENT_CLONE_FS;
	if (BPF_CORE_READ(task, mm) == BPF_CORE_READ(other, mm))
		flags |= EVENT_CLONE_VM;
	if (own == theirs || !theirs)
		return flags;
	flags |= (BPF_CORE_READ(own, ipc_ns) != BPF_CORE_READ(theirs, ipc_ns)) * EVENT_CLONE_NEWIPC;
	flags |= (BPF_CORE_READ(own, net_ns) != BPF_CORE_READ(theirs, net_ns)) * EVENT_CLONE_NEWNET;
	flags |= (BPF_CORE_READ(own, mnt_ns) != BPF_CORE_READ(theirs, mnt_ns)) * EVENT_CLONE_NEWNS;
	flags |= (BPF_CORE_READ(own, uts_ns) != BPF_CORE_READ(theirs, uts_ns)) * EVENT_CLONE_NEWUTS;
	if (pid_level(task) != pid_level(other))
		flags |= EVENT_CLONE_NEWPID;
	return flags;
}

SYSCALL_EXIT(clone3)
{
	u64 flags = 0;

	if (ret == 0)
		return emit_clone(EVENT_CLONE3_X, current_task(), ret,
				  observed_clone_flags((u64)current_task()));
	READ_USER(flags, ARG(0)); /* the first member of struct clone_args */
	return emit_clone(EVENT_CLONE3_X, current_task(), ret, clone_flags(flags));
}

SYSCALL_EXIT(fork)
{
	return emit_clone(EVENT_FORK_20_X, current_task(), ret, 0);
}

SYSCALL_EXIT(vfork)
{
	return emit_clone(EVENT_VFORK_20_X, current_task(), ret,
			  EVENT_CLONE_VFORK | EVENT_CLONE_VM);
}

/* Parameters of execve events from the environment on. */
static __always_inline void put_image(struct event *e, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	struct inode *inode = exe ? BPF_CORE_READ(exe, f_inode) : NULL;
	struct capabilities caps = {};

	read_capabilities(cred, &caps);
	put_u32(e, task_tty(task));
	put_s64(e, task_virtual_id(task, PIDTYPE_PGID));
	put_u32(e, BPF_CORE_READ(task, loginuid.val));
	put_u32(e, inode ? exe_flags(exe, inode, cred) : 0);
	put_u64(e, caps.inheritable);
	put_u64(e, caps.permitted);
	put_u64(e, caps.effective);
	put_u64(e, inode ? BPF_CORE_READ(inode, i_ino) : 0);
	put_u64(e, inode ? inode_ctime_ns(inode) : 0);
	put_u64(e, inode ? inode_mtime_ns(inode) : 0);
	put_u32(e, BPF_CORE_READ(cred, euid.val));
	put_file_path(e, exe);
	put_s64(e, task_global_id(task, PIDTYPE_PGID));
	put_u32(e, BPF_CORE_READ(cred, egid.val));
}

enum {
	EXECVE_PARAMS = 31,
	EXECVEAT_PARAMS = 30,
	/* Arguments and variables of a failed execve that are read: each is a loop iteration with
	 * two reads. Falco keeps 16. */
	MAX_FAILED_EXEC_POINTERS = 32,
};

static __always_inline void put_new_image(struct event *e, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	put_s64(e, 0);
	put_exe_and_args(e, mm);
	put_process(e, task, mm);
	put_environment(e, mm);
	put_image(e, task);
}

/* A successful exec is told from inside the call: at its exit the file name is gone. The exit of
 * the system call is then redundant. A successful execveat is told as an execve, as in Falco: the
 * kernel itself makes it look like one (x86's set_personality_64bit()). */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(t_exec, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	struct event e;

	if (!is_foreign(SAKER_CLASS_EXECVE))
		return 0;
	if (!((saker_action[SYSCALL_EXECVE] | saker_action[SYSCALL_EXECVEAT]) & SAKER_WANT_EXIT)) {
		count_in(SAKER_CLASS_EXECVE, SAKER_FILTERED_UNWANTED);
		return 0;
	}
	if (!event_begin(&e, EVENT_EXECVE_19_X, EXECVE_PARAMS))
		return 0;
	put_new_image(&e, task);
	put_kernel_text(&e, BPF_CORE_READ(binary, filename));
	event_submit(&e);
	return 0;
}

/* Appends the texts that pointers `first` .. `last` - 1 of the caller's vector name, up to the
 * first null pointer, at offset `at` of the scratch space; returns the offset after them. Pointers
 * of 32-bit programs have 4 bytes (the last one of a page may then be missed). Global:
 * see path_of(). */
__noinline int append_vector(u64 vector, u32 first, u32 last, u32 at, u32 pointer_bytes)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	u64 used, i;

	if (!s || !vector)
		return at;
	at &= SCRATCH_MASK;
	s->cursor = 0;
	for (i = 0; i < MAX_FAILED_EXEC_POINTERS; i++) {
		u64 text = 0;
		long length;

		used = s->cursor;
		if (used >= SAKER_MAX_ARGS_BYTES || first + i >= last)
			break;
		if (READ_USER(text, vector + (first + i) * pointer_bytes))
			break;
		if (pointer_bytes == sizeof(u32))
			text = (u32)text;
		if (!text)
			break;
		length = read_user_text(&s->bytes[(at + used) & SCRATCH_MASK],
					SAKER_MAX_ARGS_BYTES - used, text);
		if (length <= 0) {
			count(SAKER_FLAW_PAGE_FAULT);
			break;
		}
		s->cursor = used + length;
	}
	return at + s->cursor;
}

static __always_inline void put_vector(struct event *e, u64 vector, u32 first, u32 last,
				       bool is_compat)
{
	u64 start = e->at;

	e->at = append_vector(vector, first, last, e->at, is_compat ? 4 : 8);
	put_appended(e, start);
}

static __always_inline void put_failed_exec(struct event *e, long ret, u64 arguments,
					    u64 environment, bool is_compat)
{
	struct task_struct *task = current_task();
	u64 first = 0;

	READ_USER(first, arguments);
	put_s64(e, ret);
	put_vector(e, arguments, 0, 1, is_compat);
	put_vector(e, first ? arguments : 0, 1, MAX_FAILED_EXEC_POINTERS, is_compat);
	put_process(e, task, BPF_CORE_READ(task, mm));
	put_vector(e, environment, 0, MAX_FAILED_EXEC_POINTERS, is_compat);
	put_image(e, task);
}

SYSCALL_EXIT(execve)
{
	struct event e;

	if (ret == 0) {
		count_in(SAKER_CLASS_EXECVE, SAKER_FILTERED_REDUNDANT);
		return 0;
	}
	if (!event_begin(&e, EVENT_EXECVE_19_X, EXECVE_PARAMS))
		return 0;
	put_failed_exec(&e, ret, ARG(1), ARG(2), is_compat);
	put_user_text(&e, ARG(0));
	event_submit(&e);
	return 0;
}

SYSCALL_EXIT(execveat)
{
	struct event e;

	if (ret == 0) {
		count_in(SAKER_CLASS_EXECVE, SAKER_FILTERED_REDUNDANT);
		return 0;
	}
	if (!event_begin(&e, EVENT_EXECVEAT_X, EXECVEAT_PARAMS))
		return 0;
	put_failed_exec(&e, ret, ARG(2), ARG(3), is_compat);
	event_submit(&e);
	return 0;
}

enum {
	/* Threads and ancestors looked at in search of who adopts orphans. */
	MAX_REAPER_STEPS = 16,
	TASK_EXITING = 0x4, /* PF_EXITING, include/linux/sched.h */
};

/* A thread of the process of `task` that is not exiting, at most MAX_REAPER_STEPS from its start.
 * Null when there is none. */
static __always_inline struct task_struct *living_thread(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct list_head *head = &signal->thread_head;
	struct list_head *node = BPF_CORE_READ(head, next);
	u64 offset = bpf_core_field_offset(struct task_struct, thread_node);
	int i;

	for (i = 0; i < MAX_REAPER_STEPS; i++) {
		struct task_struct *thread = (struct task_struct *)((u64)node - offset);

		if (node == head)
			break;
		if (!(BPF_CORE_READ(thread, flags) & TASK_EXITING))
			return thread;
		node = BPF_CORE_READ(node, next);
	}
	return NULL;
}

/* Who adopts the children of the exiting `task`; 0 when it has none. As the kernel's
 * find_new_reaper(): a living thread of its own, else the nearest subreaper, else the init of its
 * pid namespace. A global function so that its loops are verified once. */
__noinline int reaper_of_current(void)
{
	struct task_struct *task = current_task();
	struct task_struct *reaper = BPF_CORE_READ(task_pid_namespace(task), child_reaper);
	struct list_head *children = &task->children;
	struct signal_struct *signal;
	struct task_struct *thread;
	int i;

	if (BPF_CORE_READ(children, next) == children)
		return 0;
	thread = living_thread(task);
	if (thread)
		return BPF_CORE_READ(thread, pid);
	signal = BPF_CORE_READ(task, signal);
	if (BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper)) {
		struct task_struct *ancestor = BPF_CORE_READ(task, real_parent);

		for (i = 0; i < MAX_REAPER_STEPS; i++) {
			if (ancestor == reaper)
				break;
			signal = BPF_CORE_READ(ancestor, signal);
			if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper)) {
				thread = living_thread(ancestor);
				if (thread)
					return BPF_CORE_READ(thread, pid);
			}
			ancestor = BPF_CORE_READ(ancestor, real_parent);
		}
	}
	return BPF_CORE_READ(reaper, pid);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(t_procexit, struct task_struct *task)
{
	u32 status = BPF_CORE_READ(task, exit_code);
	struct event e;

	if (!is_tracepoint_selected(SAKER_WANT_PROCEXIT, SAKER_CLASS_PROC))
		return 0;
	if (!event_begin(&e, EVENT_PROCEXIT_1_E, 5))
		return 0;
	put_s64(&e, status);
	put_s64(&e, (status >> 8) & 0xff);
	put_u8(&e, status & 0x7f);
	put_u8(&e, (status & 0x80) != 0);
	put_s64(&e, reaper_of_current());
	event_submit(&e);
	return 0;
}
