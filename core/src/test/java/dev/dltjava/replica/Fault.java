package dev.dltjava.replica;

import java.time.Duration;
import java.util.List;

/// One way in which an answer goes wrong. [Content] changes what is said, [Delivery] changes how
/// the bytes travel.
public sealed interface Fault {
  /// In place of a number of bytes: half of the body.
  int HALF = -1;

  /// Another answer than the right one, sent properly.
  sealed interface Content extends Fault {}

  /// The right answer, sent badly or not at all.
  sealed interface Delivery extends Fault {}

  /// A status with the API's error body.
  ///
  /// @param code the status code
  /// @param headers more header lines, such as "Retry-After: 1"
  record Status(int code, List<String> headers) implements Content {
    public Status {
      headers = List.copyOf(headers);
    }

    public Status(int code) {
      this(code, List.of());
    }
  }

  /// Status 200 and a page of HTML that says it is HTML.
  record Html() implements Content {}

  /// A byte that no UTF-8 has, inside a string in the second half of the body.
  record InvalidUtf8() implements Content {}

  /// The start of the right body, with the right length of that start.
  ///
  /// @param bytes how much of the body, or [#HALF]
  record Truncated(int bytes) implements Content {}

  /// The number 42 in place of the first object or array at a depth.
  ///
  /// @param depth 0 is the whole document, 1 a member of it, and so on; the whole document if there
  ///   is nothing at that depth
  record WrongType(int depth) implements Content {}

  /// Status 200 and no body at all.
  record Empty() implements Content {}

  /// Any answer.
  ///
  /// @param response what is sent
  record Literal(Response response) implements Content {}

  /// No fault: the answer is right. For rules such as "twice well, then a 500".
  record None() implements Delivery {}

  /// A wait before the answer.
  ///
  /// @param pause how long
  record Delayed(Duration pause) implements Delivery {}

  /// The connection is closed after the request, before any byte of an answer.
  record Refused() implements Delivery {}

  /// The connection is reset (RST) in the body.
  ///
  /// @param afterBytes so much of the body is sent before, or [#HALF]
  record Reset(int afterBytes) implements Delivery {}

  /// The connection is closed (FIN) in the body, whose length was announced in full.
  ///
  /// @param afterBytes so much of the body is sent before, or [#HALF]
  record Cut(int afterBytes) implements Delivery {}

  /// The whole body is sent, whose length was announced as less.
  ///
  /// @param bytes so many bytes less
  record ShortLength(int bytes) implements Delivery {}

  /// The status line and headers come in small pieces.
  ///
  /// @param pieceBytes size of a piece
  /// @param pause wait before each piece
  record SlowHeaders(int pieceBytes, Duration pause) implements Delivery {}

  /// The body comes in small pieces.
  ///
  /// @param pieceBytes size of a piece
  /// @param pause wait before each piece
  record SlowBody(int pieceBytes, Duration pause) implements Delivery {}

  /// Nothing more comes until the replica releases its stalled answers, which are then completed.
  ///
  /// @param place what has been sent before
  record Stalled(StallPlace place) implements Delivery {}

  /// Where an answer stalls.
  enum StallPlace {
    /// Before any byte.
    START,
    /// After the headers.
    HEADERS,
    /// After half of the body.
    BODY
  }

  /// The body comes in HTTP chunks instead of with a length.
  ///
  /// @param pieceBytes size of a chunk
  /// @param ended whether the last chunk is sent; if not, the connection is closed without it
  record Chunked(int pieceBytes, boolean ended) implements Delivery {}

  /// The body has neither length nor chunks: it ends with the connection.
  record UntilClose() implements Delivery {}

  /// The answer is right and promises to keep the connection, which is then closed.
  record ClosedAfter() implements Delivery {}
}
