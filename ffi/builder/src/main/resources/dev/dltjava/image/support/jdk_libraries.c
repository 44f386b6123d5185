/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The image calls JNI_OnLoad_<library> for each of the JDK's libraries, as a statically linked
 * library would define it, and demands JNI 1.8 or newer. The libraries shipped beside the image are
 * the JDK's shared ones: their function is called JNI_OnLoad and answers 1.2.
 *
 * Which libraries there are is generated (private_libraries.h): LIBRARY(name, "file name") each.
 */
#include <dlfcn.h>
#include <stddef.h>

#define JNI_VERSION_1_8 0x00010008

typedef int (*on_load_function)(void *vm, void *reserved);

static int call_on_load(const char *library, void *vm, void *reserved) {
  /* Already loaded, as a dependency of this library; the handle keeps it loaded for good. */
  void *handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
  if (handle == NULL) {
    /* The linker left it out because the image calls none of its functions. */
    return JNI_VERSION_1_8;
  }
  on_load_function function = NULL;
  *(void **)&function = dlsym(handle, "JNI_OnLoad");
  if (function != NULL) {
    (void)function(vm, reserved);
  }
  return JNI_VERSION_1_8;
}

#define LIBRARY(name, file)                                                              \
  int JNI_OnLoad_##name(void *vm, void *reserved) { return call_on_load(file, vm, reserved); }

#include "private_libraries.h"
