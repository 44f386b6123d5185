package dev.dltjava.replica;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What happens between a request and its answer: log, latency, fault, then a registered body or
/// one of the APIs. Safe for many threads.
final class Service {
  private final ReplicaOptions options;
  private final ChessApi api;
  private final PostsApi posts;
  private final Map<String, Response> bodies = new ConcurrentHashMap<>();
  private final FaultRules faults = new FaultRules();
  private final RequestLog log = new RequestLog();
  private final StallGate stalls = new StallGate();
  private final Control control = new Control(this);

  Service(ReplicaOptions options, String origin) {
    this.options = options;
    api = new ChessApi(options, origin + "/pub/");
    posts = new PostsApi(origin);
  }

  /// Answers one request; false means that the connection has ended or must end now.
  boolean serve(Request request, Wire wire, int connection) throws IOException {
    ResponseSender sender = new ResponseSender(wire, stalls);
    if (request.path().startsWith("/control/")) {
      return sender.send(request, control.answer(request), new Fault.None());
    }
    log.began(request, connection);
    try {
      Fault fault = faults.take(request);
      Wire.pause(options.latency());
      boolean gzip = options.gzip() && request.acceptsGzip();
      return switch (fault) {
        case Fault.Delivery delivery -> sender.send(request, answer(request, gzip), delivery);
        case Fault.Content content -> {
          Response damaged = DamagedBody.of(answer(request, false), content);
          yield sender.send(request, gzip ? damaged.gzipped() : damaged, new Fault.None());
        }
      };
    } finally {
      log.ended();
    }
  }

  private Response answer(Request request, boolean gzip) {
    Optional<Response> registered =
        Optional.ofNullable(bodies.get(request.relativeTarget()))
            .or(() -> Optional.ofNullable(bodies.get(request.path())));
    if (registered.isPresent() || request.path().startsWith(PostsApi.ROOT)) {
      Response response =
          Validators.answer(request, registered.orElseGet(() -> posts.answer(request)));
      return gzip ? response.gzipped() : response;
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Response.json(405, "{\"code\":0,\"message\":\"Method not allowed.\"}");
    }
    return api.answer(request.path(), gzip);
  }

  void register(String target, Response response) {
    bodies.put(target, response);
  }

  /// Generates all archives before the first request asks for them.
  void warm() {
    api.archivePaths().parallelStream().forEach(path -> api.answer(path, options.gzip()));
  }

  void reset() {
    faults.clear();
    bodies.clear();
    log.clear();
    stalls.release();
  }

  FaultRules faults() {
    return faults;
  }

  RequestLog log() {
    return log;
  }

  StallGate stalls() {
    return stalls;
  }
}
