package dev.dltjava.campaign;

import static dev.dltjava.campaign.Turn.bytes;
import static dev.dltjava.campaign.Turn.gzip;
import static dev.dltjava.campaign.Turn.joined;

import dev.dltjava.error.ErrorCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What servers and networks do to one response, and what has to come of it.
enum NetworkFault {
  RESET_WITHOUT_ANSWER(Fate.TRIED_AGAIN, Set.of(ErrorCode.CONNECT), turn -> turn.peer().reset()),
  RESET_WITHIN(
      Fate.TRIED_AGAIN,
      // What arrived may be lost with the connection.
      Set.of(ErrorCode.TRUNCATED, ErrorCode.CONNECT),
      turn -> {
        turn.write(turn.beginning(turn.framed()));
        turn.peer().reset();
      }),
  CLOSE_WITHOUT_ANSWER(Fate.TRIED_AGAIN, Set.of(ErrorCode.CONNECT), turn -> {}),
  CUT(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.TRUNCATED),
      turn -> turn.write(turn.beginning(turn.framed()))),
  STALL_WITHOUT_ANSWER(Fate.TRIED_AGAIN, Set.of(ErrorCode.TIMEOUT), turn -> turn.peer().awaitEnd()),
  STALL_WITHIN(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.TIMEOUT),
      turn -> {
        turn.write(turn.beginning(turn.framed()));
        turn.peer().awaitEnd();
      }),
  /// The connections that there are fall silent, as behind a router that has forgotten them.
  HALF_OPEN(Fate.TRIED_AGAIN, Set.of(ErrorCode.TIMEOUT), turn -> turn.peer().awaitEnd()),
  SLOW_DRIP(
      Fate.HARMLESS,
      Set.of(),
      turn -> {
        byte[] whole = turn.framed();
        int piece = 1 + whole.length / 30;
        for (int at = 0; at < whole.length; at += piece) {
          turn.write(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + piece)));
          TimeUnit.MICROSECONDS.sleep(500);
        }
      }),
  DRIP_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.TIMEOUT),
      turn -> {
        turn.write(turn.head("content-length: 1000000\r\n"));
        while (true) {
          turn.write(" ");
          TimeUnit.MILLISECONDS.sleep(5);
        }
      }),
  UNUSUAL(
      Fate.HARMLESS,
      Set.of(),
      turn -> {
        String head = turn.headers() + "content-length: " + turn.document().length + "\r\n\r\n";
        String[] heads = {
          "HTTP/1.1 103 Early Hints\r\nlink: </s.css>\r\n\r\nHTTP/1.1 200 OK\r\n" + head,
          "HTTP/1.0 200 OK\r\n" + turn.headers() + "\r\n",
          "HTTP/1.1 200\r\nset-cookie: a=b\r\nset-cookie: c=d\r\n" + head,
          "HTTP/1.1 299 Odd\r\nratelimit-remaining: 0\r\nratelimit-reset: 1e9\r\n" + head,
          "HTTP/1.1 200 OK\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 9999999999\r\n" + head,
          "HTTP/1.1 200 OK\r\nretry-after: 3600\r\nlocation: http://[\r\n" + head,
        };
        turn.write(bytes(heads[turn.random().nextInt(heads.length)]), turn.document());
      }),
  LENGTH_TOO_LONG(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.TRUNCATED),
      turn -> {
        int length = turn.document().length + 1 + turn.random().nextInt(100);
        turn.write(turn.head("content-length: " + length + "\r\n"), turn.document());
      }),
  LENGTH_TOO_SHORT(
      Fate.REFUSED,
      Set.of(ErrorCode.JSON, ErrorCode.ENCODING),
      turn -> {
        // The line end behind the document does not count.
        int length = turn.beginning(turn.document()).length;
        length = Math.min(length, turn.document().length - 2);
        turn.write(turn.head("content-length: " + length + "\r\n"), turn.document());
      }),
  LENGTH_OF_ANOTHER_RESPONSE(
      Fate.HARMLESS,
      Set.of(),
      // It must not be taken for the answer to a later request.
      turn -> turn.write(turn.right(), turn.response("", bytes("{\"items\":[{\"id\":\"x\"}]}")))),
  LENGTH_BEYOND_ALL_BOUNDS(
      Fate.REFUSED,
      Set.of(ErrorCode.LIMIT),
      turn -> turn.write(turn.head("content-length: 999999999999\r\n"), turn.document())),
  LENGTH_IS_NONSENSE(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        String[] lengths = {
          "x", "-5", "1e3", "0x10", "99999999999999999999", "3\r\ncontent-length: 4"
        };
        String length = lengths[turn.random().nextInt(lengths.length)];
        turn.write(turn.head("content-length: " + length + "\r\n"), turn.document());
      }),
  BODY_TOO_LONG(
      Fate.REFUSED,
      Set.of(ErrorCode.JSON),
      turn -> {
        String[] more = {"}", "]", "{\"items\": []}", "<html>", "null", "\0", ","};
        byte[] garbage = bytes(more[turn.random().nextInt(more.length)]);
        turn.write(turn.response("", joined(turn.document(), garbage)));
      }),
  CUT_WITHOUT_LENGTH(
      Fate.REFUSED,
      Set.of(ErrorCode.JSON, ErrorCode.ENCODING),
      turn -> {
        int length = turn.beginning(turn.document()).length;
        length = Math.min(length, turn.document().length - 2);
        turn.write(turn.head("connection: close\r\n"), Arrays.copyOf(turn.document(), length));
      }),
  NO_BODY(
      Fate.REFUSED,
      Set.of(ErrorCode.JSON),
      turn ->
          turn.write(
              turn.random().nextBoolean()
                  ? bytes("HTTP/1.1 204 No Content\r\n\r\n")
                  : turn.response("", new byte[0]))),
  OTHER_BODY(
      Fate.REFUSED,
      Set.of(ErrorCode.JSON, ErrorCode.ENCODING),
      turn -> {
        byte[] noise = new byte[1 + turn.random().nextInt(1_000)];
        turn.random().nextBytes(noise);
        noise[0] = (byte) 0xfe;
        byte[] page = bytes("<!doctype html><title>Sign in</title>");
        turn.write(turn.response("", turn.random().nextBoolean() ? noise : page));
      }),
  BAD_CHUNK_SIZE(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.PROTOCOL, ErrorCode.TRUNCATED),
      turn -> {
        String[] sizes = {"xyz", "-4", "fffffffffffffffff", "12 34", ""};
        String size = sizes[turn.random().nextInt(sizes.length)];
        byte[] begun = turn.chunks(turn.beginning(turn.document()));
        turn.write(turn.head("transfer-encoding: chunked\r\n"), begun, bytes(size + "\r\n"));
      }),
  CHUNK_WITHOUT_LINE_END(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        turn.write(
            turn.head("transfer-encoding: chunked\r\n"),
            bytes("3\r\n{\"items\": []}\r\n0\r\n\r\n"));
        turn.peer().awaitEnd();
      }),
  CHUNK_EXTENSION_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        turn.write(turn.head("transfer-encoding: chunked\r\n"), bytes("3;"));
        turn.writeForEver(bytes("x".repeat(1_000)));
      }),
  NOT_HTTP(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.PROTOCOL),
      turn -> turn.write("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
  GZIP_CUT(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.TRUNCATED),
      turn ->
          turn.write(
              turn.response("content-encoding: gzip\r\n", turn.beginning(gzip(turn.document()))))),
  GZIP_WITH_A_FLIPPED_BIT(
      Fate.EITHER,
      Set.of(ErrorCode.PROTOCOL, ErrorCode.TRUNCATED),
      turn -> {
        byte[] zipped = gzip(turn.document());
        zipped[turn.random().nextInt(zipped.length)] ^= (byte) (1 << turn.random().nextInt(8));
        turn.write(turn.response("content-encoding: gzip\r\n", zipped));
      }),
  GZIP_THAT_IS_NONE(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> turn.write(turn.response("content-encoding: gzip\r\n", turn.document()))),
  ENCODING_UNKNOWN(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> turn.write(turn.response("content-encoding: br\r\n", turn.document()))),
  GZIP_BOMB(
      Fate.REFUSED,
      Set.of(ErrorCode.LIMIT),
      turn ->
          turn.write(
              turn.response(
                  "content-encoding: gzip\r\n",
                  gzip(new byte[8 * NetworkFault.PAGE_LIMIT_BYTES])))),
  GZIP_WITH_PADDING_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.LIMIT),
      turn -> {
        turn.write(turn.head("content-encoding: gzip\r\n"), gzip(turn.document()));
        turn.writeForEver(new byte[10_000]);
      }),
  GZIP_OF_NOTHING_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.LIMIT),
      turn -> {
        turn.write(turn.head("content-encoding: gzip\r\n"), gzip(turn.document()));
        byte[] member = gzip(new byte[0]);
        turn.writeForEver(joined(member, member, member, member, member, member, member));
      }),
  BODY_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.LIMIT),
      turn -> {
        turn.write(turn.head("transfer-encoding: chunked\r\n"));
        turn.writeForEver(bytes("3e8\r\n" + " ".repeat(1_000) + "\r\n"));
      }),
  HEADER_FLOOD(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        String[] floods = {
          "HTTP/1.1 200 OK\r\nx: " + "y".repeat(70_000) + "\r\n\r\n",
          "HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(20_000) + "\r\n",
          "HTTP/1.1 200 " + "O".repeat(10_000) + "\r\n\r\n",
          "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(40) + "HTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + "x: y\r\n".repeat(20_000),
        };
        turn.write(floods[turn.random().nextInt(floods.length)]);
      }),
  HEADERS_WITHOUT_END(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        String[] starts = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nx:", "HTTP/1.1 ", ""};
        String[] rests = {"x: y\r\n", "y", "2", "\r\n"};
        int flood = turn.random().nextInt(starts.length);
        turn.write(starts[flood]);
        turn.writeForEver(bytes(rests[flood].repeat(100)));
      }),
  BUSY(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.STATUS),
      turn -> {
        String[] statuses = {
          "429 Too Many", "500 Oops", "502 Bad Gateway", "503 Later", "504 Late"
        };
        String[] wishes = {"", "0", "3600", "-1", "soon", "Wed, 21 Oct 2099 07:28:00 GMT", "1e999"};
        String wish = wishes[turn.random().nextInt(wishes.length)];
        turn.write(
            "HTTP/1.1 "
                + statuses[turn.random().nextInt(statuses.length)]
                + (wish.isEmpty() ? "" : "\r\nretry-after: " + wish)
                + "\r\ncontent-length: 5\r\n\r\nbusy!");
      }),
  REFUSAL(
      Fate.REFUSED,
      Set.of(ErrorCode.STATUS),
      turn -> {
        int[] statuses = {400, 401, 403, 404, 410, 418, 451, 499};
        int status = statuses[turn.random().nextInt(statuses.length)];
        turn.write("HTTP/1.1 " + status + " No\r\ncontent-length: 2\r\n\r\nno");
      }),
  REDIRECT_ELSEWHERE(
      Fate.HARMLESS,
      Set.of(),
      turn -> turn.redirect(turn.places().other() + turn.target().replace("s3cret", "none"))),
  REDIRECT_IN_A_CIRCLE(
      Fate.REFUSED_IF_IT_STAYS,
      Set.of(ErrorCode.PROTOCOL),
      turn -> turn.redirect(turn.places().here() + turn.target())),
  REDIRECT_TO_NONSENSE(
      Fate.REFUSED,
      Set.of(ErrorCode.PROTOCOL),
      turn -> {
        String[] targets = {
          "ftp://files.test/", "http://", "file:///etc/passwd", "http://[", "http:///x"
        };
        turn.redirect(targets[turn.random().nextInt(targets.length)]);
      }),
  REDIRECT_TO_A_CLOSED_PORT(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.CONNECT),
      turn -> turn.redirect(turn.places().closed() + "/?api_key=s3cret")),
  REDIRECT_TO_AN_UNKNOWN_HOST(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.CONNECT),
      turn -> turn.redirect("http://no-such-host.invalid/?api_key=s3cret")),
  REDIRECT_TO_AN_EXPIRED_CERTIFICATE(
      Fate.REFUSED, Set.of(ErrorCode.TLS), turn -> turn.redirect(turn.places().expired() + "/")),
  REDIRECT_TO_THE_CERTIFICATE_OF_ANOTHER_HOST(
      Fate.REFUSED, Set.of(ErrorCode.TLS), turn -> turn.redirect(turn.places().wrongHost() + "/")),
  REDIRECT_TO_AN_UNTRUSTED_CERTIFICATE(
      Fate.REFUSED, Set.of(ErrorCode.TLS), turn -> turn.redirect(turn.places().stranger() + "/")),
  REDIRECT_TO_HTTPS_WITHOUT_TLS(
      Fate.TRIED_AGAIN,
      Set.of(ErrorCode.CONNECT),
      turn -> turn.redirect(turn.places().closed().replace("http:", "https:") + "/"));

  /// The longest page that sources of the campaign read.
  static final int PAGE_LIMIT_BYTES = 1 << 20;

  /// What comes of a fault.
  enum Fate {
    /// Nothing.
    HARMLESS,
    /// Nothing, if another attempt goes well.
    TRIED_AGAIN,
    /// An error at once.
    REFUSED,
    /// An error, unless it ends soon.
    REFUSED_IF_IT_STAYS,
    /// An error at once, or nothing.
    EITHER
  }

  /// Answers a request.
  @FunctionalInterface
  interface Script {
    void run(Turn turn) throws IOException, InterruptedException;
  }

  final Fate fate;

  /// The codes that an error may have.
  final Set<ErrorCode> codes;

  private final Script script;

  NetworkFault(Fate fate, Set<ErrorCode> codes, Script script) {
    this.fate = fate;
    this.codes = codes;
    this.script = script;
  }

  void happen(Turn turn) throws IOException {
    try {
      script.run(turn);
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /// Whether a source notices it by waiting.
  boolean takesTime() {
    return switch (this) {
      case STALL_WITHOUT_ANSWER, STALL_WITHIN, HALF_OPEN -> true;
      default -> false;
    };
  }
}
