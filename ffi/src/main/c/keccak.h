/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The permutation Keccak-f[1600] (FIPS 202, section 3) of many states at once, with the widest
 * registers that the processor has. Compilers of Java find no use for them here.
 */
#ifndef DLT_JAVA_KECCAK_H
#define DLT_JAVA_KECCAK_H

#include <stdint.h>

/* Permutes groups of eight states in place. Of each group the first lanes of all its states come
 * first, then the second ones, and so on: 200 numbers a group. Any thread. */
void dltj_internal_keccak(uint64_t *states, int64_t groups);

#endif /* DLT_JAVA_KECCAK_H */
