/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "release.h"
#include "runtime.h"

#ifndef DLTJ_VERSION
#error "DLTJ_VERSION must be defined by the build"
#endif

/* Much more than a source needs before its own budget counts. */
#define SPARE_BYTES (32 << 20)

#define CLOSER_STACK_BYTES (1 << 20)

int32_t dltj_abi_version(void) { return DLTJ_ABI_VERSION; }

const char *dltj_version(void) { return DLTJ_VERSION; }

int32_t dltj_source_open(const char *options, int64_t options_length, dltj_source **source,
                         dltj_error *error) {
  if (options == NULL || options_length < 0 || source == NULL) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_open: options or source is NULL");
  }
  /* A thread that starts and has no memory for GraalVM's record of it ends the process. */
  void *volatile spare = malloc(SPARE_BYTES);
  free(spare);
  dltj_source *opened = spare == NULL ? NULL : malloc(sizeof *opened);
  if (opened == NULL) {
    return dltj_fail(error, DLTJ_ERROR_MEMORY, "the system has no memory left for a source");
  }
  struct dltj_entry entry;
  sigset_t signals;
  dltj_runtime_block_signals(&signals);
  int32_t status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_open(entry.thread, options, options_length, &opened->handle, error);
    dltj_runtime_leave(&entry);
  }
  dltj_runtime_restore_signals(&signals);
  if (status != DLTJ_OK) {
    free(opened);
    return status;
  }
  opened->owner = getpid();
  atomic_flag_clear(&opened->taking);
  atomic_init(&opened->taken, 0);
  *source = opened;
  return DLTJ_OK;
}

static int32_t check(const dltj_source *source, dltj_error *error) {
  if (source == NULL) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "the source is NULL");
  }
  if (source->owner != getpid()) {
    return dltj_fail(error, DLTJ_ERROR_FORKED,
                     "this source was opened before fork, by the parent process: open sources in the "
                     "process that reads them");
  }
  return DLTJ_OK;
}

int32_t dltj_source_push(dltj_source *source, const char *const *texts, const int64_t *lengths,
                         int64_t count, int64_t timeout_milliseconds, dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (count < 0 || (count > 0 && (texts == NULL || lengths == NULL))) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_push: texts or lengths is NULL");
  }
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_push(entry.thread, source->handle, texts, lengths, count,
                                  timeout_milliseconds, error);
    dltj_runtime_leave(&entry);
  }
  return status;
}

int32_t dltj_source_set_auth(dltj_source *source, const char *json, dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (json == NULL) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_set_auth: json is NULL");
  }
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_set_auth(entry.thread, source->handle, json, (int64_t)strlen(json), error);
    dltj_runtime_leave(&entry);
  }
  return status;
}

int32_t dltj_source_next(dltj_source *source, int64_t timeout_milliseconds, dltj_batch *batch,
                         dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (batch == NULL || batch->struct_size != (int64_t)sizeof *batch) {
    return dltj_fail(error, DLTJ_ERROR_STRUCT, "batch->struct_size must be sizeof(dltj_batch)");
  }
  if (atomic_flag_test_and_set(&source->taking)) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "another thread is reading this source");
  }
  atomic_store(&source->taken, 1);
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_next(entry.thread, source->handle, timeout_milliseconds, batch,
                                  dltj_internal_export_table(), error);
    dltj_runtime_leave(&entry);
  }
  atomic_flag_clear(&source->taking);
  return status;
}

int32_t dltj_source_statistics(dltj_source *source, char *buffer, int64_t capacity, int64_t *length,
                               dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (length == NULL || capacity < 0 || (buffer == NULL && capacity > 0)) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_statistics: buffer or length is NULL");
  }
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_statistics(entry.thread, source->handle, buffer, capacity, length, error);
    dltj_runtime_leave(&entry);
  }
  return status;
}

int32_t dltj_source_question(dltj_source *source, char *buffer, int64_t capacity, int64_t *length,
                               dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (length == NULL || capacity < 0 || (buffer == NULL && capacity > 0)) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_question: buffer or length is NULL");
  }
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_question(entry.thread, source->handle, buffer, capacity, length, error);
    dltj_runtime_leave(&entry);
  }
  return status;
}

int32_t dltj_source_answer(dltj_source *source, const char *answer, int64_t length, dltj_error *error) {
  int32_t status = check(source, error);
  if (status != DLTJ_OK) {
    return status;
  }
  if (answer == NULL || length < 0) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_answer: answer is NULL");
  }
  struct dltj_entry entry;
  status = dltj_runtime_enter(&entry, error);
  if (status == DLTJ_OK) {
    status = dlt_java_source_answer(entry.thread, source->handle, answer, length, error);
    dltj_runtime_leave(&entry);
  }
  return status;
}

void dltj_source_cancel(dltj_source *source) {
  struct dltj_entry entry;
  if (check(source, NULL) == DLTJ_OK && dltj_runtime_enter(&entry, NULL) == DLTJ_OK) {
    dlt_java_source_cancel(entry.thread, source->handle);
    dltj_runtime_leave(&entry);
  }
}

static void *close_here(void *source) {
  struct dltj_entry entry;
  if (dltj_runtime_enter(&entry, NULL) != DLTJ_OK) {
    return NULL;
  }
  dlt_java_source_close(entry.thread, ((const dltj_source *)source)->handle);
  dltj_runtime_leave(&entry);
  return source;
}

/* For a caller with too little stack: a source that nobody closes would go on. */
static void close_elsewhere(dltj_source *source) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, CLOSER_STACK_BYTES);
  if (pthread_create(&thread, &attributes, close_here, source) == 0) {
    pthread_join(thread, NULL);
  }
  pthread_attr_destroy(&attributes);
}

void dltj_source_close(dltj_source *source) {
  /* The source of a parent process has no runtime here: only its handle is freed. */
  if (check(source, NULL) == DLTJ_OK && close_here(source) == NULL) {
    close_elsewhere(source);
  }
  free(source);
}

void dltj_batch_release(dltj_batch *batch) {
  if (batch == NULL) {
    return;
  }
  if (batch->array.release != NULL) {
    batch->array.release(&batch->array);
  }
  if (batch->schema.release != NULL) {
    batch->schema.release(&batch->schema);
  }
  free((void *)batch->table);
  free((void *)batch->parent_table);
  batch->table = NULL;
  batch->parent_table = NULL;
}

int64_t dltj_live_exports(void) { return dltj_internal_exported_blocks(); }

int64_t dltj_allocated_bytes(void) {
  int64_t bytes = dltj_internal_exported_bytes();
  struct dltj_entry entry;
  if (dltj_runtime_started() && dltj_runtime_enter(&entry, NULL) == DLTJ_OK) {
    bytes += dlt_java_live_bytes(entry.thread);
    dltj_runtime_leave(&entry);
  }
  return bytes;
}
