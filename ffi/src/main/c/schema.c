/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas of this library: a struct whose children have no children and no dictionary. */
#include "schema.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A copy owns its texts, its children and itself piece by piece. */
static void release_copy(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    struct ArrowSchema *child = schema->children[i];
    if (child != NULL && child->release != NULL) { /* NULL: the consumer moved it out */
      child->release(child);
    }
    free(child);
  }
  free(schema->children);
  free((void *)schema->format);
  free((void *)schema->name);
  free((void *)schema->metadata);
  schema->release = NULL;
}

/* Arrow's metadata: an int32 of pairs, then for each key and value an int32 of bytes and the bytes. */
static size_t metadata_size(const char *metadata) {
  int32_t pairs;
  memcpy(&pairs, metadata, sizeof pairs);
  size_t size = sizeof pairs;
  for (int32_t i = 0; i < 2 * pairs; i++) {
    int32_t length;
    memcpy(&length, metadata + size, sizeof length);
    size += sizeof length + (size_t)length;
  }
  return size;
}

static int copy_node(const struct ArrowSchema *schema, struct ArrowSchema *out) {
  memset(out, 0, sizeof *out);
  out->release = release_copy;
  out->flags = schema->flags;
  out->format = strdup(schema->format);
  out->name = strdup(schema->name == NULL ? "" : schema->name);
  int failed = out->format == NULL || out->name == NULL;
  if (schema->metadata != NULL && !failed) {
    size_t size = metadata_size(schema->metadata);
    char *metadata = malloc(size);
    if (metadata != NULL) {
      memcpy(metadata, schema->metadata, size);
    }
    out->metadata = metadata;
    failed = metadata == NULL;
  }
  return failed;
}

int dltj_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out) {
  struct ArrowSchema empty = {.format = "+s", .name = ""};
  const struct ArrowSchema *source = schema == NULL ? &empty : schema;
  int failed = copy_node(source, out);
  if (!failed && source->n_children > 0) {
    out->children = calloc((size_t)source->n_children, sizeof *out->children);
    failed = out->children == NULL;
  }
  for (int64_t i = 0; !failed && i < source->n_children; i++) {
    out->children[i] = malloc(sizeof **out->children);
    failed = out->children[i] == NULL;
    if (!failed) {
      failed = copy_node(source->children[i], out->children[i]);
      out->n_children = i + 1;
    }
  }
  if (failed) {
    out->release(out);
    return ENOMEM;
  }
  return 0;
}

int dltj_schema_equal(const struct ArrowSchema *left, const struct ArrowSchema *right) {
  if (left->n_children != right->n_children) {
    return 0;
  }
  for (int64_t i = 0; i < left->n_children; i++) {
    if (strcmp(left->children[i]->name, right->children[i]->name) != 0 ||
        strcmp(left->children[i]->format, right->children[i]->format) != 0) {
      return 0;
    }
  }
  return 1;
}
