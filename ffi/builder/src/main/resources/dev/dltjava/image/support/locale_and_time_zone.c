/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library runs inside another program: it must not change that program's locale, and its own
 * results must not depend on it. The locale is therefore fixed; the time zone is the system's.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "svm_locale.h"

static const svm_locale_props_t locale = {
    .display_language = "en",
    .display_script = "",
    .display_country = "",
    .display_variant = "",
    .format_language = "en",
    .format_script = "",
    .format_country = "",
    .format_variant = "",
};

int svm_initialize_locale(void) { return SVM_LOCALE_INITIALIZATION_SUCCEEDED; }

const svm_locale_props_t *svm_get_locale(void) { return &locale; }

/* The part of a path below the zone database, such as Europe/Madrid; NULL if the path is not in one. */
static const char *zone_of_path(const char *path) {
  static const char database[] = "zoneinfo/";
  const char *found = strstr(path, database);
  return found != NULL ? found + sizeof database - 1 : NULL;
}

/* Names the system's time zone. The caller frees the text. The mappings are for other systems. */
char *SVM_FindJavaTZmd(const char *mappings, int length) {
  (void)mappings;
  (void)length;
  const char *variable = getenv("TZ");
  if (variable != NULL && *variable != '\0') {
    const char *name = *variable == ':' ? variable + 1 : variable;
    const char *below = zone_of_path(name);
    return strdup(below != NULL ? below : name);
  }
  char target[4096];
  ssize_t size = readlink("/etc/localtime", target, sizeof target - 1);
  if (size > 0) {
    target[size] = '\0';
    const char *below = zone_of_path(target);
    if (below != NULL) {
      return strdup(below);
    }
  }
  return strdup("UTC");
}
