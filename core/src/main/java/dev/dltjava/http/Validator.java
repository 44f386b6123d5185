package dev.dltjava.http;

import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a server has called the content of a response, to ask it later whether that has changed
/// (RFC 9110, sections 8.8 and 13.1).
///
/// @param value as the server sent it; weak entity tags too
public record Validator(Kind kind, String value) {
  /// Longer ones are not kept: they cost more than they save.
  private static final int LONGEST = 1_000;

  private static final long SECOND_MILLIS = 1_000;

  /// Where a validator comes from, and how it is sent back.
  public enum Kind {
    /// An entity tag.
    ETAG("etag", "If-None-Match"),
    /// The time of the last change.
    LAST_MODIFIED("last-modified", "If-Modified-Since");

    private final String responseName;
    private final String requestName;

    Kind(String responseName, String requestName) {
      this.responseName = responseName;
      this.requestName = requestName;
    }
  }

  /// Throws if HTTP does not allow to send it.
  public Validator {
    new Header(kind.requestName, value).checkSendable();
  }

  /// The validator of a response, the entity tag if it has both. None if the response must not be
  /// stored, differs for reasons that no request names, or was changed so shortly before it was
  /// sent that its time of change might be that of two contents (section 8.8.2.2).
  public static Optional<Validator> of(Headers headers) {
    if (hasToken(headers, "cache-control", "no-store") || hasToken(headers, "vary", "*")) {
      return Optional.empty();
    }
    Optional<String> etag = sendable(headers, Kind.ETAG);
    if (etag.isPresent()) {
      return Optional.of(new Validator(Kind.ETAG, etag.get()));
    }
    return sendable(headers, Kind.LAST_MODIFIED)
        .filter(modified -> isBefore(modified, headers.first("date").orElse("")))
        .map(modified -> new Validator(Kind.LAST_MODIFIED, modified));
  }

  /// Whether a request asks such a question already.
  public static boolean isIn(HttpRequest request) {
    for (Kind kind : Kind.values()) {
      if (request.headers().contains(kind.requestName)) {
        return true;
      }
    }
    return false;
  }

  /// The request that is answered with status 304 if the content is still this one's.
  HttpRequest addTo(HttpRequest request) {
    Headers headers = request.headers().with(List.of(new Header(kind.requestName, value)));
    return new HttpRequest(request.method(), request.url(), headers, request.body());
  }

  private static Optional<String> sendable(Headers headers, Kind kind) {
    return headers
        .first(kind.responseName)
        .filter(text -> !text.isBlank() && text.length() <= LONGEST)
        .filter(text -> text.chars().allMatch(c -> c >= 0x20 && c <= 0xff && c != 0x7f));
  }

  private static boolean isBefore(String modified, String sent) {
    Date modification = HttpDate.parse(modified);
    Date sending = HttpDate.parse(sent);
    return modification != null
        && sending != null
        && sending.getTime() - modification.getTime() >= SECOND_MILLIS;
  }

  private static boolean hasToken(Headers headers, String name, String token) {
    for (String line : headers.all(name)) {
      for (String part : line.split(",", -1)) {
        if (part.strip().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }
}
