package dev.dltjava.replica;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/// The posts and comments: the same ones in every run, with nested objects, lists, nulls, and
/// numbers that are whole in some rows only.
final class Posts {
  private static final int DEFAULT_COUNT = 25;
  private static final LocalDateTime FIRST = LocalDateTime.of(2024, 1, 1, 0, 0);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'");

  private Posts() {}

  static int count(Request request) {
    return Parameters.integer(request, "of", DEFAULT_COUNT);
  }

  /// The posts within the bounds of a request, as JSON texts that are written when they are asked
  /// for: a page has few of them.
  static List<String> asked(Request request) {
    String since = Parameters.text(request, "since", "");
    String until = Parameters.text(request, "until", "");
    IntStream all = IntStream.rangeClosed(1, count(request));
    boolean bounded = !since.isEmpty() || !until.isEmpty();
    int[] ids = (bounded ? all.filter(id -> isBetween(time(id), since, until)) : all).toArray();
    return new Texts(ids);
  }

  private static boolean isBetween(String time, String since, String until) {
    return time.compareTo(since) >= 0 && (until.isEmpty() || time.compareTo(until) < 0);
  }

  private static final class Texts extends AbstractList<String> implements RandomAccess {
    private final int[] ids;

    Texts(int[] ids) {
      this.ids = ids;
    }

    @Override
    public String get(int index) {
      return text(ids[index]);
    }

    @Override
    public int size() {
      return ids.length;
    }
  }

  /// The posts whose title holds the text that a request looks for.
  static List<String> matching(Request request) {
    String query = Parameters.text(request, "query", "");
    return asked(request).stream().filter(post -> post.contains(query)).toList();
  }

  static String post(int id) {
    return text(id);
  }

  /// So many comments as the last digit of the post's number says, but never none.
  static List<String> comments(int post) {
    return IntStream.rangeClosed(1, Math.max(1, post % 10))
        .mapToObj(number -> comment(post, number))
        .toList();
  }

  private static String text(int id) {
    JsonText json = new JsonText(300).open('{').member("id", id).member("title", "Post " + id);
    json.member("slug", "post/" + id + " & more").member("updated_at", time(id));
    json.name("author").open('{').member("name", "Ünal " + id % 3).member("karma", id % 7);
    json.close('}').name("score").literal(id % 4 == 0 ? Integer.toString(id) : id + ".25");
    json.name("note").literal(id % 5 == 0 ? "null" : "\"n" + id + "\"");
    json.name("tags").open('[');
    for (int tag = 0; tag < id % 3; tag++) {
      json.value("tag" + tag);
    }
    json.close(']').member("published", id % 2 == 0);
    return ofUtf8(json.close('}'));
  }

  private static String comment(int post, int number) {
    JsonText json = new JsonText(200).open('{').member("id", 1000L * post + number);
    json.member("post_id", post).member("body", "Comment " + number).name("likes").open('[');
    for (int like = 0; like < number % 3; like++) {
      json.open('{').member("by", "user" + like).close('}');
    }
    return ofUtf8(json.close(']').close('}'));
  }

  private static String ofUtf8(JsonText json) {
    return new String(json.utf8(), StandardCharsets.UTF_8);
  }

  private static String time(int id) {
    return TIME.format(FIRST.plusHours(id));
  }
}
