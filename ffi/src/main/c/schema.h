/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DLT_JAVA_SCHEMA_H
#define DLT_JAVA_SCHEMA_H

#include "dlt_java.h"

/*
 * Writes a copy of a schema that this library exported, or of an empty struct for NULL; the copy is moved
 * out (release it). 0, or ENOMEM with `out` released.
 */
int dltj_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out);

/* Whether two schemas that this library exported have the same columns of the same types. */
int dltj_schema_equal(const struct ArrowSchema *left, const struct ArrowSchema *right);

#endif /* DLT_JAVA_SCHEMA_H */
