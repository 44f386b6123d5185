/* SPDX-License-Identifier: Apache-2.0 */
/* What the page takes as given. */
int fail(const dltj_error *error);
void print_batch(const dltj_batch *batch);
