package dev.dltjava.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.http.EventLoops;
import dev.dltjava.normalize.TableBatch;
import dev.dltjava.pipeline.Delivery;
import dev.dltjava.pipeline.RecordSource;
import dev.dltjava.pipeline.SourcePlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/// An API and the sources that read it, for one test; [#close()] checks that nothing is left.
final class SourceFixture implements AutoCloseable {
  private static final long LONG_WAIT = 30_000;

  private final EventLoops loops = EventLoops.start(2);
  private final List<RecordSource> sources = new ArrayList<>();
  private final List<ApiServer> servers = new ArrayList<>();

  ApiServer server(ApiServer.Handler handler) {
    ApiServer server = ApiServer.start(handler);
    servers.add(server);
    return server;
  }

  /// Opens a source whose waits between attempts take no time; single quotes stand for double ones.
  RecordSource open(String options) {
    String all = options.replace("}$", ",'table':'t','backoff_factor':0}").replace('\'', '"');
    RecordSource source = RecordSource.open(SourcePlan.parse(all, "test/1"), loops);
    sources.add(source);
    return source;
  }

  /// The values of the column `id` of all rows, in the order of delivery.
  static List<String> ids(RecordSource source) {
    return column(source, "id");
  }

  static List<String> column(RecordSource source, String name) {
    List<String> values = new ArrayList<>();
    while (true) {
      switch (take(source)) {
        case Delivery.Batch delivered -> {
          try (TableBatch batch = delivered.batch()) {
            batch.columns().stream()
                .filter(column -> column.getName().equals(name))
                .forEach(column -> addAll(column, values));
          }
        }
        case Delivery.End _ -> {
          return values;
        }
        case Delivery.Question question -> throw new AssertionError(question.text());
        case Delivery.Pending _ -> throw new AssertionError("nothing came; so far " + values);
        case Delivery.Failed failed -> throw failed.failure();
      }
    }
  }

  private static void addAll(FieldVector column, List<String> values) {
    for (int i = 0; i < column.getValueCount(); i++) {
      values.add(String.valueOf(column.getObject(i)));
    }
  }

  private static Delivery take(RecordSource source) {
    try {
      return source.take(LONG_WAIT);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// What a source fails with.
  static DltJavaException failure(RecordSource source) {
    try {
      List<String> ids = ids(source);
      throw new AssertionError("no failure, but " + ids);
    } catch (DltJavaException failure) {
      return failure;
    }
  }

  @Override
  public void close() {
    sources.forEach(RecordSource::close);
    servers.forEach(ApiServer::close);
    loops.close();
    assertThat(sources).allMatch(source -> source.liveBytes() == 0);
  }
}
