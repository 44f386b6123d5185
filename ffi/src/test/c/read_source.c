/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads sources through dlt_java.h alone: batches of several tables, a stream, errors, misuse, threads
 * and fork. Usage: read_source BASE_URL, where BASE_URL is that of the replica, such as
 * http://127.0.0.1:8080/pub/. Prints a line a check and exits with the number of failures.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dlt_java.h"

static int failures;

static void check(int holds, const char *what) {
  printf("%s %s\n", holds ? "ok    " : "FAILED", what);
  failures += !holds;
}

static int32_t open_source(const char *options, dltj_source **source, dltj_error *error) {
  return dltj_source_open(options, (int64_t)strlen(options), source, error);
}

static int32_t next(dltj_source *source, dltj_batch *batch, dltj_error *error) {
  memset(batch, 0, sizeof *batch);
  batch->struct_size = sizeof *batch;
  int32_t status;
  do {
    status = dltj_source_next(source, 1000, batch, error);
  } while (status == DLTJ_PENDING);
  return status;
}

static void reads_tables(const char *base) {
  char options[1024];
  snprintf(options, sizeof options,
           "{\"requests\":[{\"url\":\"%splayer/hikaru\"}],\"table\":\"players_profiles\","
           "\"load_id\":\"1.0\",\"tables\":{\"players_profiles\":{\"columns\":{\"joined\":"
           "{\"data_type\":\"timestamp\"}}}}}",
           base);
  dltj_source *source = NULL;
  dltj_error error;
  check(open_source(options, &source, &error) == DLTJ_OK, "a source opens");
  dltj_batch profiles;
  check(next(source, &profiles, &error) == DLTJ_OK, "the root table comes first");
  check(strcmp(profiles.table, "players_profiles") == 0, "the root table has its name");
  check(profiles.parent_table == NULL, "the root table has no parent");
  check(profiles.array.length == 1, "one player is one row");
  check(strcmp(profiles.schema.format, "+s") == 0, "a batch is a struct");
  check(profiles.schema.n_children == profiles.array.n_children, "schema and array agree");
  int joined = 0;
  for (int64_t i = 0; i < profiles.schema.n_children; i++) {
    const struct ArrowSchema *column = profiles.schema.children[i];
    joined |= strcmp(column->name, "joined") == 0 && strcmp(column->format, "tsu:UTC") == 0;
  }
  check(joined, "a hinted column is a timestamp");
  dltj_batch platforms;
  check(next(source, &platforms, &error) == DLTJ_OK, "the child table follows");
  check(strcmp(platforms.table, "players_profiles__streaming_platforms") == 0, "it has its name");
  check(strcmp(platforms.parent_table, "players_profiles") == 0, "it names its parent");
  check(platforms.array.length == 2, "it has a row an element");
  check(platforms.requests_completed == 1, "its batch completes the request");
  dltj_batch none;
  check(next(source, &none, &error) == DLTJ_END, "then the source ends");
  check(next(source, &none, &error) == DLTJ_END, "and says so again");

  char text[1024];
  int64_t length = 0;
  check(dltj_source_statistics(source, text, 0, &length, &error) == DLTJ_OK && length > 0,
        "statistics tell their length");
  check(dltj_source_statistics(source, text, sizeof text, &length, &error) == DLTJ_OK &&
            memmem(text, (size_t)length, "\"requests\":1", 12) != NULL,
        "statistics count requests");
  check(dltj_source_set_auth(source, "{\"auth_headers\":{\"A\":\"b\"}}", &error) == DLTJ_OK,
        "credentials can be replaced");
  check(dltj_source_set_auth(source, "{\"auth\":\"b\"}", &error) == DLTJ_ERROR_OPTIONS,
        "credentials of another form are refused");
  check(dltj_source_set_auth(source, NULL, &error) == DLTJ_ERROR_HANDLE, "and so are none");
  dltj_source_close(source);

  check(dltj_live_exports() == 4, "batches outlive their source");
  check(dltj_allocated_bytes() > 0, "their memory is counted");
  struct ArrowArray moved = *profiles.array.children[0];
  profiles.array.children[0]->release = NULL;
  dltj_batch_release(&profiles);
  dltj_batch_release(&profiles);
  check(moved.length == 1, "a column outlives its batch");
  moved.release(&moved);
  dltj_batch_release(&platforms);
  check(dltj_live_exports() == 0, "nothing is left");
  check(dltj_allocated_bytes() == 0, "no byte is left");
}

static void reads_a_stream(const char *base) {
  char options[1024];
  snprintf(options, sizeof options,
           "{\"requests\":[{\"url\":\"%splayer/hikaru/games/2022/01\"},"
           "{\"url\":\"%splayer/hikaru/games/2022/02\"}],\"record_path\":[\"games\"],"
           "\"table\":\"games\",\"batch_rows\":100000}",
           base, base);
  dltj_source *source = NULL;
  dltj_error error;
  check(open_source(options, &source, &error) == DLTJ_OK, "a source for a stream opens");
  struct ArrowArrayStream stream;
  check(dltj_source_stream(source, &stream, &error) == DLTJ_OK, "it becomes a stream");
  struct ArrowSchema schema;
  check(stream.get_schema(&stream, &schema) == 0 && schema.n_children > 10, "it has a schema");
  struct ArrowSchema again;
  check(stream.get_schema(&stream, &again) == 0 && again.n_children == schema.n_children,
        "it has it twice");
  int64_t rows = 0;
  struct ArrowArray array;
  while (stream.get_next(&stream, &array) == 0 && array.release != NULL) {
    rows += array.length;
    array.release(&array);
  }
  check(rows > 0, "it has rows");
  check(stream.get_last_error(&stream) == NULL, "it has no error");
  schema.release(&schema);
  again.release(&again);
  stream.release(&stream);
  check(dltj_live_exports() == 0 && dltj_allocated_bytes() == 0, "the stream leaves nothing");
}

static void reads_pushed_texts(void) {
  dltj_source *source = NULL;
  dltj_error error;
  check(open_source("{\"pushed\":true,\"table\":\"t\"}", &source, &error) == DLTJ_OK,
        "a source of pushed texts opens");
  const char *texts[] = {"{\"a\":1,\"l\":[1,2]}\n{\"a\":2}", "[{\"a\":3}]"};
  const int64_t lengths[] = {(int64_t)strlen(texts[0]), (int64_t)strlen(texts[1])};
  check(dltj_source_push(source, texts, lengths, 2, 1000, &error) == DLTJ_OK, "it takes texts");
  check(dltj_source_push(source, NULL, NULL, 0, 0, &error) == DLTJ_OK, "and hears of their end");
  check(dltj_source_push(source, texts, lengths, 2, 0, &error) == DLTJ_ERROR_STREAM,
        "no text follows the end");
  check(dltj_source_push(source, NULL, NULL, 2, 0, &error) == DLTJ_ERROR_HANDLE,
        "texts may not be NULL");
  dltj_batch batch;
  check(next(source, &batch, &error) == DLTJ_OK && batch.array.length == 3, "three records come out");
  dltj_batch_release(&batch);
  check(next(source, &batch, &error) == DLTJ_OK && strcmp(batch.table, "t__l") == 0,
        "and their child rows");
  dltj_batch_release(&batch);
  check(next(source, &batch, &error) == DLTJ_END, "and that is all");
  dltj_source_close(source);
  check(dltj_allocated_bytes() == 0, "pushed texts leave nothing");
}

static void reports_errors(const char *base) {
  dltj_source *source = NULL;
  dltj_error error;
  check(open_source("{\"table\":1}", &source, &error) == DLTJ_ERROR_OPTIONS, "options are checked");
  check(error.code == DLTJ_ERROR_OPTIONS && strstr(error.message, "'requests'") != NULL,
        "the message names the key");
  check(source == NULL, "no source is made");
  check(open_source("{", &source, NULL) == DLTJ_ERROR_OPTIONS, "the error struct may be NULL");
  check(dltj_source_open(NULL, 0, &source, &error) == DLTJ_ERROR_HANDLE, "options may not be NULL");

  char options[512];
  snprintf(options, sizeof options,
           "{\"requests\":[{\"url\":\"%splayer/nobody\"}],\"table\":\"t\"}", base);
  check(open_source(options, &source, &error) == DLTJ_OK, "a failing source opens");
  dltj_batch batch = {.struct_size = sizeof batch};
  check(next(source, &batch, &error) == DLTJ_ERROR_STATUS, "an error status is an error");
  check(error.http_status == 404 && strstr(error.url, "player/nobody") != NULL,
        "it names status and URL");
  batch.struct_size = 7;
  check(dltj_source_next(source, 0, &batch, &error) == DLTJ_ERROR_STRUCT, "struct_size is checked");
  dltj_source_close(source);

  check(dltj_source_next(NULL, 0, &batch, &error) == DLTJ_ERROR_HANDLE, "a source may not be NULL");
  dltj_source_close(NULL);
  dltj_source_cancel(NULL);
  dltj_batch_release(NULL);
  check(1, "closing nothing does nothing");
}

struct release_task {
  dltj_batch batch;
};

static void *release_elsewhere(void *argument) {
  struct release_task *task = argument;
  dltj_batch_release(&task->batch);
  return NULL;
}

static void *read_games(void *argument) {
  dltj_source *source = NULL;
  if (open_source(argument, &source, NULL) != DLTJ_OK) {
    return (void *)-1;
  }
  dltj_batch batch;
  intptr_t rows = 0;
  while (next(source, &batch, NULL) == DLTJ_OK) {
    rows += (intptr_t)batch.array.length;
    dltj_batch_release(&batch);
  }
  dltj_source_close(source);
  return (void *)rows;
}

static void serves_many_threads(const char *base) {
  char options[512];
  snprintf(options, sizeof options,
           "{\"requests\":[{\"url\":\"%splayer/hikaru/games/2022/03\"}],"
           "\"record_path\":[\"games\"],\"table\":\"games\"}",
           base);
  enum { THREADS = 16 };
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, read_games, options);
  }
  intptr_t expected = 0;
  int same = 1;
  for (int i = 0; i < THREADS; i++) {
    void *rows;
    pthread_join(threads[i], &rows);
    expected = i == 0 ? (intptr_t)rows : expected;
    same &= (intptr_t)rows == expected;
  }
  check(same && expected > 0, "sixteen threads read the same rows");

  dltj_source *source = NULL;
  dltj_error error;
  struct release_task task;
  check(open_source(options, &source, &error) == DLTJ_OK, "another source opens");
  check(next(source, &task.batch, &error) == DLTJ_OK, "it has a batch");
  dltj_source_cancel(source);
  check(next(source, &(dltj_batch){0}, &error) == DLTJ_ERROR_CLOSED, "a cancelled source ends");
  dltj_source_close(source);
  pthread_t thread;
  pthread_create(&thread, NULL, release_elsewhere, &task);
  pthread_join(thread, NULL);
  check(dltj_live_exports() == 0, "another thread may release a batch");
}

static void survives_fork(const char *base) {
  char options[512];
  snprintf(options, sizeof options,
           "{\"requests\":[{\"url\":\"%splayer/hikaru/games/2022/03\"}],"
           "\"record_path\":[\"games\"],\"table\":\"games\"}",
           base);
  dltj_source *source = NULL;
  dltj_error error;
  check(open_source(options, &source, &error) == DLTJ_OK, "a source opens before fork");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    dltj_batch batch;
    int refused = next(source, &batch, &error) == DLTJ_ERROR_FORKED;
    dltj_source_close(source);
    _exit(refused && (intptr_t)read_games(options) > 0 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0,
        "a child is refused its parent's source and reads its own");
  dltj_batch batch;
  check(next(source, &batch, &error) == DLTJ_OK, "the parent reads on");
  dltj_batch_release(&batch);
  dltj_source_close(source);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s BASE_URL\n", argv[0]);
    return 2;
  }
  check(dltj_abi_version() == DLTJ_ABI_VERSION, "header and library have one ABI");
  check(strlen(dltj_version()) > 0, "the library has a version");
  check(dltj_live_exports() == 0 && dltj_allocated_bytes() == 0, "nothing is held at the start");
  reads_tables(argv[1]);
  reads_a_stream(argv[1]);
  reads_pushed_texts();
  reports_errors(argv[1]);
  serves_many_threads(argv[1]);
  survives_fork(argv[1]);
  printf("%d failed\n", failures);
  return failures;
}
