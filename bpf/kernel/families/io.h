/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Reading, writing, moving data; file positions; ioctl. */
#include "bpf/kernel/files.h"
#include "bpf/kernel/vectors.h"

/* Bytes that a reading call delivered; none when it failed. */
static __always_inline u64 delivered(long ret)
{
	return ret > 0 ? ret : 0;
}

/* Bytes of a writing call that are worth showing: what was written, or meant to be. */
static __always_inline u64 offered(long ret, u64 size)
{
	return ret > 0 ? (u64)ret : size;
}

SIMPLE_EXIT(read, EVENT_READ_X, 4, {
	put_s64(&e, ret);
	put_data(&e, ARG(1), delivered(ret));
	put_fd(&e, ARG(0));
	put_u32(&e, ARG(2));
})

SIMPLE_EXIT(write, EVENT_WRITE_X, 4, {
	put_s64(&e, ret);
	put_data(&e, ARG(1), offered(ret, ARG(2)));
	put_fd(&e, ARG(0));
	put_u32(&e, ARG(2));
})

SIMPLE_EXIT(pread64, EVENT_PREAD_X, 5, {
	put_s64(&e, ret);
	put_data(&e, ARG(1), delivered(ret));
	put_fd(&e, ARG(0));
	put_u32(&e, ARG(2));
	put_u64(&e, ARG(3));
})

SIMPLE_EXIT(pwrite64, EVENT_PWRITE_X, 5, {
	put_s64(&e, ret);
	put_data(&e, ARG(1), offered(ret, ARG(2)));
	put_fd(&e, ARG(0));
	put_u32(&e, ARG(2));
	put_u64(&e, ARG(3));
})

SIMPLE_EXIT(readv, EVENT_READV_X, 4, {
	put_s64(&e, ret);
	put_u32(&e, delivered(ret));
	put_iovecs(&e, ARG(1), ARG(2), delivered(ret));
	put_fd(&e, ARG(0));
})

SIMPLE_EXIT(preadv, EVENT_PREADV_X, 5, {
	put_s64(&e, ret);
	put_u32(&e, delivered(ret));
	put_iovecs(&e, ARG(1), ARG(2), delivered(ret));
	put_fd(&e, ARG(0));
	put_u64(&e, ARG(3));
})

SIMPLE_EXIT(writev, EVENT_WRITEV_X, 4, {
	u32 size = sum_iovecs(ARG(1), ARG(2));

	put_s64(&e, ret);
	put_iovecs(&e, ARG(1), ARG(2), offered(ret, size));
	put_fd(&e, ARG(0));
	put_u32(&e, size);
})

SIMPLE_EXIT(pwritev, EVENT_PWRITEV_X, 5, {
	u32 size = sum_iovecs(ARG(1), ARG(2));

	put_s64(&e, ret);
	put_iovecs(&e, ARG(1), ARG(2), offered(ret, size));
	put_fd(&e, ARG(0));
	put_u32(&e, size);
	put_u64(&e, ARG(3));
})

SIMPLE_EXIT(sendfile, EVENT_SENDFILE_X, 5, {
	u64 offset = 0;

	READ_USER(offset, ARG(2));
	put_s64(&e, ret);
	put_u64(&e, offset);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(1));
	put_u64(&e, ARG(3));
})

SIMPLE_EXIT(splice, EVENT_SPLICE_X, 5, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_fd(&e, ARG(2));
	put_u64(&e, ARG(4));
	put_u32(&e, ARG(5) & 0xf); /* MOVE, NONBLOCK, MORE, GIFT in both */
})

SIMPLE_EXIT(copy_file_range, EVENT_COPY_FILE_RANGE_X, 6, {
	put_s64(&e, ret);
	put_fd(&e, ARG(2));
	put_u64(&e, ARG(3)); /* the pointers themselves, as in Falco */
	put_fd(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u64(&e, ARG(4));
})

SIMPLE_EXIT(lseek, EVENT_LSEEK_X, 4, {
	u32 whence = ARG(2);

	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u8(&e, whence > 2 ? 0 : whence);
})

SIMPLE_EXIT(ioctl, EVENT_IOCTL_3_X, 4, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u64(&e, ARG(2));
})

#define FD_EXIT(name, type)                                                                        \
	SIMPLE_EXIT(name, type, 2, {                                                               \
		put_s64(&e, ret);                                                                  \
		put_fd(&e, ARG(0));                                                                \
	})
FD_EXIT(getdents, EVENT_GETDENTS_X)
FD_EXIT(getdents64, EVENT_GETDENTS64_X)

SIMPLE_EXIT(flock, EVENT_FLOCK_X, 3, {
	put_s64(&e, ret);
	put_fd(&e, ARG(0));
	put_u32(&e, flock_operation(ARG(1)));
})

SIMPLE_EXIT(process_vm_readv, EVENT_PROCESS_VM_READV_X, 3, {
	put_s64(&e, ret);
	put_s64(&e, (u32)ARG(0));
	put_iovecs(&e, ARG(1), ARG(2), delivered(ret));
})

SIMPLE_EXIT(process_vm_writev, EVENT_PROCESS_VM_WRITEV_X, 3, {
	put_s64(&e, ret);
	put_s64(&e, (u32)ARG(0));
	put_iovecs(&e, ARG(1), ARG(2), delivered(ret));
})
