package dev.dltjava.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An API on the loopback interface, whose handler answers each request on a thread of its own.
final class ApiServer implements AutoCloseable {
  /// What one request gets.
  interface Handler {
    Answer answer(Call call);
  }

  /// A request.
  ///
  /// @param number of the call of this target, from 1
  record Call(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String body,
      int number) {
    String parameter(String name) {
      return query.getOrDefault(name, "");
    }

    int integer(String name, int standard) {
      return query.containsKey(name) ? Integer.parseInt(query.get(name)) : standard;
    }
  }

  /// A response.
  ///
  /// @param missing bytes that are announced, and not sent
  record Answer(int status, String body, Map<String, String> headers, int missing) {
    Answer(int status, String body, Map<String, String> headers) {
      this(status, body, headers, 0);
    }

    static Answer json(String body) {
      return new Answer(200, body.replace('\'', '"'), Map.of());
    }

    static Answer status(int status) {
      return new Answer(status, "status " + status, Map.of());
    }

    Answer with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Answer(status, body, more, missing);
    }

    /// The connection ends before the body does.
    Answer cutOff() {
      return new Answer(status, body, headers, 1);
    }
  }

  static {
    // Head and body of a response are two writes, of which the second would wait for an answer.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  private ApiServer(Handler handler) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
  }

  static ApiServer start(Handler handler) {
    return new ApiServer(handler);
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Call> calls() {
    return calls;
  }

  /// Path and query of all requests, sorted: those of one moment come in any order.
  List<String> sortedTargets() {
    return calls.stream().map(ApiServer::target).sorted().toList();
  }

  /// Path and query of all requests, in their order.
  List<String> targets() {
    return calls.stream().map(ApiServer::target).toList();
  }

  int mostOpen() {
    return mostOpen.get();
  }

  private static String target(Call call) {
    List<String> parameters = new ArrayList<>();
    call.query.forEach((name, value) -> parameters.add(name + "=" + value));
    return call.path + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
  }

  private void serve(HttpExchange exchange, Handler handler) throws IOException {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    try (exchange) {
      Call call = call(exchange);
      calls.add(call);
      Answer answer = handler.answer(call);
      answer.headers.forEach(exchange.getResponseHeaders()::add);
      byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
      open.decrementAndGet();
      int length = body.length + answer.missing;
      exchange.sendResponseHeaders(answer.status, length == 0 ? -1 : length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
  }

  private Call call(HttpExchange exchange) throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String parameter : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      query.put(pair[0], pair.length < 2 ? "" : pair[1]);
    }
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String key = exchange.getRequestMethod() + exchange.getRequestURI() + body;
    int number;
    synchronized (counts) {
      number = counts.merge(key, 1, Integer::sum);
    }
    return new Call(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query,
        headers,
        body,
        number);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
