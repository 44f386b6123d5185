/* SPDX-License-Identifier: Apache-2.0 */
#include "release.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "slab.h"

static struct dltj_export_counters counters;

static void free_chunk(uintptr_t chunk) {
  if (chunk % 2 == 1) {
    dltj_internal_slab_free(chunk);
  } else {
    free((void *)chunk);
  }
}

static void drop_reference(struct dltj_export_block *block) {
  if (atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  uintptr_t *chunks = (uintptr_t *)(block + 1);
  for (int64_t i = 0; i < block->chunk_count; i++) {
    free_chunk(chunks[i]);
  }
  atomic_fetch_sub(&counters.bytes, block->bytes);
  atomic_fetch_sub(&counters.blocks, 1);
  free(block);
}

static void release_child_array(struct ArrowArray *array) {
  array->release = NULL;
  drop_reference(array->private_data);
}

static void release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_children; i++) {
    struct ArrowArray *child = array->children[i];
    if (child->release != NULL) { /* NULL: the consumer moved it out */
      child->release(child);
    }
  }
  array->release = NULL;
  drop_reference(array->private_data);
}

static void release_child_schema(struct ArrowSchema *schema) {
  schema->release = NULL;
  drop_reference(schema->private_data);
}

static void release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    struct ArrowSchema *child = schema->children[i];
    if (child->release != NULL) {
      child->release(child);
    }
  }
  schema->release = NULL;
  drop_reference(schema->private_data);
}

static const struct dltj_export_table table = {
    .release_array = release_array,
    .release_child_array = release_child_array,
    .release_schema = release_schema,
    .release_child_schema = release_child_schema,
    .counters = &counters,
};

const struct dltj_export_table *dltj_internal_export_table(void) { return &table; }

int64_t dltj_internal_exported_blocks(void) { return atomic_load(&counters.blocks); }

int64_t dltj_internal_exported_bytes(void) { return atomic_load(&counters.bytes); }
