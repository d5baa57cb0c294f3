/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Addresses of sockets as SOCKADDR and SOCKTUPLE parameters. */
#ifndef SAKER_BPF_SOCKETS_H
#define SAKER_BPF_SOCKETS_H

#include "bpf/kernel/files.h"
#include "bpf/kernel/socket_types.h"

#include <bpf/bpf_endian.h>

enum {
	FAMILY_UNIX = 1,
	FAMILY_INET = 2,
	FAMILY_INET6 = 10,
	UNIX_PATH_BYTES = 108,
	TYPE_STREAM = 1,
	TYPE_DATAGRAM = 2,
	STATE_CONNECTED = 1, /* TCP_ESTABLISHED, also of other protocols */
};

/* Argument `n` of a call on sockets: `plain`, unless the call is a socketcall, whose arguments lie
 * at `vector`. `sub` is what that does. Global: programs take up to six, see path_of(). */
__noinline u64 socket_argument(u64 plain, u64 vector, u32 sub, u32 n)
{
	const u32 send = 9, receive = 10; /* have no address */
	u32 value = 0;

	if (!vector)
		return plain;
	if ((sub == send || sub == receive) && n > 3)
		return 0;
	if (bpf_probe_read_user(&value, sizeof(value), (const void *)(vector + n * sizeof(value))))
		count(SAKER_FLAW_PAGE_FAULT);
	return value;
}

/* Argument `n` inside a program of a call on sockets. */
#define SOCKET_ARG(n)                                                                              \
	socket_argument(syscall_argument(regs, n, is_compat), socketcall_vector(regs, is_compat),  \
			syscall_argument(regs, 0, true), n)

/* Any socket address of user space: struct sockaddr_in, sockaddr_in6 or sockaddr_un. */
struct user_address {
	u16 family;
	union {
		struct {
			u16 port;
			u32 address;
		} __attribute__((packed)) inet;
		struct {
			u16 port;
			u32 flow;
			u32 address[4];
		} __attribute__((packed)) inet6;
		char path[UNIX_PATH_BYTES + 1]; /* with a NUL that need not be in the call */
	};
} __attribute__((packed));

/* The kernel's socket behind `fd`; null when `fd` is something else. */
static __always_inline struct sock *sock_of_fd(s32 fd)
{
	struct file *file = file_of_fd(fd);
	struct socket *socket;
	struct inode *inode;

	if (!file)
		return NULL;
	inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & MODE_TYPE_MASK) != MODE_SOCKET)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

/* Reads an address argument. `length` is what the caller gave. False when there is none. */
static __always_inline bool read_user_address(struct user_address *to, u64 address, u32 length)
{
	__builtin_memset(to, 0, sizeof(*to));
	if (!address || length < sizeof(to->family))
		return false;
	if (bpf_probe_read_user(to, BOUNDED(length, sizeof(*to) - 1), (const void *)address)) {
		count(SAKER_FLAW_PAGE_FAULT);
		return false;
	}
	return true;
}

/* Path of a unix address, of which `length` bytes count, with its NUL. Abstract names begin with
 * NUL, which is left out. */
static __always_inline void append_unix_path(struct event *e, const char *path, u64 length)
{
	char first = 0;
	u64 skipped;

	bpf_probe_read_kernel(&first, 1, path);
	skipped = first == 0 && length > 0;
	OPAQUE(path); /* or the compiler adds 1 with an "or", which pointers do not allow */
	length = BOUNDED(length - skipped + 1, UNIX_PATH_BYTES + 1);
	length = bpf_probe_read_kernel_str(write_position(e), length, path + skipped);
	if ((s64)length > 0)
		e->at += length;
	else
		append_u8(e, 0);
}

/* The address of a bind, connect or accept as a SOCKADDR parameter; empty for other families. */
static __always_inline void put_address(struct event *e, u64 address, u32 length)
{
	struct user_address user;
	u64 start = e->at;
	int i;

	if (read_user_address(&user, address, length)) {
		switch (user.family) {
		case FAMILY_INET:
			append_u8(e, FAMILY_INET);
			append_u32(e, user.inet.address);
			append_u16(e, bpf_ntohs(user.inet.port));
			break;
		case FAMILY_INET6:
			append_u8(e, FAMILY_INET6);
#pragma unroll
			for (i = 0; i < 4; i++)
				append_u32(e, user.inet6.address[i]);
			append_u16(e, bpf_ntohs(user.inet6.port));
			break;
		case FAMILY_UNIX:
			append_u8(e, FAMILY_UNIX);
			append_unix_path(e, user.path, UNIX_PATH_BYTES);
			break;
		default:
			break;
		}
	}
	put_appended(e, start);
}

/* Which way the data of a call flows: decides which end of a tuple is the source. CONNECTING is
 * outbound, by the call that says where to. */
enum direction { OUTBOUND, INBOUND, CONNECTING };

/* Whether a socket that has another end does not talk to any other, whatever address a call names.
 * The address in the program's memory may have been exchanged since the kernel read it. */
static __always_inline bool keeps_its_peer(struct sock *sk, u32 direction, bool is_inet)
{
	u16 type = BPF_CORE_READ(sk, sk_type);

	return direction == CONNECTING || (is_inet ? type == TYPE_STREAM : type != TYPE_DATAGRAM);
}

struct inet_end {
	u32 address[4];
	u16 port; /* host order */
};

static __always_inline void append_inet_end(struct event *e, const struct inet_end *end, u32 words)
{
	u32 i;

#pragma unroll
	for (i = 0; i < 4; i++) {
		if (i < words)
			append_u32(e, end->address[i]);
	}
	append_u16(e, end->port);
}

static __always_inline void append_inet_tuple(struct event *e, struct sock *sk, u32 family,
					      enum direction direction,
					      const struct user_address *user)
{
	struct inet_sock *inet = (struct inet_sock *)sk;
	struct inet_end local = {};
	struct inet_end remote = {};
	u32 words = family == FAMILY_INET ? 1 : 4;
	bool is_known = keeps_its_peer(sk, direction, true) &&
			(BPF_CORE_READ(sk, __sk_common.skc_dport) ||
			 BPF_CORE_READ(sk, __sk_common.skc_state) == STATE_CONNECTED);

	local.port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport));
	remote.port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == FAMILY_INET) {
		local.address[0] = BPF_CORE_READ(inet, inet_saddr);
		remote.address[0] = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO(&local.address, inet, pinet6, saddr.in6_u.u6_addr32);
		BPF_CORE_READ_INTO(&remote.address, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32);
	}
	/* An unconnected socket's other end is only in the call. */
	if (is_known) {
		/* as the socket says */
	} else if (user->family == FAMILY_INET && family == FAMILY_INET) {
		remote.address[0] = user->inet.address;
		remote.port = bpf_ntohs(user->inet.port);
	} else if (user->family == FAMILY_INET6 && family == FAMILY_INET6) {
		__builtin_memcpy(remote.address, user->inet6.address, sizeof(remote.address));
		remote.port = bpf_ntohs(user->inet6.port);
	}
	append_u8(e, family);
	append_inet_end(e, direction == INBOUND ? &remote : &local, words);
	append_inet_end(e, direction == INBOUND ? &local : &remote, words);
}

/* Appends the name to which a unix socket is bound; false when it has none, or a relative one,
 * which says nothing without the folder in which its owner was. */
static __always_inline bool append_bound_path(struct event *e, struct unix_sock *sk,
					      bool is_relative_fine)
{
	struct unix_address *name = BPF_CORE_READ(sk, addr);
	char first = 0;

	if (!name)
		return false;
	bpf_core_read(&first, 1, &name->name[0].sun_path[0]);
	if (first && first != '/' && !is_relative_fine)
		return false;
	append_unix_path(e, &name->name[0].sun_path[0], BPF_CORE_READ(name, len) - sizeof(u16));
	return true;
}

/* The two u64 are kernel addresses that tell sockets apart: first the receiving one, then the
 * sending one (seen in Falco's recordings). The path is the receiver's: its own name when it
 * reads, the name it is sent to otherwise. */
static __always_inline void append_unix_tuple(struct event *e, struct sock *sk,
					      enum direction direction,
					      const struct user_address *user)
{
	struct unix_sock *own = (struct unix_sock *)sk;
	struct unix_sock *peer = (struct unix_sock *)BPF_CORE_READ(own, peer);
	bool is_named = direction != INBOUND && user->family == FAMILY_UNIX;
	struct unix_sock *receiver = direction == INBOUND ? own : peer;

	append_u8(e, FAMILY_UNIX);
	append_u64(e, (u64)receiver);
	append_u64(e, (u64)(direction == INBOUND ? peer : own));
	if (receiver && (!is_named || keeps_its_peer(sk, direction, false)) &&
	    append_bound_path(e, receiver, !is_named))
		return;
	if (is_named)
		append_unix_path(e, user->path, UNIX_PATH_BYTES);
	else
		append_u8(e, 0);
}

/* Appends the tuple of socket `sk_address` at offset `at` of the scratch space; returns the offset
 * after it. `user_address`, `user_length`: the address argument of the call, or 0. Global: see
 * path_of(). */
__noinline int append_tuple(u64 sk_address, u32 direction, u64 user_address, u32 user_length,
			    u32 at)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct sock *sk = (struct sock *)sk_address;
	struct user_address user;
	struct event e;
	u32 family;

	e.s = bpf_map_lookup_elem(&scratches, &cpu);
	if (!e.s || !sk)
		return at;
	e.at = at & SCRATCH_MASK;
	read_user_address(&user, user_address, user_length);
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == FAMILY_UNIX)
		append_unix_tuple(&e, sk, direction, &user);
	else if (family == FAMILY_INET || family == FAMILY_INET6)
		append_inet_tuple(&e, sk, family, direction, &user);
	return e.at;
}

static __always_inline void put_tuple(struct event *e, s32 fd, enum direction direction,
				      u64 user_address, u32 user_length)
{
	u64 start = e->at;
	struct sock *sk = sock_of_fd(fd);

	if (sk)
		e->at = append_tuple((u64)sk, direction, user_address, user_length, e->at);
	put_appended(e, start);
}

#endif
