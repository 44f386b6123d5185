package dev.dltjava.campaign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What an API has: chains of pages with records, each with a nested list. Made from a seed.
///
/// @param style how a page says what follows it
/// @param method of the requests
/// @param pages of each chain, each of which has the texts of its records
record PagedApi(Style style, String method, List<List<List<String>>> pages) {
  /// Ways from page to page.
  enum Style {
    JSON_LINK("{'type':'json_link','next_url_path':['next']}"),
    HEADER_LINK("{'type':'header_link'}"),
    CURSOR("{'type':'cursor','cursor_path':['cursor']}"),
    PAGE_NUMBER("{'type':'page_number','total_path':['pages']}"),
    /// Links, which the source has to find out.
    DETECTED("{'type':'auto'}");

    /// The option of a source.
    final String option;

    Style(String option) {
      this.option = option;
    }
  }

  static PagedApi of(Random random) {
    List<List<List<String>>> chains = new ArrayList<>();
    int mostPages = 1 + random.nextInt(6);
    for (int chain = 0, count = 1 + random.nextInt(4); chain < count; chain++) {
      List<List<String>> pages = new ArrayList<>();
      for (int page = 0, last = random.nextInt(mostPages); page <= last; page++) {
        pages.add(records(random, chain + "." + page));
      }
      chains.add(pages);
    }
    return new PagedApi(
        Style.values()[random.nextInt(Style.values().length)],
        random.nextInt(4) == 0 ? "POST" : "GET",
        chains);
  }

  private static List<String> records(Random random, String place) {
    List<String> records = new ArrayList<>();
    for (int row = 0, count = random.nextInt(30); row < count; row++) {
      StringBuilder tags = new StringBuilder();
      for (int tag = random.nextInt(4); tag > 0; tag--) {
        tags.append("{'name':'").append((char) ('a' + tag)).append(tag > 1 ? "'}," : "'}");
      }
      String padding = "ü".repeat(random.nextInt(8) == 0 ? random.nextInt(3_000) : 3);
      records.add(
          "{'id':'%s.%d','text':'%s','tags':[%s]}"
              .formatted(place, row, padding, tags)
              .replace('\'', '"'));
    }
    return records;
  }

  int chains() {
    return pages.size();
  }

  int pages(int chain) {
    return pages.get(chain).size();
  }

  /// All records in the order in which they are delivered.
  List<String> records() {
    return pages.stream().flatMap(List::stream).flatMap(List::stream).toList();
  }

  /// The document of a page; behind the last one there are no records.
  byte[] document(String origin, int chain, int page) {
    List<String> records = page < pages(chain) ? pages.get(chain).get(page) : List.of();
    StringBuilder text = new StringBuilder("{\"items\": [\n");
    text.append(String.join(",\n", records)).append("]");
    boolean links = style == Style.JSON_LINK || style == Style.DETECTED;
    if (links && hasNext(chain, page)) {
      text.append(", \"next\": \"").append(url(origin, chain, page + 1)).append('"');
    } else if (style == Style.CURSOR && hasNext(chain, page)) {
      text.append(", \"cursor\": ").append(page + 1);
    } else if (style == Style.PAGE_NUMBER) {
      text.append(", \"pages\": ").append(pages(chain));
    }
    return text.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Lines of the head of a page's response, each with its end.
  String headers(String origin, int chain, int page) {
    return style == Style.HEADER_LINK && hasNext(chain, page)
        ? "link: <" + url(origin, chain, page + 1) + ">; rel=\"next\"\r\n"
        : "";
  }

  private boolean hasNext(int chain, int page) {
    return page + 1 < pages(chain);
  }

  private static String url(String origin, int chain, int page) {
    return origin + "/" + chain + "?page=" + page;
  }

  /// The options `requests` and `paginator` of a source, without braces.
  String options(String origin) {
    List<String> requests = new ArrayList<>();
    for (int chain = 0; chain < chains(); chain++) {
      String next =
          "{'url':['%s/%d?page=',{'slot':'%s','encoding':'query'}]}"
              .formatted(origin, chain, style == Style.CURSOR ? "cursor" : "page");
      String following =
          switch (style) {
            case CURSOR -> ",'following':{'cursor':" + next + "}";
            case PAGE_NUMBER -> ",'following':{'page':" + next + "}";
            case JSON_LINK, HEADER_LINK, DETECTED -> "";
          };
      String body = method.equals("POST") ? ",'body':'what'" : "";
      requests.add(
          "{'url':'%s','name':'posts','method':'%s'%s%s}"
              .formatted(url(origin, chain, 0), method, body, following));
    }
    return "'requests':[" + String.join(",", requests) + "],'paginator':" + style.option;
  }
}
