/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Sockets. */
#include "bpf/kernel/sockets.h"
#include "bpf/kernel/vectors.h"

enum {
	ERRNO_IN_PROGRESS = 115,
	/* Messages of one sendmmsg or recvmmsg that become events. */
	MAX_MESSAGES = 16,
	SOCK_FLAGS_MASK = 02004000, /* SOCK_CLOEXEC, SOCK_NONBLOCK */
};

SIMPLE_EXIT(socket, EVENT_SOCKET_X, 5, {
	put_s64(&e, ret);
	put_u32(&e, socket_family(SOCKET_ARG(0)));
	put_u32(&e, SOCKET_ARG(1));
	put_u32(&e, SOCKET_ARG(2));
	put_u32(&e, fd_flags(SOCKET_ARG(1) & SOCK_FLAGS_MASK));
})

SIMPLE_EXIT(socketpair, EVENT_SOCKETPAIR_X, 8, {
	s32 fds[2];
	struct unix_sock *own = NULL;
	struct sock *peer = NULL;

	if (ret < 0 || READ_USER(fds, SOCKET_ARG(3))) {
		fds[0] = -1;
		fds[1] = -1;
	}
	if (ret == 0)
		own = (struct unix_sock *)sock_of_fd(fds[0]);
	if (own)
		peer = BPF_CORE_READ(own, peer);
	put_s64(&e, ret);
	put_s64(&e, fds[0]);
	put_s64(&e, fds[1]);
	put_u64(&e, (u64)own);
	put_u64(&e, (u64)peer);
	put_u32(&e, socket_family(SOCKET_ARG(0)));
	put_u32(&e, SOCKET_ARG(1));
	put_u32(&e, SOCKET_ARG(2));
})

SIMPLE_EXIT(bind, EVENT_BIND_X, 3, {
	put_s64(&e, ret);
	put_address(&e, SOCKET_ARG(1), SOCKET_ARG(2));
	put_fd(&e, SOCKET_ARG(0));
})

SIMPLE_EXIT(connect, EVENT_CONNECT_X, 4, {
	put_s64(&e, ret);
	if (ret == 0 || ret == -ERRNO_IN_PROGRESS)
		put_tuple(&e, SOCKET_ARG(0), CONNECTING, SOCKET_ARG(1), SOCKET_ARG(2));
	else
		put_empty(&e);
	put_fd(&e, SOCKET_ARG(0));
	put_address(&e, SOCKET_ARG(1), SOCKET_ARG(2));
})

SIMPLE_EXIT(listen, EVENT_LISTEN_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, SOCKET_ARG(0));
	put_s32(&e, SOCKET_ARG(1));
})

static __always_inline void put_accepted(struct event *e, long ret, s32 listener)
{
	struct sock *sk = ret < 0 ? NULL : sock_of_fd(listener);
	u32 length = sk ? BPF_CORE_READ(sk, sk_ack_backlog) : 0;
	u32 limit = sk ? BPF_CORE_READ(sk, sk_max_ack_backlog) : 0;

	put_s64(e, ret);
	if (ret < 0)
		put_empty(e);
	else
		put_tuple(e, ret, INBOUND, 0, 0);
	put_u8(e, limit ? (u64)length * 100 / limit : 0);
	put_u32(e, length);
	put_u32(e, limit);
}

SIMPLE_EXIT(accept, EVENT_ACCEPT_5_X, 5, { put_accepted(&e, ret, SOCKET_ARG(0)); })

SIMPLE_EXIT(accept4, EVENT_ACCEPT4_6_X, 6, {
	put_accepted(&e, ret, SOCKET_ARG(0));
	put_s32(&e, fd_flags(SOCKET_ARG(3) & SOCK_FLAGS_MASK));
})

SIMPLE_EXIT(shutdown, EVENT_SHUTDOWN_X, 3, {
	u32 how = SOCKET_ARG(1);

	put_s64(&e, ret);
	put_fd(&e, SOCKET_ARG(0));
	put_u8(&e, how > 2 ? 0xff : how);
})

SIMPLE_EXIT(getsockname, EVENT_GETSOCKNAME_X, 0, {})
SIMPLE_EXIT(getpeername, EVENT_GETPEERNAME_X, 0, {})

SIMPLE_EXIT(sendto, EVENT_SENDTO_X, 5, {
	put_s64(&e, ret);
	put_data(&e, SOCKET_ARG(1), ret > 0 ? (u64)ret : SOCKET_ARG(2));
	put_fd(&e, SOCKET_ARG(0));
	put_u32(&e, SOCKET_ARG(2));
	if (ret < 0)
		put_empty(&e);
	else
		put_tuple(&e, SOCKET_ARG(0), OUTBOUND, SOCKET_ARG(4), SOCKET_ARG(5));
})

SIMPLE_EXIT(recvfrom, EVENT_RECVFROM_X, 5, {
	u32 address_length = 0;

	READ_USER(address_length, SOCKET_ARG(5));
	put_s64(&e, ret);
	put_data(&e, SOCKET_ARG(1), ret > 0 ? ret : 0);
	if (ret < 0)
		put_empty(&e);
	else
		put_tuple(&e, SOCKET_ARG(0), INBOUND, SOCKET_ARG(4), address_length);
	put_fd(&e, SOCKET_ARG(0));
	put_u32(&e, SOCKET_ARG(2));
})

SIMPLE_EXIT(sendmsg, EVENT_SENDMSG_X, 5, {
	struct user_msghdr message;
	bool is_unreadable = READ_USER(message, SOCKET_ARG(1));
	u32 size = sum_iovecs(message.iov, message.iov_count);

	put_s64(&e, ret);
	put_iovecs(&e, message.iov, message.iov_count, ret > 0 ? (u64)ret : size);
	put_fd(&e, SOCKET_ARG(0));
	if (is_unreadable)
		put_empty(&e);
	else
		put_u32(&e, size);
	if (ret < 0)
		put_empty(&e);
	else
		put_tuple(&e, SOCKET_ARG(0), OUTBOUND, message.name, message.name_length);
})

SIMPLE_EXIT(recvmsg, EVENT_RECVMSG_X, 6, {
	struct user_msghdr message;

	put_s64(&e, ret);
	put_u32(&e, ret > 0 ? ret : 0);
	if (ret < 0 || READ_USER(message, SOCKET_ARG(1))) {
		put_empty(&e);
		put_empty(&e);
		put_empty(&e);
	} else {
		put_iovecs(&e, message.iov, message.iov_count, ret);
		put_tuple(&e, SOCKET_ARG(0), INBOUND, message.name, message.name_length);
		put_data(&e, message.control, message.control_length);
	}
	put_fd(&e, SOCKET_ARG(0));
})

/* struct mmsghdr. */
struct user_mmsghdr {
	struct user_msghdr header;
	u32 length;
	u32 padding;
};

/* The event of one message of sendmmsg or recvmmsg. Of a message whose header is not readable only
 * the socket is told. Global: see path_of(). */
__noinline int emit_message(u64 address, u32 fd, u32 is_send)
{
	struct user_mmsghdr message;
	bool is_unreadable = READ_USER(message, address);
	struct event e;

	if (!event_begin(&e, is_send ? EVENT_SENDMMSG_X : EVENT_RECVMMSG_X, is_send ? 5 : 6))
		return 0;
	if (is_unreadable) {
		count(SAKER_FLAW_PAGE_FAULT);
		put_empty(&e);
	} else {
		put_s64(&e, message.length);
	}
	put_s64(&e, (s32)fd);
	if (is_unreadable)
		put_empty(&e);
	else
		put_u32(&e, message.length);
	put_iovecs(&e, message.header.iov, message.header.iov_count, message.length);
	put_tuple(&e, fd, is_send ? OUTBOUND : INBOUND, message.header.name,
		  message.header.name_length);
	if (!is_send)
		put_data(&e, message.header.control, message.header.control_length);
	event_submit(&e);
	return 0;
}

/* One event per message; a failed call is one event without content. The ledger counts the call
 * once as seen, so further messages count as seen too. */
static __always_inline int emit_messages(u64 vector, s32 fd, long ret, bool is_send)
{
	u32 type = is_send ? EVENT_SENDMMSG_X : EVENT_RECVMMSG_X;
	struct event e;
	u32 i;

	if (ret > 0) {
		for (i = 0; i < MAX_MESSAGES; i++) {
			if (i >= ret)
				break;
			if (i > 0)
				count_in(saker_class_of_event[type], SAKER_SEEN);
			emit_message(vector + i * sizeof(struct user_mmsghdr), fd, is_send);
		}
		if (ret > MAX_MESSAGES)
			count(SAKER_FLAW_TRUNCATED);
		return 0;
	}
	if (!event_begin(&e, type, is_send ? 5 : 6))
		return 0;
	put_s64(&e, ret);
	put_s64(&e, fd);
	put_u32(&e, 0);
	put_empty(&e);
	put_empty(&e);
	if (!is_send)
		put_empty(&e);
	event_submit(&e);
	return 0;
}

SYSCALL_EXIT(sendmmsg)
{
	return emit_messages(SOCKET_ARG(1), SOCKET_ARG(0), ret, true);
}

SYSCALL_EXIT(recvmmsg)
{
	return emit_messages(SOCKET_ARG(1), SOCKET_ARG(0), ret, false);
}

static __always_inline void put_option(struct event *e, u8 name, u64 address, u32 length)
{
	u32 variant = option_variant(name);
	u64 start = e->at;
	u64 value = 0;
	struct user_timespec time; /* struct timeval: microseconds */

	append_u8(e, variant);
	switch (variant) {
	case OPTION_ERRNO: {
		s32 error = 0;

		READ_USER(error, address);
		append_u64(e, -(s64)error);
		break;
	}
	case OPTION_TIME:
		READ_USER(time, address);
		append_u64(e, time.sec * 1000000000LL + time.nsec * 1000);
		break;
	case OPTION_U64:
		READ_USER(value, address);
		append_u64(e, value);
		break;
	case OPTION_U32: {
		u32 number = 0;

		READ_USER(number, address);
		append_u32(e, number);
		break;
	}
	default:
		append_data(e, address, length);
		break;
	}
	put_appended(e, start);
}

SIMPLE_EXIT(setsockopt, EVENT_SETSOCKOPT_X, 6, {
	u8 name = option_name(SOCKET_ARG(1), SOCKET_ARG(2));

	put_s64(&e, ret);
	put_fd(&e, SOCKET_ARG(0));
	put_u8(&e, option_level(SOCKET_ARG(1)));
	put_u8(&e, name);
	put_option(&e, name, SOCKET_ARG(3), SOCKET_ARG(4));
	put_u32(&e, SOCKET_ARG(4));
})

SIMPLE_EXIT(getsockopt, EVENT_GETSOCKOPT_X, 6, {
	u8 name = option_name(SOCKET_ARG(1), SOCKET_ARG(2));
	u32 length = 0;

	READ_USER(length, SOCKET_ARG(4));
	put_s64(&e, ret);
	put_fd(&e, SOCKET_ARG(0));
	put_u8(&e, option_level(SOCKET_ARG(1)));
	put_u8(&e, name);
	put_option(&e, name, SOCKET_ARG(3), length);
	put_u32(&e, length);
})
