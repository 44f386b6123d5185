/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of libjvm that the image itself calls by name. They are part of the library. */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

void initialize(void) {}

int JVM_ActiveProcessorCount(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return CPU_COUNT(&allowed);
  }
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
