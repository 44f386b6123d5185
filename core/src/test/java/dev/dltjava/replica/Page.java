package dev.dltjava.replica;

import java.util.List;

/// Some of a list's records.
///
/// @param all the whole list, as JSON texts
/// @param offset index of the first record on the page; beyond the list's end the page is empty
/// @param size most records on the page
record Page(List<String> all, int offset, int size) {
  static final int SIZE = 5;

  private static final String CURSOR = "c+";

  static Page at(Request request, List<String> all, int offset) {
    return new Page(all, offset, Parameters.integer(request, "size", SIZE));
  }

  /// The offset that a request's cursor stands for; its text needs percent-encoding.
  static int offset(Request request) {
    String cursor = Parameters.text(request, "cursor", "");
    return cursor.startsWith(CURSOR) ? Integer.parseInt(cursor.substring(CURSOR.length())) : 0;
  }

  static String cursor(int offset) {
    return CURSOR + offset;
  }

  int end() {
    return Math.min(all.size(), offset + size);
  }

  boolean isLast() {
    return end() == all.size();
  }

  String json() {
    return "[" + String.join(",", all.subList(Math.min(offset, end()), end())) + "]";
  }
}
