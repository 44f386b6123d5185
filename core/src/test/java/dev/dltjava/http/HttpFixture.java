package dev.dltjava.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.limits.Limits;
import dev.dltjava.limits.MemoryBudget;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Clients for one test; [#close()] checks that nothing of theirs is left.
final class HttpFixture implements AutoCloseable {
  /// So long that a test that reaches it has failed.
  static final Duration LONG = Duration.ofSeconds(30);

  /// Without caches of the threads, which would count as allocated.
  private final PooledByteBufAllocator allocator =
      new PooledByteBufAllocator(true, 1, 1, 8192, 9, 0, 0, false);

  private final EventLoops loops = EventLoops.start(2, allocator);
  private final List<HttpClient> clients = new ArrayList<>();
  private final List<ScriptedServer> servers = new ArrayList<>();

  /// Options with which retries take no time.
  static HttpOptions options() {
    return options(LONG, 3, null, Limits.DEFAULT);
  }

  static HttpOptions options(Duration timeout, int attempts, @Nullable Path caFile, Limits limits) {
    return new HttpOptions(
        timeout, attempts, 0.001, Duration.ofMillis(20), caFile, 50, "dlt-java/test", limits);
  }

  static HttpOptions optionsOfTimeout(long milliseconds) {
    return options(Duration.ofMillis(milliseconds), 1, null, Limits.DEFAULT);
  }

  static HttpOptions optionsOfBodyBytes(long bodyBytes) {
    return options(LONG, 3, null, new Limits(bodyBytes, 500, 1 << 20, 100, 100, 1 << 30));
  }

  HttpClient client() {
    return client(options());
  }

  HttpClient client(HttpOptions options) {
    return client(options, new RequestLog(0));
  }

  HttpClient client(HttpOptions options, RequestLog log) {
    HttpClient client =
        HttpClient.open(loops, options, new MemoryBudget(options.limits().memoryBytes()), log);
    clients.add(client);
    return client;
  }

  ScriptedServer server(ScriptedServer.Script... scripts) {
    ScriptedServer server = ScriptedServer.start(scripts);
    servers.add(server);
    return server;
  }

  static HttpResponse get(HttpClient client, String url) {
    return await(client.fetch(HttpRequest.get(url, Headers.NONE)));
  }

  /// The body of a response, which is closed.
  static String text(HttpResponse response) {
    try (response) {
      return new String(response.bodyStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException error) {
      throw error.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(error);
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  static DltJavaException failure(HttpClient client, String url) {
    return failure(client.fetch(HttpRequest.get(url, Headers.NONE)));
  }

  static DltJavaException failure(CompletableFuture<HttpResponse> future) {
    Throwable error = catchThrowable(() -> await(future).close());
    assertThat(error).isInstanceOf(DltJavaException.class);
    return (DltJavaException) error;
  }

  @Override
  public void close() {
    clients.forEach(HttpClient::close);
    servers.forEach(ScriptedServer::close);
    loops.close();
    assertThat(clients).allMatch(client -> client.statistics().heldBytes() == 0);
    long live =
        Stream.concat(
                allocator.metric().directArenas().stream(),
                allocator.metric().heapArenas().stream())
            .mapToLong(PoolArenaMetric::numActiveAllocations)
            .sum();
    assertThat(live).as("buffers not released").isZero();
  }
}
