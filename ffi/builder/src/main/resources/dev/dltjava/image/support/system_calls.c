/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions of the C library under fixed signatures. The image cannot call functions with variable
 * arguments or read macros, so its builder expects these small wrappers beside it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

char **getEnviron(void) { return environ; }

int getThreadId(void) { return (int)syscall(SYS_gettid); }

void *mremapP(void *old_address, size_t old_size, size_t new_size, int flags, void *new_address) {
  return mremap(old_address, old_size, new_size, flags, new_address);
}

int openSII(const char *path, int flags, int mode) { return open(path, flags, mode); }

int openatISII(int directory, const char *path, int flags, int mode) {
  return openat(directory, path, flags, mode);
}

/* The format comes from the image itself and takes one string and one number. */
int fprintfSD(FILE *stream, const char *format, const char *text, int number) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return fprintf(stream, format, text, number);
#pragma GCC diagnostic pop
}

void codeSynchronization_clearCache(char *begin, char *end) { __builtin___clear_cache(begin, end); }
