package dev.dltjava.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Turns a request into what goes over the wire.
final class RequestWriter {
  private RequestWriter() {}

  static FullHttpRequest message(HttpRequest request, String userAgent) {
    ByteBuf body =
        request.body() == null
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(request.body().getBytes(StandardCharsets.UTF_8));
    FullHttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            Urls.target(request.url()),
            body);
    HttpHeaders headers = message.headers();
    for (Header header : request.headers().entries()) {
      headers.add(header.name(), header.value());
    }
    setIfAbsent(headers, "host", Endpoint.of(request.url()).hostHeader());
    setIfAbsent(headers, "user-agent", userAgent);
    setIfAbsent(headers, "accept", "*/*");
    setIfAbsent(headers, "accept-encoding", "gzip, deflate");
    String credentials = credentials(request.url());
    if (!credentials.isEmpty()) {
      setIfAbsent(headers, "authorization", credentials);
    }
    if (request.body() != null) {
      headers.set("content-length", body.readableBytes());
    }
    return message;
  }

  private static void setIfAbsent(HttpHeaders headers, String name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }

  /// Basic authorization from the user and the password in the URL.
  static String credentials(URI url) {
    String authority = url.getRawAuthority();
    int at = authority.lastIndexOf('@');
    if (at <= 0) {
      return "";
    }
    byte[] decoded = decoded(authority.substring(0, at));
    return "Basic " + Base64.getEncoder().encodeToString(decoded);
  }

  /// The message to a proxy, which passes it on: with the whole URL, in the absolute form of RFC
  /// 9112, section 3.2.2.
  static FullHttpRequest proxied(HttpRequest request, String userAgent, Proxy proxy) {
    FullHttpRequest message = message(request, userAgent);
    message.setUri(
        "http://" + Endpoint.of(request.url()).hostHeader() + Urls.target(request.url()));
    if (!proxy.authorization().isEmpty()) {
      message.headers().set("proxy-authorization", proxy.authorization());
    }
    return message;
  }

  /// Percent-decoding; a plus sign stays one.
  private static byte[] decoded(String text) {
    String escapedPlus = text.replace("+", "%2B");
    return URLDecoder.decode(escapedPlus, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }
}
