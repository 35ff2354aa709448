"""Texts in Arrow arrays, cleaned all at once: Python looks only at those that are not plain ASCII without markup."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakehashi.records import Flags, Parts
from kakehashi.sources.text import unescape

_SPACE, _TILDE = 32, 126
_AMPERSAND = ord("&")
_MARKS = b"&<"  # of entities and tags
_ALNUM = np.array([code < 128 and chr(code).isalnum() for code in range(256)])


def cleaned(
    texts: pa.Array,
    clean: Callable[[str], str | None],
    *,
    trim: str = " ",
    marks: bytes = b"",
    short: int = 0,
    begin_plain: bool = False,
) -> pa.Array:
    """Return what `clean` makes of each text, null where nothing is left.

    `clean` must do no more than take `trim` from both ends of a text of printable ASCII without `&`, `<`, two spaces in
    a row and any of `marks`; unless after that it has `short` characters or fewer or, with `begin_plain`, begins with
    something other than a letter or digit.
    """
    odd = _is_marked(texts, _MARKS + marks)
    trimmed = pc.ascii_trim(texts, characters=trim) if _needs_trimming(texts, trim.encode()) else texts
    offsets, data = _buffers(trimmed)
    lengths = np.diff(offsets)
    if short:
        odd |= (lengths > 0) & (lengths <= short)
    if begin_plain and len(data):
        odd |= ~_ALNUM[data[np.minimum(offsets[:-1], len(data) - 1)]]
    if odd.any():
        made = pa.array([clean(text) for text in texts.filter(pa.array(odd)).to_pylist()], pa.string())
        trimmed = pc.replace_with_mask(trimmed, pa.array(odd), made)
    return _without_empty(trimmed)


def _needs_trimming(texts: pa.Array, trim: bytes) -> bool:
    offsets, data = _buffers(texts)
    there = np.diff(offsets) > 0
    ends = (data[offsets[:-1][there]], data[offsets[1:][there] - 1])
    return any(bool((end == sign).any()) for end in ends for sign in trim)


def _without_empty(texts: pa.Array) -> pa.Array:
    """Return the texts with null for those that are empty; the texts themselves are not copied."""
    offsets, _ = _buffers(texts)
    there = np.diff(offsets) > 0  # a null is as long as an empty text
    if there.all():
        return texts
    before = np.zeros(texts.offset, np.bool_)
    valid = pa.py_buffer(np.packbits(np.concatenate([before, there]), bitorder="little"))
    return pa.Array.from_buffers(texts.type, len(texts), [valid, *texts.buffers()[1:]], offset=texts.offset)


def _is_marked(texts: pa.Array, marks: bytes) -> Flags:
    offsets, data = _buffers(texts)
    odd = (data - np.uint8(_SPACE)) > _TILDE - _SPACE  # what is less than a space is great then
    for mark in marks:
        odd |= data == mark
    spaces = data == _SPACE
    odd[1:] |= spaces[1:] & spaces[:-1]
    flags = np.zeros(len(texts), np.bool_)
    flags[np.searchsorted(offsets, np.flatnonzero(odd), side="right") - 1] = True
    return flags


def _buffers(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return the bytes of all texts, one after the other, and where each begins, and the last ends."""
    _, offsets, data = texts.buffers()
    begins = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return begins - begins[0], np.frombuffer(data or b"", np.uint8)[begins[0] : begins[-1]]


def split(texts: pa.Array, separator: str) -> Parts:
    """Split each text, its entities resolved."""
    listed = pc.split_pattern(_resolved(texts), separator)
    begins = np.asarray(listed.offsets).astype(np.int64)
    counts = np.diff(begins)
    places = np.arange(1, begins[-1] + 1) - np.repeat(begins[:-1], counts)
    return Parts(listed.flatten(), np.repeat(np.arange(len(texts)), counts), places)


def _resolved(texts: pa.Array) -> pa.Array:
    offsets, data = _buffers(texts)
    marks = np.flatnonzero(data == _AMPERSAND)
    if not len(marks):
        return texts
    marked = np.zeros(len(texts), np.bool_)
    marked[np.searchsorted(offsets, marks, side="right") - 1] = True
    flags = pa.array(marked)
    made = pa.array([*map(unescape, texts.filter(flags).to_pylist())], pa.string())
    return pc.replace_with_mask(texts, flags, made)


def each(texts: pa.Array, make: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """Return what `make` makes of each text, asked once for each distinct one."""
    encoded = texts.dictionary_encode()
    return pa.array([*map(make, encoded.dictionary.to_pylist())], kind).take(encoded.indices)
