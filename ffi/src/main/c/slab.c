/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* madvise */
#include "slab.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
  UNIT = DLTJ_INTERNAL_SLAB_UNIT,
  KEPT_SLABS = 64,
  KEPT_BYTES = 128 << 20, /* what the batches of one source take that wait for their consumer, twice */
};

/* Slabs that nobody uses; 0 where there is none. No lock, which a fork could leave taken. */
static _Atomic uintptr_t kept[KEPT_SLABS];
static _Atomic int64_t kept_bytes;
static _Atomic uint32_t next;

static int64_t bytes_of(uintptr_t slab) { return (int64_t)(slab % UNIT / 2) * UNIT; }

static void *address_of(uintptr_t slab) { return (void *)(slab - slab % UNIT); }

uintptr_t dltj_internal_slab(int64_t bytes) {
  /* First one that fits, then one that does by half. */
  for (int64_t most = bytes; most <= 2 * bytes; most += bytes) {
    for (int i = 0; i < KEPT_SLABS; i++) {
      uintptr_t slab = atomic_load(&kept[i]);
      if (bytes_of(slab) >= bytes && bytes_of(slab) <= most &&
          atomic_compare_exchange_strong(&kept[i], &slab, 0)) {
        atomic_fetch_sub(&kept_bytes, bytes_of(slab));
        return slab;
      }
    }
  }
  void *address = aligned_alloc(UNIT, (size_t)bytes);
  return address == NULL ? 0 : (uintptr_t)address + (uintptr_t)(bytes / UNIT * 2 + 1);
}

static void give_up(uintptr_t slab) {
  if (slab != 0) {
    atomic_fetch_sub(&kept_bytes, bytes_of(slab));
    free(address_of(slab));
  }
}

void dltj_internal_slab_free(uintptr_t slab) {
  void *address = address_of(slab);
  int64_t bytes = bytes_of(slab);
  if (bytes > KEPT_BYTES) {
    free(address);
    return;
  }
  int before = errno;
  /* The system may take its pages whenever it needs some; they cost nothing to take back until then. */
  madvise(address, (size_t)bytes, MADV_FREE);
  errno = before;
  atomic_fetch_add(&kept_bytes, bytes);
  for (int i = 0; i < KEPT_SLABS && atomic_load(&kept_bytes) > KEPT_BYTES; i++) {
    give_up(atomic_exchange(&kept[i], 0));
  }
  uint32_t turn = atomic_fetch_add(&next, 1) % KEPT_SLABS;
  give_up(atomic_exchange(&kept[turn], slab));
}
