package dev.dltjava.replica;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The ways in which a list of records comes in pages. The record's list is the body, or its member
/// `items`.
enum Pages {
  /// All records on one page.
  WHOLE {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      return Response.json(200, "[" + String.join(",", records) + "]");
    }
  },
  /// `next` is the address of the next page, absent on the last one; `?relative=1` gives it without
  /// scheme and host.
  JSON_LINK {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      Page page = Page.at(request, records, Parameters.integer(request, "from", 0));
      String host = Parameters.text(request, "relative", "").isEmpty() ? origin : "";
      String next = page.isLast() ? "null" : quoted(host + target(request, "from", page.end()));
      return object(page, ",\"next\":" + next);
    }
  },
  /// The header `Link` has the address of the next page.
  HEADER_LINK {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      Page page = Page.at(request, records, Parameters.integer(request, "from", 0));
      String next = "<" + origin + target(request, "from", page.end()) + ">; rel=\"next\"";
      return array(page, "Link: " + next);
    }
  },
  /// The header `next` has the value for `?cursor=`.
  HEADER_CURSOR {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      Page page = Page.at(request, records, Page.offset(request));
      return array(page, "next: " + Page.cursor(page.end()));
    }
  },
  /// `cursors.next` has the value for `cursor`, in the query or in the body; null on the last page.
  CURSOR {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      Page page = Page.at(request, records, Page.offset(request));
      String next = page.isLast() ? "null" : quoted(Page.cursor(page.end()));
      return object(page, ",\"cursors\":{\"next\":" + next + "}" + hasMore(request, page));
    }
  },
  /// `offset` and `limit` choose the records; `total` counts them all unless `?total=no`; `?more=1`
  /// adds `has_more`.
  OFFSET {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      int limit = Parameters.integer(request, "limit", Page.SIZE);
      Page page = new Page(records, Parameters.integer(request, "offset", 0), limit);
      return object(page, total(request, records.size()) + hasMore(request, page));
    }
  },
  /// `page` chooses the page; the first one is 0, or what `?first=` says; `total` counts pages
  /// unless `?total=no`; `?more=1` adds `has_more`.
  PAGES {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      int size = Parameters.integer(request, "size", Page.SIZE);
      int first = Parameters.integer(request, "first", 0);
      int number = Parameters.integer(request, "page", first) - first;
      Page page = new Page(records, number * size, size);
      int pages = (records.size() + size - 1) / size;
      return object(page, total(request, pages) + hasMore(request, page));
    }
  },
  /// Every page says that it is the next one, too.
  REPEATING {
    @Override
    Response answer(Request request, List<String> records, String origin) {
      Page page = Page.at(request, records, 0);
      String next = quoted(origin + target(request, "from", 0));
      return object(page, ",\"next\":" + next + ",\"cursors\":{\"next\":\"again\"}");
    }
  };

  /// The page of the records that a request asks for.
  ///
  /// @param origin scheme, host and port of addresses in the answer
  abstract Response answer(Request request, List<String> records, String origin);

  /// The style with a name as it is in paths, such as `json-link`.
  static Optional<Pages> named(String name) {
    for (Pages style : values()) {
      if (style.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
        return Optional.of(style);
      }
    }
    return Optional.empty();
  }

  private static Response object(Page page, String members) {
    return Response.json(200, "{\"items\":" + page.json() + members + "}");
  }

  private static Response array(Page page, String headerUnlessLast) {
    Response body = Response.json(200, page.json());
    if (page.isLast()) {
      return body;
    }
    return new Response(200, List.of(body.headers().getFirst(), headerUnlessLast), body.body());
  }

  private static String total(Request request, int count) {
    return Parameters.text(request, "total", "").equals("no") ? "" : ",\"total\":" + count;
  }

  private static String hasMore(Request request, Page page) {
    return Parameters.text(request, "more", "").isEmpty() ? "" : ",\"has_more\":" + !page.isLast();
  }

  /// The request's own target with another value of one parameter.
  private static String target(Request request, String name, int value) {
    String query = request.relativeTarget().substring(request.path().length());
    String others = query.replaceFirst("^\\?", "").replaceAll("(^|&)" + name + "=[^&]*", "");
    return request.path() + "?" + name + "=" + value + (others.isEmpty() ? "" : "&" + others);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
