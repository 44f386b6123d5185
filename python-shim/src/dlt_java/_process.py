# SPDX-License-Identifier: Apache-2.0
"""The process that an object belongs to, which a child of fork has a useless copy of."""

from __future__ import annotations

import os
from typing import TypeVar

from dlt_java.exceptions import DltJavaException

FORKED = 103

_Lock = TypeVar("_Lock")


class OwnProcess:
    """The process that makes an object, to be asked by its methods."""

    def __init__(self) -> None:
        self._number = os.getpid()

    def is_this(self) -> bool:
        """Whether it is the process that asks."""
        return self._number == os.getpid()

    def own(self, lock: _Lock) -> _Lock:
        """A lock of the object, to be taken.

        A child of fork has a copy of it, which another thread of its parent may have held: nobody
        would ever let go of that.

        Raises:
            DltJavaException: This is a child of the process.
        """
        if not self.is_this():
            raise DltJavaException(
                "This source was opened before fork, by the parent process: open sources in the"
                " process that reads them.",
                code=FORKED,
            )
        return lock
