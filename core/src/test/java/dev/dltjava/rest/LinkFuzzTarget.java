package dev.dltjava.rest;

import dev.dltjava.fuzz.Bytes;
import dev.dltjava.http.Header;
import dev.dltjava.http.Headers;
import java.util.ArrayList;
import java.util.List;

/// A `Link` header of any number of lines yields one of its own texts, or none.
public final class LinkFuzzTarget {
  private LinkFuzzTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<Header> headers = new ArrayList<>();
    for (String line : Bytes.lines(input, 1)) {
      headers.add(new Header("Link", line));
    }
    Headers all = new Headers(headers);
    String text = String.join(", ", all.all("link"));
    for (String rel : List.of("next", "", "a b")) {
      LinkHeader.url(all, rel)
          .ifPresent(url -> Bytes.require(text.contains(url), url + " is not in " + text));
    }
  }
}
