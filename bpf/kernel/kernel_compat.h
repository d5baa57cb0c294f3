/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One helper per thing that differs between kernels (5.8 to 6.18) or architectures. A flavour
 * ending in ___before_X is how the struct looked before version X; CO-RE ignores the suffix.
 */
#ifndef SAKER_BPF_KERNEL_COMPAT_H
#define SAKER_BPF_KERNEL_COMPAT_H

#include "bpf/kernel/kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent", 6.15) renamed the member. */
struct kernfs_node___before_6_15 {
	struct kernfs_node___before_6_15 *parent;
};

struct timespec64___any {
	s64 tv_sec;
	long tv_nsec;
};

/* 3aa63a569c64 ("fs: switch timespec64 fields in inode to discrete integers", 6.11). */
struct inode___before_6_11 {
	struct timespec64___any __i_mtime;
	struct timespec64___any __i_ctime;
};

/* 13bc24457850 ("fs: rename i_ctime field to __i_ctime", 6.6), 12cd44023651 (i_mtime, 6.7). */
struct inode___before_6_6 {
	struct timespec64___any i_mtime;
	struct timespec64___any i_ctime;
};

/* f1a7941243c1 ("mm: convert mm's rss stats into percpu_counter", 6.2). */
struct atomic64___any {
	s64 counter;
};

/* The elements are structs: CO-RE finds no array of numbers where the kernel has one of structs. */
struct mm_rss_stat___before_6_2 {
	struct atomic64___any count[4];
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat___before_6_2 rss_stat;
};

/* f122a08b197d ("capability: just use a 'u64' instead of a 'u32[2]' array", 6.3). */
struct kernel_cap_struct___before_6_3 {
	u32 cap[2];
};

struct cred___before_6_3 {
	struct kernel_cap_struct___before_6_3 cap_inheritable;
	struct kernel_cap_struct___before_6_3 cap_permitted;
	struct kernel_cap_struct___before_6_3 cap_effective;
};

#pragma clang attribute pop

enum cgroup_subsys_id___any {
	cpuset_cgrp_id___any = 0xcafe,
	cpu_cgrp_id___any,
	cpuacct_cgrp_id___any,
	io_cgrp_id___any,
	memory_cgrp_id___any,
};

/* The number of the running call, without the mark of the x32 ABI. The kernel
 * looks at the lower half of the register only (since 5.14). */
static __always_inline u64 syscall_number(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (u32)regs->orig_ax & ~0x40000000U;
#else
	return (u32)regs->syscallno;
#endif
}

/* Whether the number carries the mark of the x32 ABI: 64-bit registers, 32-bit pointers. */
static __always_inline bool is_x32_call(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return ((u32)regs->orig_ax & 0x40000000U) != 0;
#else
	return false;
#endif
}

/* Whether the running call came through the 32-bit entry. It has its own numbers and argument
 * registers, and a 64-bit program can use it too (int 0x80). */
static __always_inline bool is_compat_call(void)
{
#if defined(__TARGET_ARCH_x86)
	const u32 compat = 2; /* TS_COMPAT, arch/x86/include/asm/thread_info.h */

	/* 3ca1032ab7ab ("bpf: Implement get_current_task_btf and RET_PTR_TO_BTF_ID", 5.11) */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->thread_info.status & compat;
	return BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), thread_info.status) &
	       compat;
#else
	return false;
#endif
}

/* Argument `n` (0..5) of the system call, valid at its entry and, except after a successful
 * execve, at its exit. Source: the kernel's asm/syscall.h of both architectures. */
static __always_inline u64 syscall_argument(const struct pt_regs *regs, int n, bool is_compat)
{
#if defined(__TARGET_ARCH_x86)
	switch (n) {
	case 0:
		return is_compat ? (u32)regs->bx : regs->di;
	case 1:
		return is_compat ? (u32)regs->cx : regs->si;
	case 2:
		return is_compat ? (u32)regs->dx : regs->dx;
	case 3:
		return is_compat ? (u32)regs->si : regs->r10;
	case 4:
		return is_compat ? (u32)regs->di : regs->r8;
	default:
		return is_compat ? (u32)regs->bp : regs->r9;
	}
#else
	return n == 0 ? regs->orig_x0 : regs->regs[n];
#endif
}

/* Calls of the 32-bit entry that do many things by their first argument. */
enum { COMPAT_SOCKETCALL = 102, COMPAT_IPC = 117 };

/* Where the arguments of a socketcall lie, each of 4 bytes; 0 for other calls. */
static __always_inline u64 socketcall_vector(const struct pt_regs *regs, bool is_compat)
{
	if (!is_compat || syscall_number(regs) != COMPAT_SOCKETCALL)
		return 0;
	return syscall_argument(regs, 1, true);
}

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___before_6_15 *old = (void *)node;

	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent);
	return (void *)BPF_CORE_READ(old, parent);
}

static __always_inline u64 inode_ctime_ns(struct inode *inode)
{
	struct inode___before_6_11 *older = (void *)inode;
	struct inode___before_6_6 *oldest = (void *)inode;

	/* Bit 31 marks times that somebody asked for: 4e40eff0b573 ("fs: add infrastructure for
	 * multigrain timestamps", 6.13). */
	if (bpf_core_field_exists(inode->i_ctime_sec))
		return BPF_CORE_READ(inode, i_ctime_sec) * 1000000000ULL +
		       (BPF_CORE_READ(inode, i_ctime_nsec) & 0x7fffffff);
	if (bpf_core_field_exists(older->__i_ctime))
		return BPF_CORE_READ(older, __i_ctime.tv_sec) * 1000000000ULL +
		       BPF_CORE_READ(older, __i_ctime.tv_nsec);
	return BPF_CORE_READ(oldest, i_ctime.tv_sec) * 1000000000ULL +
	       BPF_CORE_READ(oldest, i_ctime.tv_nsec);
}

static __always_inline u64 inode_mtime_ns(struct inode *inode)
{
	struct inode___before_6_11 *older = (void *)inode;
	struct inode___before_6_6 *oldest = (void *)inode;

	if (bpf_core_field_exists(inode->i_mtime_sec))
		return BPF_CORE_READ(inode, i_mtime_sec) * 1000000000ULL +
		       BPF_CORE_READ(inode, i_mtime_nsec);
	if (bpf_core_field_exists(older->__i_mtime))
		return BPF_CORE_READ(older, __i_mtime.tv_sec) * 1000000000ULL +
		       BPF_CORE_READ(older, __i_mtime.tv_nsec);
	return BPF_CORE_READ(oldest, i_mtime.tv_sec) * 1000000000ULL +
	       BPF_CORE_READ(oldest, i_mtime.tv_nsec);
}

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES };

/* Pages of one kind. The per-CPU part of a counter is left out (as Falco does): it is small. */
static __always_inline s64 mm_pages(struct mm_struct *mm, int kind)
{
	struct mm_struct___before_6_2 *old = (void *)mm;
	s64 pages = 0;

	if (bpf_core_field_exists(old->rss_stat.count))
		bpf_core_read(&pages, sizeof(pages), &old->rss_stat.count[kind]);
	else /* the size of an element is the kernel's, not that of our declaration */
		bpf_probe_read_kernel(&pages, sizeof(pages),
				      (void *)mm + bpf_core_field_offset(mm->rss_stat) +
					      kind * bpf_core_type_size(struct percpu_counter) +
					      bpf_core_field_offset(struct percpu_counter, count));
	return pages < 0 ? 0 : pages;
}

struct capabilities {
	u64 inheritable;
	u64 permitted;
	u64 effective;
};

static __always_inline void read_capabilities(const struct cred *cred, struct capabilities *caps)
{
	const struct cred___before_6_3 *old = (const void *)cred;

	if (bpf_core_field_exists(old->cap_effective.cap)) {
		bpf_core_read(&caps->inheritable, 8, &old->cap_inheritable);
		bpf_core_read(&caps->permitted, 8, &old->cap_permitted);
		bpf_core_read(&caps->effective, 8, &old->cap_effective);
	} else {
		bpf_core_read(&caps->inheritable, 8, &cred->cap_inheritable);
		bpf_core_read(&caps->permitted, 8, &cred->cap_permitted);
		bpf_core_read(&caps->effective, 8, &cred->cap_effective);
	}
}

/* Copies a text of the traced process with its NUL, at most `max` bytes; returns their number,
 * below 0 when it cannot be read. Kernels before 6.15 report an empty text as 0 bytes, as if
 * nothing had been read (strncpy_from_user_nofault()): an empty argv[0] would then hide all
 * arguments. */
static __always_inline long read_user_text(void *to, u32 max, u64 address)
{
	long length = bpf_probe_read_user_str(to, max, (const void *)address);

	if (length == 0) {
		*(u8 *)to = 0;
		length = 1;
	}
	return length;
}

#endif
