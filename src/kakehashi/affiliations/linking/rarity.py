"""How rare words are in names of organisations, counted once over a large registry and shipped.

Counting them over the registry in use would let the same name weigh differently in a small one, and the model with it.
"""

import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

SELDOM = 4
"""Words that are not in the list occur in about so many names: only those of ten and more are listed."""


@cache
def _counted() -> tuple[int, Mapping[str, int]]:
    raw = json.loads((files("kakehashi") / "data" / "affiliations" / "word_counts.json").read_text(encoding="utf-8"))
    return raw["names"], raw["counts"]


def word_counts() -> Mapping[str, int]:
    """Return the number of names in which each listed word occurs."""
    return _counted()[1]


@lru_cache(maxsize=16_384)
def rarity(word: str) -> float:
    """Return how much a word tells: the logarithm of one over its share of names."""
    names, counts = _counted()
    return round(math.log(names / counts.get(word, SELDOM)), 2)
