/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Scattered payload: struct iovec arrays and message headers. */
#ifndef SAKER_BPF_VECTORS_H
#define SAKER_BPF_VECTORS_H

#include "bpf/kernel/event.h"

enum {
	/* Pieces of one call whose bytes or sizes are looked at; the kernel allows 1024. */
	MAX_IOVECS = 64,
};

/* Appends the first bytes, at most `limit` (below SAKER_MAX_DATA_BYTES), of the pieces at offset
 * `at` of the scratch space; returns the offset after them. Global: see path_of(). */
__noinline int append_iovecs(u64 iov, u32 iov_count, u32 limit, u32 at)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	u32 i;

	if (!s || !iov)
		return at;
	at &= SCRATCH_MASK;
	if (limit > SAKER_MAX_DATA_BYTES)
		limit = SAKER_MAX_DATA_BYTES;
	s->cursor = 0;
	for (i = 0; i < MAX_IOVECS; i++) {
		struct user_iovec piece;
		u64 used = s->cursor;
		u64 length;

		if (i >= iov_count || used >= limit)
			break;
		if (READ_USER(piece, iov + i * sizeof(piece)))
			break;
		length = limit - used;
		if (piece.length < length)
			length = piece.length;
		if (!length)
			continue;
		length = BOUNDED(length, SAKER_MAX_DATA_BYTES);
		if (bpf_probe_read_user(&s->bytes[(at + used) & SCRATCH_MASK], length,
					(const void *)piece.base)) {
			count(SAKER_FLAW_PAGE_FAULT);
			break;
		}
		s->cursor = used + length;
	}
	return at + s->cursor;
}

/* Sum of the pieces' lengths. */
__noinline int sum_iovecs(u64 iov, u32 iov_count)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = bpf_map_lookup_elem(&scratches, &cpu);
	u32 i;

	if (!s || !iov)
		return 0;
	s->cursor = 0;
	for (i = 0; i < MAX_IOVECS; i++) {
		struct user_iovec piece;

		if (i >= iov_count || READ_USER(piece, iov + i * sizeof(piece)))
			break;
		s->cursor += piece.length;
	}
	return s->cursor;
}

/* The payload of a vector call: up to snaplen of `available` bytes. */
static __always_inline void put_iovecs(struct event *e, u64 iov, u64 iov_count, u64 available)
{
	u64 start = e->at;
	u64 limit = saker_options.snaplen;

	if (available < limit)
		limit = available;
	e->at = append_iovecs(iov, iov_count > MAX_IOVECS ? MAX_IOVECS : iov_count, limit, e->at);
	put_appended(e, start);
}

#endif
