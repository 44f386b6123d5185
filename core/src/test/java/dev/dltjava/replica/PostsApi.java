package dev.dltjava.replica;

import java.util.List;

/// An API of posts and their comments under `/rest/`, which has each way of paging, each way of
/// authenticating, and the vices of real APIs. Safe for many threads.
///
/// | path below `/rest/` | answers |
/// |---|---|
/// | `posts`, `posts/7`, `posts/7/comments` | all posts, one post, its comments, on one page |
/// | `STYLE/posts`, `STYLE/posts/7/comments` | the same in pages, see [Pages] for the styles |
/// | `search` | POST `{"query": …}`: the posts whose title holds the text |
/// | `auth/KIND/…` | all of these for those who authenticate, see [Credentials] for the kinds |
/// | `auth/token` | POST: an access token for the kind `oauth`, `?lifetime=` seconds and `?uses=` |
/// | `limited/5/1/…` | all of these, five times in each second, see [RateLimit] |
/// | `validated/KIND/…` | all of these with validators, see [Validators] for the kinds |
/// | `loop` | a redirect to itself |
/// | `moved/…` | a redirect to the same path without `moved` |
///
/// `?of=` sets how many posts there are (25), `?size=` how many are on a page (5), `?since=` and
/// `?until=` bound their `updated_at`.
final class PostsApi {
  static final String ROOT = "/rest/";

  private static final int REDIRECT = 302;

  private final String origin;
  private final AccessTokens tokens = new AccessTokens();
  private final Credentials credentials = new Credentials(tokens);
  private final RateLimit limit = new RateLimit();

  /// @param origin scheme, host and port of the replica's addresses
  PostsApi(String origin) {
    this.origin = origin;
  }

  Response answer(Request request) {
    String path = request.path().substring(ROOT.length());
    return answer(request, List.of(path.split("/", -1)));
  }

  private Response answer(Request request, List<String> path) {
    return switch (path.getFirst()) {
      case "auth" -> authenticated(request, path);
      case "limited" -> limited(request, path);
      case "loop" -> redirect(request.relativeTarget());
      case "moved" -> redirect(request.relativeTarget().replaceFirst("/moved/", "/"));
      case Validators.NAME ->
          answer(request, path.subList(Math.min(2, path.size() - 1), path.size()));
      case "search" -> Pages.WHOLE.answer(request, Posts.matching(request), origin);
      case "posts" -> posts(request, path, Pages.WHOLE);
      default ->
          Pages.named(path.getFirst())
              .map(style -> posts(request, path.subList(1, path.size()), style))
              .orElseGet(PostsApi::notFound);
    };
  }

  private Response authenticated(Request request, List<String> path) {
    if (path.size() == 2 && path.get(1).equals("token")) {
      return tokens.issue(request);
    }
    if (path.size() < 3 || !credentials.accepts(request, path.get(1))) {
      return Response.json(401, "{\"message\":\"unauthorized\"}");
    }
    return answer(request, path.subList(2, path.size()));
  }

  private Response limited(Request request, List<String> path) {
    if (path.size() < 4) {
      return notFound();
    }
    RateLimit.Turn turn = limit.turn(Integer.parseInt(path.get(1)), Integer.parseInt(path.get(2)));
    if (!turn.isGranted()) {
      return turn.refusal();
    }
    return turn.marked(answer(request, path.subList(3, path.size())));
  }

  private Response posts(Request request, List<String> path, Pages style) {
    if (path.isEmpty() || !path.getFirst().equals("posts")) {
      return notFound();
    }
    if (path.size() == 1) {
      return style.answer(request, Posts.asked(request), origin);
    }
    int id = number(path.get(1));
    if (id < 1 || id > Posts.count(request)) {
      return notFound();
    }
    if (path.size() == 2) {
      return Response.json(200, Posts.post(id));
    }
    return path.get(2).equals("comments")
        ? style.answer(request, Posts.comments(id), origin)
        : notFound();
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private Response redirect(String target) {
    return new Response(REDIRECT, List.of("Location: " + origin + target), new byte[0]);
  }

  private static Response notFound() {
    return Response.json(404, "{\"message\":\"not found\"}");
  }
}
