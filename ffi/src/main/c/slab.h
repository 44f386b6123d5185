/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of large batches, some of which is kept for the next ones. Each page that is new to a process costs
 * it an interrupt, on several threads a wait, and on a virtual machine perhaps a page of the host. Huge pages
 * were tried: quicker on one thread, but for a host that has to find them they took five milliseconds each.
 */
#ifndef DLT_JAVA_SLAB_H
#define DLT_JAVA_SLAB_H

#include <stdint.h>

/* What all sizes and addresses are multiples of. dev.dltjava.arrow.Slabs has it too. */
enum { DLTJ_INTERNAL_SLAB_UNIT = 2 << 20 };

/* A slab of so many bytes or up to twice as many; 0 if the system has none. Any thread.
 *
 * What stands for it is its address, a multiple of the unit, with its size in units in the bits below, times two
 * and plus one: so it is odd, as no address of malloc is. */
uintptr_t dltj_internal_slab(int64_t bytes);

/* Gives a slab back. Any thread, also in a forked child. */
void dltj_internal_slab_free(uintptr_t slab);

#endif /* DLT_JAVA_SLAB_H */
