"""Whole lines of a stream, many at once, for those who read them faster together; and the way back to line by line."""

from collections.abc import Callable
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from kakehashi.sources.base import Input


class Portions:
    """Takes whole lines from a stream, many at once, until it ends or breaks."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._pending = b""
        self._error: OSError | None = None
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._ended = False

    def lines(self, number: int) -> bytes | None:
        """Take the first lines; None if they do not end."""
        self._fill()
        end = 0
        for _ in range(number):
            end = self._pending.find(b"\n", end) + 1
            if not end:
                return None
        taken, self._pending = self._pending[:end], self._pending[end:]
        return taken

    def take(self) -> bytes:
        """Take lines of some size, fewer at the end of the stream, nothing behind it."""
        self._fill()
        end = len(self._pending) if self._ended else self._pending.rfind(b"\n") + 1 or len(self._pending)
        taken, self._pending = self._pending[:end], self._pending[end:]
        if not self._pending:
            self._fill()  # to know whether these were the last
        return taken

    def in_utf8(self, taken: bytes) -> bytes | None:
        r"""Return what was taken with \n behind each line, if it is whole lines of UTF-8; else None."""
        whole = self._error is None and (self._ended or taken.endswith(b"\n"))
        data = taken.replace(b"\r\n", b"\n") if b"\r" in taken else taken
        return data if whole and b"\r" not in data and _is_utf8(data) else None

    def rest(self, source: Input, taken: bytes) -> Input:
        """Return the source from what was taken last on: that, what is left of the stream, and its error."""
        rest = _Stream(taken + self._pending, self._error, self._stream)
        return Input(source.name, lambda: cast("BinaryIO", rest), source.columns, source.path)

    @property
    def ended(self) -> bool:
        """Whether everything was taken."""
        return self._ended and not self._pending

    @property
    def broke(self) -> bool:
        """Whether the stream broke off."""
        return self._error is not None

    def _fill(self) -> None:
        parts, size = [self._pending], len(self._pending)
        try:
            while size < self._size and not self._ended and self._error is None:
                parts.append(self._read(self._size))
                size += len(parts[-1])
                self._ended = not parts[-1]
        except OSError as error:
            self._error = error
        self._pending = b"".join(parts)


class _Stream:
    """What was taken from a stream, then what is left in it, then its error."""

    def __init__(self, data: bytes, error: OSError | None, stream: BinaryIO) -> None:
        self._data = data
        self._error = error
        self._stream = stream

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the stream to those who opened it."""

    def read(self, size: int) -> bytes:
        """Return some bytes."""
        if self._data:
            taken, self._data = self._data[:size], self._data[size:]
            return taken
        if self._error is not None:
            raise self._error
        return getattr(self._stream, "read1", self._stream.read)(size)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    offsets = pa.py_buffer(np.array([0, len(data)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
