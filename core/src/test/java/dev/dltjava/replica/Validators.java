package dev.dltjava.replica;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Says of the answers below `/rest/validated/KIND/` what content they have, and answers with
/// status 304 to those who have it already. The kinds are `etag`, `weak` (an entity tag, too) and
/// `date`.
final class Validators {
  static final String NAME = "validated";

  private static final String ROOT = PostsApi.ROOT + NAME + "/";
  private static final Instant OLDEST = Instant.parse("2020-01-01T00:00:00Z");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
  private static final int SECONDS = 100_000_000;

  private Validators() {}

  /// The answer with what is said of it, or nothing but that; others are as they were.
  static Response answer(Request request, Response response) {
    if (!request.path().startsWith(ROOT) || response.status() != 200) {
      return response;
    }
    String kind = request.path().substring(ROOT.length()).split("/", 2)[0];
    int hash = Arrays.hashCode(response.body());
    String said =
        switch (kind) {
          case "etag" -> "\"" + Integer.toHexString(hash) + "\"";
          case "weak" -> "W/\"" + Integer.toHexString(hash) + "\"";
          default -> date(OLDEST.plusSeconds(Math.floorMod(hash, SECONDS)));
        };
    boolean isDate = kind.equals("date");
    String asked = request.headers().get(isDate ? "if-modified-since" : "if-none-match");
    List<String> headers = new ArrayList<>(response.headers());
    headers.add((isDate ? "Last-Modified: " : "ETag: ") + said);
    headers.add("Date: " + date(Instant.now()));
    boolean isKnown = said.equals(asked);
    return new Response(isKnown ? 304 : 200, headers, isKnown ? new byte[0] : response.body());
  }

  private static String date(Instant time) {
    return TIME.format(time.atOffset(ZoneOffset.UTC));
  }
}
