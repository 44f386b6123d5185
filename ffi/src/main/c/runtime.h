/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Java runtime of this process: started by the first call that needs it, never torn down (a busy
 * thread would block the teardown for ever). Callers see no isolate and no attached thread.
 */
#ifndef DLT_JAVA_RUNTIME_H
#define DLT_JAVA_RUNTIME_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "dlt_java.h"

typedef struct __graal_isolatethread_t graal_isolatethread_t;

/* Java's functions, @CEntryPoint in dev.dltjava.ffi.EntryPoints. Each takes the calling thread. */
int32_t dlt_java_source_open(graal_isolatethread_t *thread, const char *options, int64_t length,
                             int64_t *handle, dltj_error *error);
int32_t dlt_java_source_push(graal_isolatethread_t *thread, int64_t handle, const char *const *texts,
                             const int64_t *lengths, int64_t count, int64_t timeout,
                             dltj_error *error);
int32_t dlt_java_source_set_auth(graal_isolatethread_t *thread, int64_t handle, const char *json,
                                 int64_t length, dltj_error *error);
int32_t dlt_java_source_next(graal_isolatethread_t *thread, int64_t handle, int64_t timeout,
                             dltj_batch *batch, const void *export_table, dltj_error *error);
int32_t dlt_java_source_statistics(graal_isolatethread_t *thread, int64_t handle, char *buffer,
                                   int64_t capacity, int64_t *length, dltj_error *error);
int32_t dlt_java_source_question(graal_isolatethread_t *thread, int64_t handle, char *buffer,
                                 int64_t capacity, int64_t *length, dltj_error *error);
int32_t dlt_java_source_answer(graal_isolatethread_t *thread, int64_t handle, const char *answer,
                               int64_t length, dltj_error *error);
void dlt_java_source_cancel(graal_isolatethread_t *thread, int64_t handle);
void dlt_java_source_close(graal_isolatethread_t *thread, int64_t handle);
int64_t dlt_java_live_bytes(graal_isolatethread_t *thread);

/* A thread that may call Java, from dltj_runtime_enter to dltj_runtime_leave. */
struct dltj_entry {
  graal_isolatethread_t *thread;
  int attached; /* whether enter attached the thread, so that leave detaches it */
};

/* Starts the runtime if need be, and attaches the calling thread. DLTJ_OK, or an error. */
int32_t dltj_runtime_enter(struct dltj_entry *entry, dltj_error *error);

/* Undoes dltj_runtime_enter. */
void dltj_runtime_leave(const struct dltj_entry *entry);

/*
 * Blocks the signals of the calling thread, for threads that are started inherit it: the program's handlers
 * run on threads of the program, and a SIGPIPE of a connection that the server closed ends nobody. Not those
 * that a thread gets for a fault of its own.
 */
void dltj_runtime_block_signals(sigset_t *before);

/* Undoes dltj_runtime_block_signals. */
void dltj_runtime_restore_signals(const sigset_t *before);

/* Whether this process has a runtime. */
int dltj_runtime_started(void);

/* Fills an error that names no place; returns the code. */
int32_t dltj_fail(dltj_error *error, int32_t code, const char *message);

#endif /* DLT_JAVA_RUNTIME_H */
