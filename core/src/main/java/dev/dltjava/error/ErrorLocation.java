package dev.dltjava.error;

/// Where a fault was found.
///
/// @param url the request's URL with its secrets masked, empty if there was no request
/// @param httpStatus the server's status code, 0 if there was none
/// @param byteOffset offset in the decoded body, in bytes, -1 if it does not apply
/// @param row index of the record in its document, -1 if it does not apply
/// @param column path of the field, empty if it does not apply
public record ErrorLocation(String url, int httpStatus, long byteOffset, long row, String column) {
  /// No place at all.
  public static final ErrorLocation NONE = new ErrorLocation("", 0, -1, -1, "");

  /// The place of a whole request.
  public static ErrorLocation ofUrl(String url) {
    return new ErrorLocation(url, 0, -1, -1, "");
  }

  public ErrorLocation withUrl(String newUrl) {
    return new ErrorLocation(newUrl, httpStatus, byteOffset, row, column);
  }

  public ErrorLocation withHttpStatus(int newStatus) {
    return new ErrorLocation(url, newStatus, byteOffset, row, column);
  }

  public ErrorLocation withByteOffset(long newOffset) {
    return new ErrorLocation(url, httpStatus, newOffset, row, column);
  }

  public ErrorLocation withRow(long newRow) {
    return new ErrorLocation(url, httpStatus, byteOffset, newRow, column);
  }

  public ErrorLocation withColumn(String newColumn) {
    return new ErrorLocation(url, httpStatus, byteOffset, row, newColumn);
  }
}
