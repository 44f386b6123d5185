package dev.dltjava.replica;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads fault rules from text, one a line: `PATTERN COUNT KIND [NAME=VALUE ...]`, where COUNT is a
/// number or `always`. Values are percent-encoded where they hold spaces. Empty lines and lines
/// that start with `#` are skipped.
///
/// | kind | names (defaults) |
/// |---|---|
/// | `none` | |
/// | `status` | `code`, `retry-after`, `header` (`Name:value`, may repeat) |
/// | `html`, `invalid-utf8`, `empty` | |
/// | `truncate` | `bytes` (half of the body) |
/// | `wrong-type` | `depth` (1) |
/// | `body` | `base64`, `status` (200), `type` (application/json), `header` |
/// | `delay` | `millis` |
/// | `refuse`, `until-close`, `close-after` | |
/// | `reset`, `cut` | `after` (half of the body), in bytes |
/// | `short-length` | `bytes` (10) |
/// | `slow-headers`, `slow-body` | `piece` (16 and 1024 bytes), `millis` (20) a piece |
/// | `stall` | `at` = `start` (default), `headers` or `body` |
/// | `chunked` | `piece` (1000), `ended` (true) |
final class FaultText {
  private final String line;
  private final List<String> words;

  private FaultText(String line, List<String> words, Set<String> known) {
    this.line = line;
    this.words = words;
    for (String word : words.subList(3, words.size())) {
      if (word.indexOf('=') < 0 || !known.contains(word.substring(0, word.indexOf('=')))) {
        throw wrong("unknown '" + word + "', expected one of " + known + " as NAME=VALUE");
      }
    }
  }

  /// All rules of a text, in its order.
  static List<FaultRule> parse(String text) {
    List<FaultRule> rules = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        rules.add(rule(line));
      }
    }
    return rules;
  }

  private static FaultRule rule(String line) {
    List<String> words = List.of(line.split("\\s+", -1));
    if (words.size() < 3) {
      throw new IllegalArgumentException("expected PATTERN COUNT KIND in: " + line);
    }
    FaultText text = new FaultText(line, words, names(words.get(2)));
    int times =
        words.get(1).equals("always") ? FaultRule.ALWAYS : text.number("count", words.get(1), 1);
    return new FaultRule(words.get(0), times, text.fault(words.get(2)));
  }

  private static Set<String> names(String kind) {
    return switch (kind) {
      case "status" -> Set.of("code", "retry-after", "header");
      case "truncate", "short-length" -> Set.of("bytes");
      case "wrong-type" -> Set.of("depth");
      case "body" -> Set.of("base64", "status", "type", "header");
      case "delay" -> Set.of("millis");
      case "reset", "cut" -> Set.of("after");
      case "slow-headers", "slow-body" -> Set.of("piece", "millis");
      case "stall" -> Set.of("at");
      case "chunked" -> Set.of("piece", "ended");
      default -> Set.of();
    };
  }

  private Fault fault(String kind) {
    return switch (kind) {
      case "none" -> new Fault.None();
      case "status" -> new Fault.Status(number("code", value("code", "500"), 100), headers());
      case "html" -> new Fault.Html();
      case "invalid-utf8" -> new Fault.InvalidUtf8();
      case "empty" -> new Fault.Empty();
      case "truncate" -> new Fault.Truncated(bytes("bytes"));
      case "wrong-type" -> new Fault.WrongType(number("depth", value("depth", "1"), 0));
      case "body" -> body();
      case "delay" -> new Fault.Delayed(millis("0"));
      case "refuse" -> new Fault.Refused();
      case "reset" -> new Fault.Reset(bytes("after"));
      case "cut" -> new Fault.Cut(bytes("after"));
      case "short-length" -> new Fault.ShortLength(number("bytes", value("bytes", "10"), 1));
      case "slow-headers" -> new Fault.SlowHeaders(piece("16"), millis("20"));
      case "slow-body" -> new Fault.SlowBody(piece("1024"), millis("20"));
      case "stall" -> new Fault.Stalled(place());
      case "chunked" ->
          new Fault.Chunked(piece("1000"), Boolean.parseBoolean(value("ended", "true")));
      case "until-close" -> new Fault.UntilClose();
      case "close-after" -> new Fault.ClosedAfter();
      default -> throw wrong("unknown kind '" + kind + "'");
    };
  }

  private Fault body() {
    List<String> headers = headers();
    headers.add("Content-Type: " + value("type", "application/json"));
    byte[] bytes = Base64.getDecoder().decode(value("base64", ""));
    int status = number("status", value("status", "200"), 100);
    return new Fault.Literal(new Response(status, headers, bytes));
  }

  private Fault.StallPlace place() {
    try {
      return Fault.StallPlace.valueOf(value("at", "start").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw wrong("'at' must be start, headers or body");
    }
  }

  private List<String> headers() {
    List<String> headers = new ArrayList<>(values("header"));
    values("retry-after").forEach(value -> headers.add("Retry-After: " + value));
    return headers;
  }

  private int bytes(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? Fault.HALF : number(name, values.getLast(), 0);
  }

  private int piece(String otherwise) {
    return number("piece", value("piece", otherwise), 1);
  }

  private Duration millis(String otherwise) {
    return Duration.ofMillis(number("millis", value("millis", otherwise), 0));
  }

  private int number(String name, String value, int least) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException _) {
      throw wrong("'" + name + "' must be a number, not '" + value + "'");
    }
    throw wrong("'" + name + "' must be at least " + least + ", not " + value);
  }

  private String value(String name, String otherwise) {
    List<String> values = values(name);
    return values.isEmpty() ? otherwise : values.getLast();
  }

  private List<String> values(String name) {
    return words.subList(3, words.size()).stream()
        .filter(word -> word.startsWith(name + "="))
        .map(word -> decoded(word.substring(name.length() + 1)))
        .toList();
  }

  private static String decoded(String value) {
    // The plus sign is a digit of base64, not a space.
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + " in: " + line);
  }
}
