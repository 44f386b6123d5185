/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the tables in a JSON file, in JSON Lines, or in what an address answers:
 *
 *   cc -std=c11 read_json.c $(pkg-config --cflags --libs dlt_java) -o read_json
 *   ./read_json orders.jsonl orders
 *   ./read_json http://127.0.0.1:8080/orders orders
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dlt_java.h"

enum { WAIT_MILLISECONDS = 1000, OPTIONS_BYTES = 8192, MICROSECONDS = 1000000 };

/* Writes text as a JSON string; control characters belong into no path, address or table name. */
static void write_json_string(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') {
      fputc('\\', out);
    }
    fputc(*text, out);
  }
  fputc('"', out);
}

static int is_address(const char *place) {
  return strncmp(place, "http://", 7) == 0 || strncmp(place, "https://", 8) == 0;
}

/* Options of a source, docs/reference/options.md; returns their bytes, or -1 if they do not fit. */
static int64_t write_options(char *options, const char *place, const char *table) {
  FILE *out = fmemopen(options, OPTIONS_BYTES, "w");
  if (out == NULL) {
    return -1;
  }
  fputs(is_address(place) ? "{\"requests\":[{\"url\":" : "{\"file\":", out);
  write_json_string(out, place);
  fputs(is_address(place) ? "}],\"table\":" : ",\"table\":", out);
  write_json_string(out, table);
  fputs("}", out);
  const long written = ftell(out);
  const int failed = fflush(out) != 0 || ferror(out);
  fclose(out);
  return failed || written >= OPTIONS_BYTES ? -1 : written;
}

static int bit(const void *bits, int64_t index) {
  return ((const uint8_t *)bits)[index / 8] >> (index % 8) & 1;
}

static void print_timestamp(int64_t microseconds) {
  int64_t fraction = microseconds % MICROSECONDS;
  if (fraction < 0) {
    fraction += MICROSECONDS;
  }
  const time_t seconds = (time_t)((microseconds - fraction) / MICROSECONDS);
  struct tm utc;
  char text[32];
  if (gmtime_r(&seconds, &utc) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc) > 0) {
    printf("%s.%06" PRId64 "Z", text, fraction);
  }
}

/*
 * The formats are those of https://arrow.apache.org/docs/format/CDataInterface.html; the ones below are
 * all that JSON has without hints. buffers[0] tells which values are null, NULL if none is.
 */
static void print_value(const char *format, const struct ArrowArray *column, int64_t row) {
  const int64_t index = column->offset + row;
  const void *const *buffers = column->buffers;
  if (buffers[0] != NULL && !bit(buffers[0], index)) {
    printf("null");
  } else if (strcmp(format, "l") == 0) {
    printf("%" PRId64, ((const int64_t *)buffers[1])[index]);
  } else if (strcmp(format, "g") == 0) {
    printf("%.17g", ((const double *)buffers[1])[index]);
  } else if (strcmp(format, "b") == 0) {
    printf("%s", bit(buffers[1], index) ? "true" : "false");
  } else if (strcmp(format, "u") == 0) {
    const int32_t *offsets = buffers[1];
    const int32_t length = offsets[index + 1] - offsets[index];
    if (length > 0) {
      fwrite((const char *)buffers[2] + offsets[index], 1, (size_t)length, stdout);
    }
  } else if (strncmp(format, "tsu:", 4) == 0) {
    print_timestamp(((const int64_t *)buffers[1])[index]);
  } else {
    printf("(a value of format %s)", format);
  }
}

static void print_batch(const dltj_batch *batch) {
  printf("%s: %" PRId64 " rows\n", batch->table, batch->array.length);
  for (int64_t row = 0; row < batch->array.length; row++) {
    for (int64_t i = 0; i < batch->array.n_children; i++) {
      const struct ArrowSchema *column = batch->schema.children[i];
      printf("  %s=", column->name);
      print_value(column->format, batch->array.children[i], row);
    }
    printf("\n");
  }
}

static int fail(const dltj_error *error) {
  fprintf(stderr, "error %" PRId32 ": %s\n", error->code, error->message);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s FILE_OR_URL TABLE\n", argv[0]);
    return 2;
  }
  if (dltj_abi_version() != DLTJ_ABI_VERSION) {
    fprintf(stderr, "the library is not the one of the header\n");
    return 2;
  }
  char options[OPTIONS_BYTES];
  const int64_t length = write_options(options, argv[1], argv[2]);
  if (length < 0) {
    fprintf(stderr, "the arguments are too long\n");
    return 2;
  }
  dltj_source *source;
  dltj_error error;
  if (dltj_source_open(options, length, &source, &error) != DLTJ_OK) {
    return fail(&error);
  }
  for (;;) {
    dltj_batch batch = {.struct_size = sizeof batch};
    const int32_t status = dltj_source_next(source, WAIT_MILLISECONDS, &batch, &error);
    if (status == DLTJ_OK) {
      print_batch(&batch);
      dltj_batch_release(&batch);
    } else if (status != DLTJ_PENDING) {
      dltj_source_close(source);
      return status == DLTJ_END ? 0 : fail(&error);
    }
  }
}
