/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a source that C code of this library shares. */
#ifndef DLT_JAVA_SOURCE_H
#define DLT_JAVA_SOURCE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "dlt_java.h"

struct dltj_source {
  int64_t handle;     /* Java's number of the source */
  pid_t owner;        /* the process that opened it */
  atomic_flag taking; /* set while a thread takes a batch */
  atomic_int taken;   /* whether a batch was ever taken */
};

#endif /* DLT_JAVA_SOURCE_H */
