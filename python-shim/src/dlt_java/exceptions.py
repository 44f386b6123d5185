# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as one small tree below dlt's own exception."""

from __future__ import annotations

from typing import Any

from dlt.common.exceptions import DltException


class DltJavaException(DltException):
    """Base of all exceptions of this package.

    Attributes:
        code: Number of the error, one of `DLTJ_ERROR_…` in `dlt_java.h`; 0 if Python raised it.
        url: URL of the request, secrets masked.
        http_status: Status code that the server answered.
        byte_offset: Offset in the decoded body.
        row: Index of the record in its document.
        column: Path of the field.

    What does not apply is `None`.
    """

    code: int
    url: str | None
    http_status: int | None
    byte_offset: int | None
    row: int | None
    column: str | None

    def __init__(
        self,
        message: str,
        *,
        code: int = 0,
        url: str | None = None,
        http_status: int | None = None,
        byte_offset: int | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.url = url
        self.http_status = http_status
        self.byte_offset = byte_offset
        self.row = row
        self.column = column

    def __reduce__(self) -> Any:
        # OSError takes its arguments in __new__ unless __init__ is overridden, so dlt's own
        # __reduce__ would lose the message.
        return type(self), self.args, vars(self)


class OptionsException(DltJavaException, ValueError):
    """The options of a source are not valid; the message names the key."""


class DataException(DltJavaException, ValueError):
    """A response is not what the options say: not JSON, not UTF-8, beyond a limit, no records."""


class NetworkException(DltJavaException, OSError):
    """A request failed: error status, TLS, broken HTTP, a body that was cut off."""


class ConnectionFailedException(NetworkException, ConnectionError):
    """The host was not found, or the connection was refused or reset."""


class TimedOutException(NetworkException, TimeoutError):
    """No answer came in time."""


class LibraryException(DltJavaException, ImportError):
    """The native library is missing, is of another version, or cannot run on this machine."""


_OPTIONS = 101
_STRUCT = 105
_CONNECT = 301
_TIMEOUT = 303
_MEMORY = 307
_PROCESSOR = 308
_START = 309

_BY_CODE: dict[int, type[DltJavaException]] = {
    _OPTIONS: OptionsException,
    _STRUCT: LibraryException,
    _CONNECT: ConnectionFailedException,
    _TIMEOUT: TimedOutException,
    _MEMORY: DltJavaException,
    _PROCESSOR: LibraryException,
    _START: LibraryException,
}


def class_for(code: int) -> type[DltJavaException]:
    """The exception class of an error number; unknown numbers fall back to their group's class."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if 200 <= code < 300:
        return DataException
    if 300 <= code < 400:
        return NetworkException
    return DltJavaException
