"""Finished answers, kept while they are asked for: a page of a finished run does not change."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """An answer: its body, its media type and, for a download, its file name."""

    body: bytes
    media_type: str
    file: str = ""


class Answers:
    """The answers used last, up to a number of bytes. One thread makes an answer, others that want it wait for it."""

    def __init__(self, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def known(self, key: Hashable) -> Answer | None:
        """Return an answer that is kept, None where there is none."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer of a key, made now if it is not kept. What `make` raises is passed on and not kept."""
        found = self.known(key)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.known(key)
            if found is None:
                try:
                    found = make()
                    self._keep(key, found)
                finally:
                    with self._lock:
                        self._making.pop(key, None)
            return found

    def _keep(self, key: Hashable, answer: Answer) -> None:
        if len(answer.body) > self._most // 8:
            return
        with self._lock:
            self._kept[key] = answer
            self._size += len(answer.body)
            while self._size > self._most:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old.body)
