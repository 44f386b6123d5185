package dev.dltjava.http;

import dev.dltjava.error.DltJavaException;
import dev.dltjava.error.ErrorCode;
import dev.dltjava.error.ErrorLocation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which proxy leads to which server, as Python's requests decides it (`should_bypass_proxies` and
/// `select_proxy` in `requests/utils.py`).
///
/// @param http for http URLs, null for none
/// @param https for https URLs, null for none
/// @param exceptions hosts that are reached directly: names, which stand for all below them too,
///   with or without a port, IPv4 addresses and networks such as `10.0.0.0/8`, or `*`
public record Proxies(@Nullable Proxy http, @Nullable Proxy https, List<String> exceptions) {
  /// All servers are reached directly.
  public static final Proxies NONE = new Proxies(null, null, List.of());

  public Proxies {
    exceptions = List.copyOf(exceptions);
  }

  /// Reads what environment variables say.
  ///
  /// @param http URL of the proxy for http URLs, such as `http://user:password@host:3128`
  /// @param https URL of the proxy for https URLs
  /// @param exceptions hosts with commas between them
  public static Proxies of(Optional<String> http, Optional<String> https, String exceptions) {
    List<String> hosts =
        Arrays.stream(exceptions.replace(" ", "").split(","))
            .filter(host -> !host.isEmpty())
            .toList();
    return new Proxies(http.map(Proxy::of).orElse(null), https.map(Proxy::of).orElse(null), hosts);
  }

  /// The proxy through which a server is reached.
  Optional<Proxy> to(Endpoint endpoint) {
    Proxy proxy = endpoint.secure() ? https : http;
    return Optional.ofNullable(proxy).filter(any -> !isException(endpoint));
  }

  private boolean isException(Endpoint endpoint) {
    if (exceptions.equals(List.of("*"))) {
      return true;
    }
    long address = address(endpoint.host());
    for (String exception : exceptions) {
      if (address >= 0 ? isIn(address, exception) : isNamed(endpoint, exception)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(Endpoint endpoint, String exception) {
    String name = exception.replaceFirst("^\\.+", "").toLowerCase(Locale.ROOT);
    String host = endpoint.host();
    String withPort = host + ":" + endpoint.port();
    return host.equals(name)
        || withPort.equals(name)
        || host.endsWith("." + name)
        || withPort.endsWith("." + name);
  }

  private static boolean isIn(long address, String exception) {
    int slash = exception.indexOf('/');
    if (slash < 0) {
      return address(exception) == address;
    }
    long network = address(exception.substring(0, slash));
    String bits = exception.substring(slash + 1);
    if (network < 0 || bits.length() > 2 || !bits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    int length = bits.isEmpty() ? 0 : Integer.parseInt(bits);
    // requests takes a network of no bits for no network.
    return length >= 1 && length <= 32 && network >> (32 - length) == address >> (32 - length);
  }

  /// An IPv4 address as a number, -1 if the text is none.
  private static long address(String text) {
    String[] parts = text.split("\\.", -1);
    long address = 0;
    for (String part : parts) {
      boolean number =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!number || parts.length != 4 || Integer.parseInt(part) > 255) {
        return -1;
      }
      address = address << 8 | Integer.parseInt(part);
    }
    return address;
  }

  /// Refuses a proxy without showing its URL, which may hold a password.
  static DltJavaException refusal(String reason) {
    return new DltJavaException(
        ErrorCode.OPTIONS, ErrorLocation.NONE, "the URL of a proxy cannot be used: " + reason);
  }
}
