/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlt_java: REST APIs and JSON as Arrow batches, fetched and decoded on the library's own threads.
 *
 * Objects    A source is opened from options (one JSON text), read batch by batch, and closed. Each
 *            batch belongs to one table; tables appear while the data is read, a parent table before
 *            its child tables.
 * Threads    Every function may be called from any thread. One source is read by one thread at a time;
 *            dltj_source_cancel, dltj_source_statistics, dltj_source_set_auth and the release callbacks of
 *            the Arrow structs may be called by any thread at any time, during process exit too. A call needs
 *            128 KiB of its thread's stack. Threads of the library take no signals.
 * Errors     A function that can fail returns a status and fills a dltj_error that the caller owns.
 *            Out-parameters are untouched unless the status says otherwise.
 * Ownership  Each pointer carries one of four words: "borrowed until return", "borrowed until close",
 *            "moved in", "moved out (release it)".
 * Processes  A source belongs to the process that opened it. After fork, a child's call on a handle of
 *            its parent returns DLTJ_ERROR_FORKED; a source that the child opens itself works.
 */
#ifndef DLT_JAVA_H
#define DLT_JAVA_H

#include <stdint.h>

#if defined(_WIN32)
#error "dlt_java supports Linux only"
#else
#define DLTJ_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The Arrow C data interface, as its specification asks producers to copy it:
 * https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif /* ARROW_C_DATA_INTERFACE */

/* https://arrow.apache.org/docs/format/CStreamInterface.html */
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};
#endif /* ARROW_C_STREAM_INTERFACE */

/* Grows whenever a caller compiled against an older header would misread this library. */
#define DLTJ_ABI_VERSION 1

/* Status: done. */
#define DLTJ_OK 0
/* Status: the source has no further batch. */
#define DLTJ_END 1
/* Status: no batch was ready within the time given; call again. */
#define DLTJ_PENDING 2
/* Status: the source waits for dltj_source_answer; only if its options leave something to the caller. */
#define DLTJ_QUESTION 3

/* The caller's fault. */
#define DLTJ_ERROR_OPTIONS 101  /* the options are not valid; the message names the key */
#define DLTJ_ERROR_HANDLE 102   /* the handle is NULL or in use by another thread */
#define DLTJ_ERROR_FORKED 103   /* the handle was opened by a parent of this process */
#define DLTJ_ERROR_CLOSED 104   /* the source was cancelled */
#define DLTJ_ERROR_STRUCT 105   /* struct_size is not one that this library knows */
#define DLTJ_ERROR_STREAM 106   /* the source has several tables, or is being read already */

/* The data's fault. */
#define DLTJ_ERROR_JSON 201     /* not JSON, or cut off */
#define DLTJ_ERROR_ENCODING 202 /* not UTF-8 */
#define DLTJ_ERROR_LIMIT 203    /* a limit was reached; the message names the option that raises it */
#define DLTJ_ERROR_RECORD 204   /* the document has no records where the options say they are */
#define DLTJ_ERROR_VALUE 205    /* a value does not fit its column */
#define DLTJ_ERROR_PAGINATION 206 /* a page does not say what its paginator needs, or names itself */

/* The environment's fault. */
#define DLTJ_ERROR_CONNECT 301   /* host not found, connection refused or reset */
#define DLTJ_ERROR_TLS 302       /* the server's certificate or protocol was refused */
#define DLTJ_ERROR_TIMEOUT 303   /* no answer in time */
#define DLTJ_ERROR_STATUS 304    /* the server answered with an error status */
#define DLTJ_ERROR_TRUNCATED 305 /* the body ended before its length */
#define DLTJ_ERROR_PROTOCOL 306  /* the answer is not HTTP, or more of it than the limits allow */
#define DLTJ_ERROR_MEMORY 307    /* the memory cap of the library was reached */
#define DLTJ_ERROR_PROCESSOR 308 /* this processor lacks instructions that the library is built for */
#define DLTJ_ERROR_START 309     /* the runtime could not be started, or the thread has too little stack */

/* A fault of this library. */
#define DLTJ_ERROR_INTERNAL 901

/*
 * What went wrong. The caller owns it and passes it to one call at a time; NULL is allowed. All texts
 * are UTF-8, NUL-terminated, cut at a character when too long, and empty where they do not apply.
 */
typedef struct dltj_error {
  int32_t code;        /* one of DLTJ_ERROR_… */
  int32_t http_status; /* the server's status code, 0 if there was none */
  int64_t byte_offset; /* offset in the decoded body, -1 if it does not apply */
  int64_t row;         /* index of the record in its document, -1 if it does not apply */
  char url[1024];      /* the request's URL, secrets masked */
  char column[256];    /* the path of the field */
  char message[2048];  /* what happened, what was expected, what to do */
} dltj_error;

/* A source that is being read. */
typedef struct dltj_source dltj_source;

/*
 * Rows of one table. The caller sets struct_size to sizeof(dltj_batch) and passes it to dltj_source_next;
 * after DLTJ_OK everything in it is moved out (release it with dltj_batch_release). `schema` and `array`
 * may be moved on to an Arrow consumer, which then releases them; they outlive the source.
 */
typedef struct dltj_batch {
  int64_t struct_size;        /* bytes, set by the caller */
  const char *table;          /* name of the table, normalized */
  const char *parent_table;   /* name of the table it is nested in, NULL for a root table */
  int64_t requests_completed; /* so many requests, in their order, have all rows of all their pages in this
                                 or earlier batches */
  struct ArrowSchema schema;  /* a struct: one child a column */
  struct ArrowArray array;    /* a struct array of that schema */
} dltj_batch;

/* The ABI version of the library, to be compared with DLTJ_ABI_VERSION. Starts nothing. Since 1. */
DLTJ_EXPORT int32_t dltj_abi_version(void);

/* The version of the library, such as "0.1.0". Starts nothing. Static. Since 1. */
DLTJ_EXPORT const char *dltj_version(void);

/*
 * Opens a source; fetching starts at once, on the library's threads. Since 1.
 *
 * options         JSON text in UTF-8, borrowed until return; docs/reference/options.md lists the keys.
 * options_length  bytes.
 * source          set on DLTJ_OK: moved out (close it with dltj_source_close).
 */
DLTJ_EXPORT int32_t dltj_source_open(const char *options, int64_t options_length, dltj_source **source,
                                     dltj_error *error);

/*
 * Gives JSON texts to a source whose options have "pushed": true. Each text holds a document, an array
 * of records, or several of them, as JSON Lines do; with "pieces": true all of them are one text. They
 * are copied, unless the options have "lent": true. Blocks for at most timeout_milliseconds while what was
 * pushed before waits to be decoded, and then returns DLTJ_PENDING with nothing taken: take a batch, and
 * push again. May be called by another thread than the one that takes batches. Since 1.
 *
 * texts    `count` texts in UTF-8, borrowed until return, or with "lent": true until dltj_source_close has
 *          returned; not NUL-terminated.
 * lengths  their bytes, borrowed until return.
 * count    0 says that no further text will come.
 */
DLTJ_EXPORT int32_t dltj_source_push(dltj_source *source, const char *const *texts,
                                     const int64_t *lengths, int64_t count,
                                     int64_t timeout_milliseconds, dltj_error *error);

/*
 * Replaces what identifies the caller to the server of each request: JSON text of an object with the keys
 * auth_headers and auth_query of the options; what is absent is not sent any more. Requests that are sent
 * later have it, further tries of earlier ones too. May be called by any thread at any time. Since 1.
 *
 * json  NUL-terminated, in UTF-8, borrowed until return.
 */
DLTJ_EXPORT int32_t dltj_source_set_auth(dltj_source *source, const char *json, dltj_error *error);

/*
 * Takes the next batch: DLTJ_OK, DLTJ_END, DLTJ_PENDING, DLTJ_QUESTION, or an error, which ends the
 * source. Blocks for at most timeout_milliseconds (0: not at all). Since 1.
 */
DLTJ_EXPORT int32_t dltj_source_next(dltj_source *source, int64_t timeout_milliseconds, dltj_batch *batch,
                                     dltj_error *error);

/*
 * Turns a source with a single table into an Arrow stream: the source is moved in on DLTJ_OK, and closed
 * by the stream's release. get_next blocks until a batch is ready. The first batch fixes the schema; a
 * later batch with another schema, or of another table, ends the stream with an error. Since 1.
 */
DLTJ_EXPORT int32_t dltj_source_stream(dltj_source *source, struct ArrowArrayStream *stream,
                                       dltj_error *error);

/*
 * Writes what the source has done so far as JSON text: requests, retries, bytes, rows a table, and the
 * same for each named endpoint; with the option request_log also the requests that ended since they were
 * last told, which are told again if the text does not fit. docs/reference/options.md lists the members.
 * Since 1.
 *
 * buffer  at least capacity bytes; receives the text, without a NUL, if it fits.
 * length  set to the bytes of the text in any case.
 */
DLTJ_EXPORT int32_t dltj_source_statistics(dltj_source *source, char *buffer, int64_t capacity,
                                           int64_t *length, dltj_error *error);

/*
 * Writes what the source asks as JSON text, after DLTJ_QUESTION; docs/reference/options.md lists the
 * questions. Since 1.
 *
 * buffer  at least capacity bytes; receives the text, without a NUL, if it fits.
 * length  set to the bytes of the text in any case.
 */
DLTJ_EXPORT int32_t dltj_source_question(dltj_source *source, char *buffer, int64_t capacity,
                                         int64_t *length, dltj_error *error);

/*
 * Answers what the source asks; decoding goes on. Since 1.
 *
 * answer  UTF-8, borrowed until return.
 * length  bytes.
 */
DLTJ_EXPORT int32_t dltj_source_answer(dltj_source *source, const char *answer, int64_t length,
                                       dltj_error *error);

/* Stops fetching; a blocked dltj_source_next returns DLTJ_ERROR_CLOSED soon. NULL is ignored. Since 1. */
DLTJ_EXPORT void dltj_source_cancel(dltj_source *source);

/* Cancels and frees the source; batches taken from it stay valid. NULL is ignored. Since 1. */
DLTJ_EXPORT void dltj_source_close(dltj_source *source);

/* Releases what a batch still owns; a second call does nothing. NULL is ignored. Since 1. */
DLTJ_EXPORT void dltj_batch_release(dltj_batch *batch);

/* Exported schemas and arrays that are not released yet, in this process. Since 1. */
DLTJ_EXPORT int64_t dltj_live_exports(void);

/* Bytes of column and body memory in use, batches not yet released included. Since 1. */
DLTJ_EXPORT int64_t dltj_allocated_bytes(void);

#ifdef __cplusplus
}
#endif

#endif /* DLT_JAVA_H */
