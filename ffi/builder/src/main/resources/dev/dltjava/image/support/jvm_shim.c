/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands for libjvm beside an image: the JDK's native libraries ask for its symbols when they are
 * loaded, and call a handful of them. Those are here. Every other symbol is generated at the end
 * (jvm_shim_missing.h) as a function that says its name and aborts: no JVM exists to serve it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS_PER_SECOND 1000000000L

int JVM_ActiveProcessorCount(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return CPU_COUNT(&allowed);
  }
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void JVM_Halt(int code) { _exit(code); }

long JVM_CurrentTimeMillis(void *environment, void *ignored) {
  (void)environment;
  (void)ignored;
  struct timeval now;
  gettimeofday(&now, NULL);
  return now.tv_sec * 1000L + now.tv_usec / 1000;
}

long JVM_NanoTime(void *environment, void *ignored) {
  (void)environment;
  (void)ignored;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

void *JVM_FindLibraryEntry(void *handle, const char *name) { return dlsym(handle, name); }

void *JVM_LoadLibrary(const char *name, unsigned char throw_exception) {
  (void)throw_exception;
  return dlopen(name, RTLD_LAZY);
}

/* Paths are used as they are on Linux. */
char *JVM_NativePath(char *path) { return path; }

/* -1 when the text did not fit, unlike the C library's function. */
int jio_vsnprintf(char *text, size_t size, const char *format, va_list arguments) {
  int length = vsnprintf(text, size, format, arguments);
  if (size > 0 && (length < 0 || (size_t)length >= size)) {
    text[size - 1] = '\0';
    return -1;
  }
  return length;
}

int jio_snprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = jio_vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

int jio_vfprintf(FILE *stream, const char *format, va_list arguments) {
  return vfprintf(stream, format, arguments);
}

int jio_fprintf(FILE *stream, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vfprintf(stream, format, arguments);
  va_end(arguments);
  return length;
}

__attribute__((noreturn)) static void missing(const char *name) {
  fprintf(stderr, "dlt_java: %s needs a Java virtual machine and is not available here\n", name);
  abort();
}

#define MISSING(name) \
  void name(void) { missing(#name); }

#include "jvm_shim_missing.h"
