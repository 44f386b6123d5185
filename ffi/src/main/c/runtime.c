/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static graal_isolate_t *isolate;

/* The process that started the isolate: a child of fork has its memory, but not its threads. */
static pid_t owner;

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

/* A forked child may have copied the lock while another thread of its parent held it. */
static void start_child_afresh(void) {
  pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
  lock = fresh;
  isolate = NULL;
}

static int32_t start(graal_isolatethread_t **thread, dltj_error *error) {
  static int handler_registered;
  if (!handler_registered) {
    pthread_atfork(NULL, NULL, start_child_afresh);
    handler_registered = 1;
  }
  int status = graal_create_isolate(NULL, &isolate, thread);
  if (status == 0) {
    owner = getpid();
    return DLTJ_OK;
  }
  isolate = NULL;
  if (status == CPU_FEATURE_CHECK_FAILED) {
    return dltj_fail(error, DLTJ_ERROR_PROCESSOR,
                     "this processor is too old: dlt_java needs AVX2, AES and CLMUL (Intel Haswell or "
                     "AMD Excavator, 2015, and newer)");
  }
  char message[160];
  snprintf(message, sizeof message,
           "the runtime could not be started (GraalVM status %d): is the address space limited "
           "(ulimit -v)?",
           status);
  return dltj_fail(error, DLTJ_ERROR_START, message);
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
  pthread_mutex_lock(&lock);
  int32_t status = DLTJ_OK;
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

int dltj_runtime_started(void) {
  pthread_mutex_lock(&lock);
  int started = isolate != NULL && owner == getpid();
  pthread_mutex_unlock(&lock);
  return started;
}
