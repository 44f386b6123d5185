/* SPDX-License-Identifier: Apache-2.0 */
#include "keccak.h"

/* Lanes of a state, and states whose lanes lie side by side: dev.dltjava.identity.Permutation. */
#define STATE_LANES 25
#define GROUP 8
#define ROUNDS 24

#define ROTATE(value, bits) ((value) << (bits) | (value) >> (64 - (bits)))

static const uint64_t round_constants[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
    0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* AVX2 is the least that the library asks of a processor. Sixteen registers hold half of the lanes. */
#define PERMUTE static __attribute__((target("avx2"))) void permute_avx2
#define LANES 4
#include "keccak_permute.inc"

/* Thirty-two registers, twice as wide, that rotate in one instruction. */
#define PERMUTE static __attribute__((target("avx512f"))) void permute_avx512
#define LANES 8
#include "keccak_permute.inc"

void dltj_internal_keccak(uint64_t *states, int64_t groups) {
  if (__builtin_cpu_supports("avx512f")) {
    permute_avx512(states, groups);
  } else {
    permute_avx2(states, groups);
  }
}
