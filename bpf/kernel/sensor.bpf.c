// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The sensor's programs, one object. Names tell the loader what to do with them:
 *	d_*  dispatchers of the system call tracepoints, always loaded
 *	x_*  exit of the system call of that name, reached by tail call
 *	n_*  entry of the system call of that name, reached by tail call
 *	t_*  other tracepoints
 *	s_*  run once by the loader
 */
#include "bpf/kernel/kernel_types.h"

#include "bpf/shared/event_types.h"

#include "bpf/kernel/dispatch.h"

#include "bpf/kernel/families/process.h"
#include "bpf/kernel/families/open.h"
#include "bpf/kernel/families/path.h"
#include "bpf/kernel/families/io.h"
#include "bpf/kernel/families/net.h"
#include "bpf/kernel/families/ids.h"
#include "bpf/kernel/families/fds.h"
#include "bpf/kernel/families/memory.h"
#include "bpf/kernel/families/system.h"
#include "bpf/kernel/families/enter.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
