/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The native memory behind an exported ArrowSchema or ArrowArray, and the functions that release it.
 *
 * Java (dev.dltjava.arrow) allocates and fills, this code frees. Neither side needs the other at run
 * time: release callbacks run on any thread, in a forked child and during process exit, without a VM.
 *
 * One root struct has one block, allocated with malloc:
 *
 *   dltj_export_block | chunk addresses | the structs, and the pointers and texts that they lead to
 *
 * The root and each child hold one reference to the block through private_data, so a consumer may move
 * children out of the root and release them in any order. The last reference frees the chunks (the
 * vectors' buffers, each from malloc too, or a slab of many) and then the block. What stands for a slab is in slab.h.
 *
 * Java reads these structs through bindings that jextract makes of this file:
 * docs/reference/bindings.md.
 */
#ifndef DLT_JAVA_RELEASE_H
#define DLT_JAVA_RELEASE_H

#include <stdint.h>

#include "dlt_java.h"

/* Start of a block; chunk_count addresses follow it directly. */
struct dltj_export_block {
  _Atomic int64_t references; /* the root, and each child, not yet released */
  int64_t bytes;              /* what is freed with the block: its own size and that of its chunks */
  int64_t chunk_count;        /* addresses after this struct; 0 for a schema */
};

/* What this process has exported and not freed. Java adds with atomic operations too. */
struct dltj_export_counters {
  _Atomic int64_t blocks; /* one a root schema, one a root array */
  _Atomic int64_t bytes;  /* sum of their dltj_export_block.bytes */
};

/* All that Java needs to know of this file. */
struct dltj_export_table {
  void (*release_array)(struct ArrowArray *);
  void (*release_child_array)(struct ArrowArray *);
  void (*release_schema)(struct ArrowSchema *);
  void (*release_child_schema)(struct ArrowSchema *);
  struct dltj_export_counters *counters; /* Java adds at export, this file subtracts */
};

/* The table of this process. Static: never freed. */
const struct dltj_export_table *dltj_internal_export_table(void);

/* Exported root schemas and root arrays whose memory is not freed yet. */
int64_t dltj_internal_exported_blocks(void);

/* Bytes of that memory. */
int64_t dltj_internal_exported_bytes(void);

#endif /* DLT_JAVA_RELEASE_H */
