package dev.dltjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The API of posts: its styles of paging, its credentials, its limits.
final class PostsApiTest {
  private final Replica replica = Replica.start(ReplicaOptions.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private final String root = replica.origin() + "/rest/";

  @AfterEach
  void stop() {
    client.close();
    replica.close();
  }

  @Test
  void numbersPagesFromAnyFirst() {
    assertThat(ids(get("pages/posts?of=12&page=0"))).containsExactly("1", "2", "3", "4", "5");
    assertThat(ids(get("pages/posts?of=12&first=1&page=3"))).containsExactly("11", "12");
    assertThat(ids(get("pages/posts?of=12&page=3"))).isEmpty();
    assertThat(get("pages/posts?of=12&page=0")).containsEntry("total", "3");
    assertThat(get("pages/posts?of=12&page=2&total=no&more=1"))
        .containsEntry("has_more", "false")
        .doesNotContainKey("total");
  }

  @Test
  void takesOffsetAndLimitFromQueryOrBody() {
    assertThat(ids(get("offset/posts?offset=20&limit=10"))).hasSize(5).startsWith("21");
    byte[] answer =
        HttpGet.post(client, root + "offset/posts", "{\"page\":{\"offset\": 24, \"limit\": 3}}")
            .body();
    assertThat(ids(ParsedJson.object(answer))).containsExactly("25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-link/posts?of=7&size=3", "json-link/posts?relative=1&of=7&size=3"})
  void linksEachPageToTheNext(String first) {
    List<String> found = new ArrayList<>();
    String url = root + first;
    while (!url.equals("null")) {
      Map<String, Object> page = ParsedJson.object(HttpGet.bytes(client, url).body());
      found.addAll(ids(page));
      String next = String.valueOf(page.get("next"));
      url = next.startsWith("/") ? replica.origin() + next : next;
    }
    assertThat(found).containsExactly("1", "2", "3", "4", "5", "6", "7");
  }

  @Test
  void endsHeaderStylesWithoutTheHeader() {
    HttpResponse<byte[]> first = HttpGet.bytes(client, root + "header-link/posts?of=6");
    assertThat(first.headers().firstValue("link").orElseThrow())
        .isEqualTo("<" + root + "header-link/posts?from=5&of=6>; rel=\"next\"");
    HttpResponse<byte[]> last = HttpGet.bytes(client, root + "header-cursor/posts?cursor=c%2B20");
    assertThat(last.headers().firstValue("next")).isEmpty();
    assertThat(last.statusCode()).isEqualTo(200);
  }

  @Test
  void boundsPostsByTime() {
    assertThat(ids(get("pages/posts?since=2024-01-01T03:00:00Z&until=2024-01-01T05:00:00Z")))
        .containsExactly("3", "4");
  }

  @Test
  void asksForCredentials() {
    assertThat(status("auth/bearer/posts")).isEqualTo(401);
    assertThat(status("auth/bearer/posts", "Authorization", "Bearer bearer-secret")).isEqualTo(200);
    assertThat(status("auth/api-key-query/posts?api_key=key+secret%2F%2B")).isEqualTo(200);
    assertThat(status("auth/api-key-header/posts", "X-Api-Key", "key secret/+")).isEqualTo(200);
    assertThat(status("auth/oauth/posts", "Authorization", "Bearer token-1")).isEqualTo(401);
  }

  @Test
  void endsTokens() {
    String form = "grant_type=client_credentials&client_id=client&client_secret=client-secret";
    HttpGet.post(client, root + "auth/token?lifetime=3600", form);
    HttpGet.post(client, root + "auth/token?lifetime=0", form);
    assertThat(status("auth/oauth/posts/1", "Authorization", "Bearer token-1")).isEqualTo(200);
    assertThat(status("auth/oauth/posts/1", "Authorization", "Bearer token-2")).isEqualTo(401);
    assertThat(HttpGet.post(client, root + "auth/token", "client_id=x").statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesWhatIsTooMuch() {
    HttpResponse<byte[]> refused = HttpGet.bytes(client, root + "limited/0/3600/posts/1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
    HttpResponse<byte[]> granted = HttpGet.bytes(client, root + "limited/1000/3600/posts/1");
    assertThat(granted.statusCode()).isEqualTo(200);
    assertThat(granted.headers().firstValueAsLong("x-ratelimit-remaining").orElse(0)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "etag,etag,If-None-Match",
    "weak,etag,If-None-Match",
    "date,last-modified,If-Modified-Since"
  })
  void answersOnceToThoseWhoHaveTheContent(String kind, String said, String asked) {
    String path = "validated/" + kind + "/json-link/posts";
    HttpResponse<byte[]> first = HttpGet.bytes(client, root + path);
    String validator = first.headers().firstValue(said).orElseThrow();
    assertThat(status(path, asked, validator)).isEqualTo(304);
    assertThat(status(path + "?from=5", asked, validator)).isEqualTo(200);
    assertThat(new String(first.body(), StandardCharsets.UTF_8)).contains(path + "?from=5");
    assertThat(status("validated/" + kind + "/nothing", asked, validator)).isEqualTo(404);
  }

  @Test
  void redirects() {
    HttpResponse<byte[]> moved = HttpGet.bytes(client, root + "moved/posts/1?a=b");
    assertThat(moved.statusCode()).isEqualTo(302);
    assertThat(moved.headers().firstValue("location")).contains(root + "posts/1?a=b");
    assertThat(HttpGet.bytes(client, root + "loop").headers().firstValue("location"))
        .contains(root + "loop");
  }

  @Test
  void answersSearchesByPost() {
    byte[] answer = HttpGet.post(client, root + "search", "{\"query\":\"Post 25\"}").body();
    assertThat((List<?>) ParsedJson.value(answer)).hasSize(1);
  }

  private Map<String, Object> get(String path) {
    return ParsedJson.object(HttpGet.bytes(client, root + path).body());
  }

  private static List<String> ids(Map<String, Object> page) {
    return ParsedJson.objects(page, "items").stream()
        .map(post -> String.valueOf(post.get("id")))
        .toList();
  }

  private int status(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    return HttpGet.send(client, headers.length == 0 ? request : request.headers(headers))
        .statusCode();
  }
}
