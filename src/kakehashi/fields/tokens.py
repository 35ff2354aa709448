"""Texts as the numbers of their words, thousands of texts at once: the words of one word list, and 0 for any other."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakehashi.fields.words import MAX_WORDS, counted, printed

Ints = npt.NDArray[np.int64]

UNKNOWN = 0
_SKIP = -1
_MOST_REMEMBERED = 500_000
_DIGITS = "0123456789"
_LETTERS = bytes(range(ord("a"), ord("z") + 1))
_ODD = 1
# Letters in small, digits as they are, all else a space: what is left between spaces are the words. What may be markup,
# and what is no ASCII, tells that the text has to be read sign by sign.
_TO_WORDS = bytes(
    _ODD if code in b"<&$" or code > 127
    else code if bytes([code]) in _LETTERS + _DIGITS.encode()
    else code + 32 if bytes([code + 32]) in _LETTERS
    else 32
    for code in range(256)
)  # fmt: skip


class _Numbers(dict[str, int]):
    """The number of each word as it is printed: that of its singular, 0 if it is not listed, -1 to skip it."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, word: str) -> int:
        found = counted(word.lstrip(_DIGITS))  # a word begins with a letter: 3d is d
        number = self._known.get(found[0], UNKNOWN) if found else _SKIP
        if len(self) < _MOST_REMEMBERED:
            self[word] = number
        return number


class Tokens:
    """Numbers words by a word list, in which words are in the singular and their numbers begin with 1."""

    def __init__(self, known: dict[str, int]) -> None:
        self._known = known
        self._numbers = _Numbers(known)

    def flat(self, texts: pa.Array) -> tuple[Ints, Ints]:
        """Return the words of all texts one after the other, as `words` counts them, and the text of each."""
        plain, odd = _plain(texts)
        split = pc.split_pattern(plain, " ")
        starts = split.offsets.to_numpy()
        words = split.flatten().dictionary_encode()
        numbers = np.array(list(map(self._numbers.__getitem__, words.dictionary.to_pylist())), dtype=np.int64)
        flat = numbers[words.indices.to_numpy()]
        for place in odd.tolist():
            flat[starts[place] : starts[place + 1]] = _SKIP
        of_use = np.flatnonzero(flat >= 0)
        flat, text = flat[of_use], np.repeat(np.arange(len(texts)), np.diff(starts))[of_use]
        if len(odd):
            flat, text = self._with(odd, texts, flat, text)
        sizes = np.bincount(text, minlength=len(texts))
        if sizes.max(initial=0) > MAX_WORDS:
            place = np.arange(len(flat)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            flat, text = flat[place < MAX_WORDS], text[place < MAX_WORDS]
        return flat, text

    def _with(self, odd: Ints, texts: pa.Array, flat: Ints, text: Ints) -> tuple[Ints, Ints]:
        """Put the words of odd texts, read sign by sign, between those of the others."""
        read = [self._read(one) for one in texts.take(pa.array(odd)).to_pylist()]
        flat = np.concatenate([flat, *(np.array(numbers, dtype=np.int64) for numbers in read)])
        text = np.concatenate([text, np.repeat(odd, [len(numbers) for numbers in read])])
        order = np.argsort(text, kind="stable")
        return flat[order], text[order]

    def _read(self, text: str) -> list[int]:
        numbers: list[int] = []
        for word in printed(text):
            if word.isascii():
                numbers.append(self._numbers[word])
            else:
                numbers += [self._known.get(pair, UNKNOWN) for pair in counted(word)]
        return [number for number in numbers if number >= 0]


def _plain(texts: pa.Array) -> tuple[pa.Array, Ints]:
    """Return texts of which small letters, digits and spaces are left, and the places of those that are odd."""
    given = texts.cast(pa.string()).fill_null("")
    _, starts, data = given.buffers()
    bounds = np.frombuffer(starts, dtype=np.int32)[given.offset : given.offset + len(given) + 1]
    signs = data.slice(int(bounds[0]), int(bounds[-1] - bounds[0])).to_pybytes().translate(_TO_WORDS)
    bounds = bounds - bounds[0]
    odd = np.flatnonzero(np.frombuffer(signs, dtype=np.uint8) == _ODD)
    plain = pa.StringArray.from_buffers(len(given), pa.py_buffer(bounds), pa.py_buffer(signs))
    return plain, np.unique(np.searchsorted(bounds, odd, side="right") - 1)
