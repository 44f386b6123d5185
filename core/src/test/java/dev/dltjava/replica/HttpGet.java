package dev.dltjava.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/// Requests of the replica's own tests, through a client that was not written here.
final class HttpGet {
  private HttpGet() {}

  static HttpResponse<byte[]> bytes(HttpClient client, String url) {
    return send(client, HttpRequest.newBuilder(URI.create(url)));
  }

  static String text(HttpClient client, String url) {
    return new String(bytes(client, url).body(), StandardCharsets.UTF_8);
  }

  static HttpResponse<byte[]> post(HttpClient client, String url, String body) {
    return send(
        client,
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  static HttpResponse<byte[]> send(HttpClient client, HttpRequest.Builder request) {
    try {
      return client.send(
          request.version(HttpClient.Version.HTTP_1_1).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
