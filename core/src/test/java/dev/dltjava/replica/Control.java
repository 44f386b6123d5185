package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The control endpoint: the replica's state over HTTP, for tests in other languages. It is neither
/// logged nor delayed nor subject to faults.
///
/// | request | does |
/// |---|---|
/// | `POST /control/faults` | adds the rules of the body, lines as in `FaultText` |
/// | `GET /control/faults` | lists the rules in force with what is left of their counts |
/// | `POST /control/body?path=/x` | serves the body at a path (or path and query), for all methods; |
/// | | more parameters: `status`, `type`, `header` (may repeat) |
/// | `GET /control/log` | one line a request: method, target, milliseconds, connection; |
/// | | with `?headers` each is followed by its headers and body, a tab before each |
/// | `GET /control/most-open` | how many requests were open at once, at most |
/// | `POST /control/release` | lets stalled answers go on |
/// | `POST /control/forget` | drops the log |
/// | `POST /control/reset` | drops rules, bodies and log, and releases |
final class Control {
  private final Service service;

  Control(Service service) {
    this.service = service;
  }

  Response answer(Request request) {
    try {
      return switch (request.method() + " " + request.path()) {
        case "POST /control/faults" -> addFaults(request);
        case "GET /control/faults" -> faults();
        case "POST /control/body" -> register(request);
        case "GET /control/log" -> log(!request.query("headers").isEmpty());
        case "GET /control/most-open" -> Response.text(200, service.log().mostOpen() + "\n");
        case "POST /control/release" -> {
          service.stalls().release();
          yield Response.text(200, "released\n");
        }
        case "POST /control/forget" -> {
          service.log().clear();
          yield Response.text(200, "forgotten\n");
        }
        case "POST /control/reset" -> {
          service.reset();
          yield Response.text(200, "reset\n");
        }
        default ->
            Response.text(404, "no such control: " + request.method() + " " + request.path());
      };
    } catch (IllegalArgumentException wrong) {
      return Response.text(400, wrong.getMessage() + "\n");
    }
  }

  private Response addFaults(Request request) {
    List<FaultRule> rules = FaultText.parse(new String(request.body(), StandardCharsets.UTF_8));
    service.faults().add(rules);
    return Response.text(200, "added " + rules.size() + "\n");
  }

  private Response faults() {
    return Response.text(
        200,
        service.faults().rules().stream().map(rule -> rule + "\n").collect(Collectors.joining()));
  }

  private Response register(Request request) {
    String path = single(request, "path", "");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("expected ?path=/... in " + request.target());
    }
    List<String> headers = new ArrayList<>(request.query("header"));
    headers.add("Content-Type: " + single(request, "type", "application/json"));
    int status = Integer.parseInt(single(request, "status", "200"));
    service.register(path, new Response(status, headers, request.body()));
    return Response.text(200, "serving " + request.body().length + " bytes at " + path + "\n");
  }

  private static String single(Request request, String name, String otherwise) {
    List<String> values = request.query(name);
    return values.isEmpty() ? otherwise : values.getLast();
  }

  private Response log(boolean withHeaders) {
    StringBuilder text = new StringBuilder();
    for (LoggedRequest entry : service.log().entries()) {
      text.append(entry.line()).append('\n');
      if (withHeaders) {
        entry.request().headers().entrySet().stream()
            .map(header -> "\t" + header.getKey() + ": " + header.getValue() + "\n")
            .sorted()
            .forEach(text::append);
        if (entry.request().body().length > 0) {
          String body = new String(entry.request().body(), StandardCharsets.UTF_8);
          text.append("\t").append(body.replace('\n', ' ')).append('\n');
        }
      }
    }
    return Response.text(200, text.toString());
  }
}
