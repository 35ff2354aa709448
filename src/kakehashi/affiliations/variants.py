"""Which keys of one country are spellings of one name: word breaks, unspoken words, Web of Science abbreviations."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.names import is_abbreviated

MIN_LETTERS = 10
"""Shorter keys are not compared without their word breaks: they are acronyms, and acronyms collide."""

MIN_PLURAL = 5
"""In words longer than this a final s does not count: Academy of Science(s)."""

STEM = 8
"""Words with so many first letters in common are one word: technology, technological."""


def groups(keys: Mapping[str, Counter[str]]) -> dict[str, str]:
    """Return the key under which each key's mentions are counted, itself where nothing else is meant.

    `keys` are the normal keys of one country with their spellings and how often each is met. `Shanghai Jiaotong`
    meets `Shanghai Jiao Tong`, `Univ Essex` the `University of Essex`, `Nanyang Technol Univ` the one `Nanyang
    Technological University`. The most frequent key that has no abbreviation stands for the group.
    """
    merged = {key: key for key in keys}
    short = {key for key, names in keys.items() if all(is_abbreviated(name) for name in names)}
    for same in _by(_letters, keys).values():
        main = max(same, key=lambda key: (key not in short, keys[key].total(), len(key), key))
        merged.update(dict.fromkeys(same, main))
    for same in _by(_initials, keys).values():
        full = sorted({merged[key] for key in same if key not in short})
        for key in sorted(short.intersection(same)):
            meant = [other for other in full if _is_short_for(key, other)]
            if len(meant) == 1 and merged[key] in short:
                merged[key] = meant[0]
    return {key: merged[target] for key, target in merged.items()}


def _by(signature: Callable[[str], Hashable], keys: Iterable[str]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for key in sorted(keys):
        found[signature(key)].append(key)
    return {sign: same for sign, same in found.items() if len(same) > 1}


def _spoken(key: str) -> list[str]:
    return [word for word in key.split(" ") if word not in small_words("unspoken")]


def _letters(key: str) -> str:
    letters = "".join(word.rstrip("s") if len(word) > MIN_PLURAL else word for word in _spoken(key))
    return letters if len(letters) >= MIN_LETTERS else key


def _initials(key: str) -> tuple[str, ...]:
    return tuple(word[:3] for word in _spoken(key))


def _is_short_for(short: str, full: str) -> bool:
    """Whether every word is the full word, its beginning, or another form of it, in order."""
    pairs = list(zip(_spoken(short), _spoken(full), strict=False))
    return len(pairs) == len(_spoken(short)) == len(_spoken(full)) > 1 and all(
        long.startswith(brief) or long[:STEM] == brief[:STEM] for brief, long in pairs
    )
