"""Which institutions are companies, as far as a name shows it."""

import re
from collections.abc import Mapping
from functools import cache

from kakehashi.data.read import csv_rows

_WORDS = re.compile(r"[^\W_]+", re.UNICODE)


def is_company(name: str) -> bool:
    """Tell whether a name is a company's: it has a legal form or begins with a known name, and nothing academic."""
    text = name.casefold()
    kinds = _words()
    if any(word in text for word in kinds["academic"]):
        return False
    spaced = f" {' '.join(_WORDS.findall(text.replace('.', '')))} "
    legal = any((f" {word} " in spaced) if word.isascii() else word in text for word in kinds["legal"])
    return legal or any(spaced.startswith(f" {word} ") for word in kinds["name"])


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in csv_rows("matching/company_words.csv"):
        words = row["words"].split("|")
        if row["kind"] != "academic":
            words = [" ".join(_WORDS.findall(word)) if word.isascii() else word for word in words]
        found.setdefault(row["kind"], []).extend(words)
    return {kind: tuple(words) for kind, words in found.items()}
