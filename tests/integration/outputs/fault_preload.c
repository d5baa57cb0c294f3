/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Saker authors
 *
 * Preloaded into a test program (LD_PRELOAD): makes chosen calls of the system fail.
 *
 *   SAKER_FAULT_KIND   "call": calls on files; "lock": fcntl; "net": calls on sockets, pipes and
 * processes; "memory": malloc and its kin SAKER_FAULT_FIRST  number of the first call that fails,
 * from 1; 0: none, only count SAKER_FAULT_COUNT  how many fail in a row; 0: all from there on
 *   SAKER_FAULT_ERRNO  with which errno; 0: a write takes half of its bytes
 *   SAKER_FAULT_REPORT file that gets the number of calls at the end
 *
 * Standard input, output and error are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { kind_call, kind_lock, kind_net };

static atomic_long calls;
static atomic_long allocations;
static atomic_int is_ready;
static int fails_memory;
static enum kind failing;
static long first;
static long count;
static int error_number;

static long number_of(const char* name) {
  const char* text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

__attribute__((constructor)) static void prepare(void) {
  const char* kind = getenv("SAKER_FAULT_KIND");
  fails_memory = kind != NULL && strcmp(kind, "memory") == 0;
  if (kind != NULL) {
    failing = strcmp(kind, "lock") == 0  ? kind_lock
              : strcmp(kind, "net") == 0 ? kind_net
                                         : kind_call;
  }
  first = number_of("SAKER_FAULT_FIRST");
  count = number_of("SAKER_FAULT_COUNT");
  error_number = (int)number_of("SAKER_FAULT_ERRNO");
  atomic_store(&is_ready, 1);
}

__attribute__((destructor)) static void report(void) {
  const char* path = getenv("SAKER_FAULT_REPORT");
  atomic_store(&is_ready, 0);
  if (path == NULL) {
    return;
  }
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  char text[32];
  long value = fails_memory ? atomic_load(&allocations) : atomic_load(&calls);
  int at = (int)sizeof text;
  do {
    text[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  if (fd >= 0 && write(fd, text + at, sizeof text - (size_t)at) > 0) {
    close(fd);
  }
}

static int is_hit(long number) {
  return first > 0 && number >= first && (count == 0 || number < first + count);
}

static int fails_now(enum kind kind) {
  if (!atomic_load(&is_ready) || fails_memory || failing != kind ||
      !is_hit(atomic_fetch_add(&calls, 1) + 1) || error_number == 0) {
    return 0;
  }
  errno = error_number;
  return 1;
}

/* Whether this call fails; errno is set then. */
static int call_fails(void) {
  return fails_now(kind_call);
}

static int memory_fails(void) {
  if (!atomic_load(&is_ready) || !fails_memory || !is_hit(atomic_fetch_add(&allocations, 1) + 1)) {
    return 0;
  }
  errno = ENOMEM;
  return 1;
}

static int write_is_short(void) {
  return atomic_load(&is_ready) && !fails_memory && failing == kind_call && error_number == 0 &&
         is_hit(atomic_load(&calls));
}

#define REAL(type, name, ...)                \
  static type (*real)(__VA_ARGS__);          \
  if (real == NULL) {                        \
    *(void**)&real = dlsym(RTLD_NEXT, name); \
  }

#define OPEN_BODY(name)                     \
  REAL(int, name, const char*, int, ...)    \
  va_list list;                             \
  va_start(list, flags);                    \
  const mode_t mode = va_arg(list, mode_t); \
  va_end(list);                             \
  return call_fails() ? -1 : real(path, flags, mode)

int open(const char* path, int flags, ...) {
  OPEN_BODY("open");
}
int open64(const char* path, int flags, ...) {
  OPEN_BODY("open64");
}
ssize_t read(int fd, void* bytes, size_t size) {
  REAL(ssize_t, "read", int, void*, size_t)
  return fd > 2 && call_fails() ? -1 : real(fd, bytes, size);
}
ssize_t write(int fd, const void* bytes, size_t size) {
  REAL(ssize_t, "write", int, const void*, size_t)
  if (fd <= 2) {
    return real(fd, bytes, size);
  }
  if (call_fails()) {
    return -1;
  }
  return real(fd, bytes, write_is_short() ? (size + 1) / 2 : size);
}
ssize_t pread64(int fd, void* bytes, size_t size, off64_t at) {
  REAL(ssize_t, "pread64", int, void*, size_t, off64_t)
  return call_fails() ? -1 : real(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  REAL(ssize_t, "pwrite64", int, const void*, size_t, off64_t)
  if (call_fails()) {
    return -1;
  }
  return real(fd, bytes, write_is_short() ? (size + 1) / 2 : size, at);
}
int fsync(int fd) {
  REAL(int, "fsync", int)
  return call_fails() ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(int, "fdatasync", int)
  return call_fails() ? -1 : real(fd);
}
int ftruncate64(int fd, off64_t size) {
  REAL(int, "ftruncate64", int, off64_t)
  return call_fails() ? -1 : real(fd, size);
}
int ftruncate(int fd, off_t size) {
  REAL(int, "ftruncate", int, off_t)
  return call_fails() ? -1 : real(fd, size);
}
void* mmap64(void* place, size_t size, int protection, int flags, int fd, off64_t at) {
  REAL(void*, "mmap64", void*, size_t, int, int, int, off64_t)
  return fd >= 0 && call_fails() ? MAP_FAILED : real(place, size, protection, flags, fd, at);
}
int unlink(const char* path) {
  REAL(int, "unlink", const char*)
  return call_fails() ? -1 : real(path);
}
int rename(const char* from, const char* to) {
  REAL(int, "rename", const char*, const char*)
  return call_fails() ? -1 : real(from, to);
}
int fcntl64(int fd, int command, ...) {
  REAL(int, "fcntl64", int, int, ...)
  va_list list;
  va_start(list, command);
  void* argument = va_arg(list, void*);
  va_end(list);
  return fails_now(kind_lock) ? -1 : real(fd, command, argument);
}

static int net_fails(void) {
  return fails_now(kind_net);
}

int socket(int family, int type, int protocol) {
  REAL(int, "socket", int, int, int)
  return net_fails() ? -1 : real(family, type, protocol);
}
int connect(int fd, const struct sockaddr* address, socklen_t size) {
  REAL(int, "connect", int, const struct sockaddr*, socklen_t)
  return net_fails() ? -1 : real(fd, address, size);
}
int bind(int fd, const struct sockaddr* address, socklen_t size) {
  REAL(int, "bind", int, const struct sockaddr*, socklen_t)
  return net_fails() ? -1 : real(fd, address, size);
}
int listen(int fd, int backlog) {
  REAL(int, "listen", int, int)
  return net_fails() ? -1 : real(fd, backlog);
}
int accept4(int fd, struct sockaddr* address, socklen_t* size, int flags) {
  REAL(int, "accept4", int, struct sockaddr*, socklen_t*, int)
  return net_fails() ? -1 : real(fd, address, size, flags);
}
int getsockopt(int fd, int level, int name, void* value, socklen_t* size) {
  REAL(int, "getsockopt", int, int, int, void*, socklen_t*)
  return net_fails() ? -1 : real(fd, level, name, value, size);
}
ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  REAL(ssize_t, "send", int, const void*, size_t, int)
  return net_fails() ? -1 : real(fd, bytes, size, flags);
}
ssize_t recv(int fd, void* bytes, size_t size, int flags) {
  REAL(ssize_t, "recv", int, void*, size_t, int)
  return net_fails() ? -1 : real(fd, bytes, size, flags);
}
ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  REAL(ssize_t, "sendmsg", int, const struct msghdr*, int)
  return net_fails() ? -1 : real(fd, message, flags);
}
ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  REAL(ssize_t, "recvmsg", int, struct msghdr*, int)
  return net_fails() ? -1 : real(fd, message, flags);
}
int poll(struct pollfd* entries, nfds_t size, int timeout) {
  REAL(int, "poll", struct pollfd*, nfds_t, int)
  return net_fails() ? -1 : real(entries, size, timeout);
}
int pipe2(int ends[2], int flags) {
  REAL(int, "pipe2", int*, int)
  return net_fails() ? -1 : real(ends, flags);
}
int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const arguments[],
                char* const environment[]) {
  REAL(int, "posix_spawn", pid_t*, const char*, const posix_spawn_file_actions_t*,
       const posix_spawnattr_t*, char* const*, char* const*)
  return net_fails() ? errno : real(pid, path, actions, attributes, arguments, environment);
}
pid_t waitpid(pid_t pid, int* status, int options) {
  REAL(pid_t, "waitpid", pid_t, int*, int)
  return net_fails() ? -1 : real(pid, status, options);
}

/* glibc's own names, so that looking them up needs no memory. */
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t number, size_t size);
extern void* __libc_realloc(void* place, size_t size);

void* malloc(size_t size) {
  return memory_fails() ? NULL : __libc_malloc(size);
}
void* calloc(size_t number, size_t size) {
  return memory_fails() ? NULL : __libc_calloc(number, size);
}
void* realloc(void* place, size_t size) {
  return memory_fails() ? NULL : __libc_realloc(place, size);
}
