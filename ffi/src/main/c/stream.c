/* SPDX-License-Identifier: Apache-2.0 */
/* A source with a single table as an ArrowArrayStream. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"
#include "schema.h"
#include "source.h"

/* How long one wait for a batch takes; the stream waits again until one is there. */
#define WAIT_MILLISECONDS 60000

struct stream {
  dltj_source *source;
  dltj_error error;
  dltj_batch first;     /* read ahead for its schema; its array is moved out by get_next */
  int started;          /* whether first was asked for */
  int first_pending;    /* whether first's array is still to be delivered */
  int ended;
};

/* The errno that an Arrow consumer sees for an error code. */
static int error_number(int32_t code) {
  switch (code) {
    case DLTJ_ERROR_MEMORY:
      return ENOMEM;
    case DLTJ_ERROR_CLOSED:
      return ECANCELED;
    case DLTJ_ERROR_OPTIONS:
    case DLTJ_ERROR_HANDLE:
    case DLTJ_ERROR_STREAM:
      return EINVAL;
    default:
      return EIO;
  }
}

static int32_t next_batch(struct stream *stream, dltj_batch *batch) {
  memset(batch, 0, sizeof *batch);
  batch->struct_size = sizeof *batch;
  int32_t status;
  do {
    status = dltj_source_next(stream->source, WAIT_MILLISECONDS, batch, &stream->error);
  } while (status == DLTJ_PENDING);
  if (status == DLTJ_QUESTION) {
    status = dltj_fail(&stream->error, DLTJ_ERROR_STREAM,
                       "the options leave something to the caller, and a stream cannot ask: read the "
                       "source with dltj_source_next");
  }
  stream->ended = status != DLTJ_OK;
  return status;
}

static int start(struct stream *stream) {
  if (stream->started) {
    return 0;
  }
  int32_t status = next_batch(stream, &stream->first);
  if (status != DLTJ_OK && status != DLTJ_END) {
    return error_number(status);
  }
  stream->started = 1;
  stream->first_pending = status == DLTJ_OK;
  return 0;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out) {
  struct stream *stream = self->private_data;
  int status = start(stream);
  if (status != 0) {
    return status;
  }
  /* A source without rows is a stream without columns. */
  return dltj_schema_copy(stream->first.schema.release == NULL ? NULL : &stream->first.schema, out);
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out) {
  struct stream *stream = self->private_data;
  int failure = start(stream);
  if (failure != 0) {
    return failure;
  }
  if (stream->first_pending) {
    *out = stream->first.array;
    stream->first.array.release = NULL;
    stream->first_pending = 0;
    return 0;
  }
  memset(out, 0, sizeof *out);
  if (stream->ended) {
    return 0;
  }
  dltj_batch batch;
  int32_t status = next_batch(stream, &batch);
  if (status != DLTJ_OK) {
    return status == DLTJ_END ? 0 : error_number(status);
  }
  if (strcmp(batch.table, stream->first.table) != 0 ||
      !dltj_schema_equal(&batch.schema, &stream->first.schema)) {
    char message[512];
    snprintf(message, sizeof message,
             "a batch of table '%.100s' does not continue the stream of table '%.100s': read sources "
             "with several tables or changing columns with dltj_source_next",
             batch.table, stream->first.table);
    dltj_batch_release(&batch);
    stream->ended = 1;
    return error_number(dltj_fail(&stream->error, DLTJ_ERROR_STREAM, message));
  }
  *out = batch.array;
  batch.array.release = NULL;
  dltj_batch_release(&batch);
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self) {
  const struct stream *stream = self->private_data;
  return stream->error.code == DLTJ_OK ? NULL : stream->error.message;
}

static void release(struct ArrowArrayStream *self) {
  struct stream *stream = self->private_data;
  dltj_batch_release(&stream->first);
  dltj_source_close(stream->source);
  free(stream);
  self->release = NULL;
}

int32_t dltj_source_stream(dltj_source *source, struct ArrowArrayStream *out, dltj_error *error) {
  if (source == NULL || out == NULL) {
    return dltj_fail(error, DLTJ_ERROR_HANDLE, "dltj_source_stream: source or stream is NULL");
  }
  if (atomic_load(&source->taken)) {
    return dltj_fail(error, DLTJ_ERROR_STREAM,
                     "batches were taken from this source: turn it into a stream before");
  }
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) {
    return dltj_fail(error, DLTJ_ERROR_MEMORY, "no memory for a stream");
  }
  stream->source = source;
  out->get_schema = get_schema;
  out->get_next = get_next;
  out->get_last_error = get_last_error;
  out->release = release;
  out->private_data = stream;
  return DLTJ_OK;
}
