package dev.dltjava.rest;

import dev.dltjava.http.Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The header `Link`, as `requests.Response.links` reads it (`parse_header_links`).
final class LinkHeader {
  private static final String QUOTES = " '\"";

  private LinkHeader() {}

  /// The URL of the last link with this relation.
  static Optional<String> url(Headers headers, String rel) {
    String value = strip(String.join(", ", headers.all("link")), QUOTES);
    String found = null;
    for (String link : value.isEmpty() ? new String[0] : value.split(", *<", -1)) {
      String[] parts = link.split(";", 2);
      String url = strip(parts[0], "<> '\"");
      Map<String, String> parameters = parameters(parts.length < 2 ? "" : parts[1]);
      String key = parameters.getOrDefault("rel", "");
      if ((key.isEmpty() ? url : key).equals(rel)) {
        found = parameters.getOrDefault("url", url);
      }
    }
    return Optional.ofNullable(found);
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : text.split(";", -1)) {
      String[] pair = parameter.split("=", -1);
      if (pair.length != 2) {
        break;
      }
      parameters.put(strip(pair[0], QUOTES), strip(pair[1], QUOTES));
    }
    return parameters;
  }

  private static String strip(String text, String characters) {
    int start = 0;
    int end = text.length();
    while (start < end && characters.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && characters.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }
}
