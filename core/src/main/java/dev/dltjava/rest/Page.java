package dev.dltjava.rest;

import dev.dltjava.http.HttpResponse;
import dev.dltjava.json.RecordPath;

/// A page in the order of delivery. Who gets it closes it.
///
/// @param chain index of its chain
/// @param subject endpoint and page number for messages, empty if there is nothing to say
/// @param url of its request, without secrets
/// @param response its status and body
/// @param isIgnored whether it counts as a page without records
/// @param isLast whether its chain ends with it
/// @param records where its records are
public record Page(
    int chain,
    String subject,
    String url,
    HttpResponse response,
    boolean isIgnored,
    boolean isLast,
    RecordPath records)
    implements AutoCloseable {
  @Override
  public void close() {
    response.close();
  }
}
