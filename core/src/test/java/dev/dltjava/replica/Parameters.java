package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parameters of a request: in its query, or members of its JSON body, at whatever depth.
final class Parameters {
  private Parameters() {}

  static String text(Request request, String name, String otherwise) {
    List<String> values = request.query(name);
    if (!values.isEmpty()) {
      return values.getLast();
    }
    String body = new String(request.body(), StandardCharsets.UTF_8);
    Matcher member =
        Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:\\s*(?:\"([^\"]*)\"|([-\\w.]+))")
            .matcher(body);
    if (!member.find()) {
      return otherwise;
    }
    return member.group(1) != null ? member.group(1) : member.group(2);
  }

  static int integer(Request request, String name, int otherwise) {
    String text = text(request, name, "");
    return text.isEmpty() ? otherwise : Integer.parseInt(text);
  }
}
