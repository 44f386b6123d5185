/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "runtime.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The part of GraalVM's C API that is needed (graal_isolate.h, which the builder generates). */
typedef struct __graal_isolate_t graal_isolate_t;
int graal_create_isolate(void *parameters, graal_isolate_t **isolate, graal_isolatethread_t **thread);
int graal_attach_thread(graal_isolate_t *isolate, graal_isolatethread_t **thread);
graal_isolatethread_t *graal_get_current_thread(graal_isolate_t *isolate);
int graal_detach_thread(graal_isolatethread_t *thread);

/* What graal_create_isolate answers on a processor that the image was not built for. */
#define CPU_FEATURE_CHECK_FAILED 23

/* What it answers if Java code failed, after which it waits for ever when it is called again. */
#define UNCAUGHT_EXCEPTION 13

/*
 * What a call needs of its thread's stack. GraalVM keeps the last 64 KiB for itself: Java code that gets
 * there before it can catch an exception ends the process, and a class that is initialized there is lost.
 */
#define STACK_BYTES (128 * 1024)

/* Files that the runtime opens for good, rounded up. */
#define FILES 16

/* A library that each copy of this one has beside itself. */
#define NEIGHBOUR "dljjvm.so"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static graal_isolate_t *isolate;

/* The process that started the isolate: a child of fork has its memory, but not its threads. */
static pid_t owner;

/* Whether no isolate can be created any more. */
static int broken;

/* The lowest address of the calling thread's stack, NULL until it is looked up. */
static __thread const char *stack_end;

int32_t dltj_fail(dltj_error *error, int32_t code, const char *message) {
  if (error != NULL) {
    memset(error, 0, sizeof *error);
    error->code = code;
    error->byte_offset = -1;
    error->row = -1;
    snprintf(error->message, sizeof error->message, "%s", message);
  }
  return code;
}

/*
 * fork waits for a runtime that is being started: a child would have half of one, and could neither use nor
 * replace it.
 */
static void hold_start(void) { pthread_mutex_lock(&lock); }

static void resume_start(void) { pthread_mutex_unlock(&lock); }

static void start_child_afresh(void) {
  pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
  lock = fresh;
  isolate = NULL;
}

__attribute__((constructor)) static void handle_forks(void) {
  pthread_atfork(hold_start, resume_start, start_child_afresh);
}

static int32_t start_failed(int status, dltj_error *error) {
  char message[256];
  snprintf(message, sizeof message,
           "the runtime could not be started (GraalVM status %d): is the address space (ulimit -v), or the "
           "number of processes or open files limited?%s",
           status, broken ? " Another try needs another process" : "");
  return dltj_fail(error, DLTJ_ERROR_START, message);
}

struct neighbours {
  struct stat own_folder;
  int own;
  char other[PATH_MAX];
};

static int note_neighbour(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct neighbours *found = data;
  const char *slash = strrchr(info->dlpi_name, '/');
  if (slash == NULL || strcmp(slash + 1, NEIGHBOUR) != 0) {
    return 0;
  }
  char folder[PATH_MAX];
  struct stat status;
  snprintf(folder, sizeof folder, "%.*s", (int)(slash - info->dlpi_name), info->dlpi_name);
  if (stat(folder, &status) == 0 && status.st_dev == found->own_folder.st_dev &&
      status.st_ino == found->own_folder.st_ino) {
    found->own = 1;
  } else {
    snprintf(found->other, sizeof found->other, "%s", folder);
  }
  return 0;
}

/*
 * The dynamic linker knows libraries by their names alone: it gives a second copy the private libraries of
 * the first, whose static variables hold objects of another heap.
 */
static int32_t refuse_second_copy(dltj_error *error) {
  Dl_info self;
  static struct neighbours found;
  memset(&found, 0, sizeof found);
  if (dladdr((const void *)&lock, &self) == 0 || self.dli_fname == NULL) {
    return DLTJ_OK;
  }
  const char *slash = strrchr(self.dli_fname, '/');
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - self.dli_fname),
           slash == NULL ? "." : self.dli_fname);
  if (stat(folder, &found.own_folder) != 0) {
    return DLTJ_OK;
  }
  dl_iterate_phdr(note_neighbour, &found);
  if (found.own || found.other[0] == '\0') {
    return DLTJ_OK;
  }
  char message[sizeof error->message];
  snprintf(message, sizeof message,
           "this process has loaded another copy of dlt_java, in %.800s, beside the one in %.800s: a process "
           "can use only one, so let all of it import the same",
           found.other, folder);
  return dltj_fail(error, DLTJ_ERROR_START, message);
}

/*
 * Classes that open files when they are initialized are lost if they cannot: those of random numbers, and of
 * the event loops.
 */
static int32_t refuse_without_files(dltj_error *error) {
  int files[FILES];
  int opened = 0;
  while (opened < FILES && (files[opened] = eventfd(0, EFD_CLOEXEC)) >= 0) {
    opened++;
  }
  for (int i = 0; i < opened; i++) {
    close(files[i]);
  }
  return opened == FILES ? DLTJ_OK
                         : dltj_fail(error, DLTJ_ERROR_START,
                                     "the process has too many open files (ulimit -n) to start the runtime");
}

static int32_t start(graal_isolatethread_t **thread, dltj_error *error) {
  if (broken) {
    return start_failed(UNCAUGHT_EXCEPTION, error);
  }
  int32_t refused = refuse_second_copy(error);
  if (refused == DLTJ_OK) {
    refused = refuse_without_files(error);
  }
  if (refused != DLTJ_OK) {
    return refused;
  }
  /* GraalVM raises the soft limit of open files for the whole process, which is not its to decide. */
  struct rlimit files;
  int has_limit = getrlimit(RLIMIT_NOFILE, &files) == 0;
  int status = graal_create_isolate(NULL, &isolate, thread);
  if (has_limit) {
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (status == 0) {
    owner = getpid();
    return DLTJ_OK;
  }
  isolate = NULL;
  *thread = NULL;
  broken = status == UNCAUGHT_EXCEPTION;
  if (status == CPU_FEATURE_CHECK_FAILED) {
    return dltj_fail(error, DLTJ_ERROR_PROCESSOR,
                     "this processor is too old: dlt_java needs AVX2, AES and CLMUL (Intel Haswell or "
                     "AMD Excavator, 2015, and newer)");
  }
  return start_failed(status, error);
}

/* The bounds of a stack that cannot be told are GraalVM's concern alone. */
static const char *look_up_stack_end(void) {
  pthread_attr_t attributes;
  void *lowest = NULL;
  size_t bytes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    if (pthread_attr_getstack(&attributes, &lowest, &bytes) != 0) {
      lowest = NULL;
    }
    pthread_attr_destroy(&attributes);
  }
  return lowest;
}

static int has_stack(void) {
  const char here = 0;
  return (uintptr_t)&here >= (uintptr_t)stack_end + STACK_BYTES;
}

static int32_t refuse_short_stack(dltj_error *error) {
  if (stack_end != NULL && has_stack()) {
    return DLTJ_OK;
  }
  const char *known = stack_end;
  stack_end = look_up_stack_end();
  if (!has_stack()) {
    return dltj_fail(error, DLTJ_ERROR_START,
                     "the calling thread has less than 128 KiB of its stack left: call from a thread with a "
                     "larger one (in Python threading.stack_size), or from less deep in calls");
  }
  /* The main thread's limit was raised, but GraalVM knows the old one: it learns the new one anew. */
  graal_isolatethread_t *attached = known == NULL || isolate == NULL ? NULL : graal_get_current_thread(isolate);
  if (attached != NULL) {
    graal_detach_thread(attached);
  }
  return DLTJ_OK;
}

static int32_t attach(struct dltj_entry *entry, dltj_error *error) {
  entry->thread = graal_get_current_thread(isolate);
  entry->attached = entry->thread == NULL;
  if (entry->thread != NULL || graal_attach_thread(isolate, &entry->thread) == 0) {
    return DLTJ_OK;
  }
  return dltj_fail(error, DLTJ_ERROR_START, "the calling thread could not be attached");
}

int32_t dltj_runtime_enter(struct dltj_entry *entry, dltj_error *error) {
  entry->thread = NULL;
  entry->attached = 0;
  int32_t status = refuse_short_stack(error);
  if (status != DLTJ_OK) {
    return status;
  }
  pthread_mutex_lock(&lock);
  if (isolate == NULL) {
    status = start(&entry->thread, error);
    entry->attached = 1;
  }
  pthread_mutex_unlock(&lock);
  if (status != DLTJ_OK || entry->thread != NULL) {
    return status;
  }
  return attach(entry, error);
}

/*
 * Every thread is detached again but the main thread: the id of a thread that ends attached may be given
 * to another, which would run on the old one's stack bounds. The main thread lives as long as the
 * process, and attaching it is slow (glibc reads /proc/self/maps for its bounds).
 */
void dltj_runtime_leave(const struct dltj_entry *entry) {
  if (entry->attached && syscall(SYS_gettid) != getpid()) {
    graal_detach_thread(entry->thread);
  }
}

void dltj_runtime_block_signals(sigset_t *before) {
  static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
  sigset_t blocked;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    sigdelset(&blocked, own[i]);
  }
  pthread_sigmask(SIG_BLOCK, &blocked, before);
}

void dltj_runtime_restore_signals(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, NULL); }

int dltj_runtime_started(void) {
  pthread_mutex_lock(&lock);
  int started = isolate != NULL && owner == getpid();
  pthread_mutex_unlock(&lock);
  return started;
}
