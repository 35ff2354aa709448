"""Names of organisations that affiliations use and the registry lacks (data/affiliations/organisation_aliases.csv)."""

from collections.abc import Mapping
from functools import cache

from kakehashi.affiliations.linking.words import index_words
from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.text import forms


@cache
def aliases(*, joining: bool = False) -> Mapping[str, frozenset[str]]:
    """Return the ROR ids that each key stands for; `joining`: of names with a word like `and`, which keys leave out."""
    found: dict[str, set[str]] = {}
    for row in read_table("organisation_aliases.csv"):
        words = forms(row["alias"])
        if not joining or not small_words("joining").isdisjoint(words):
            found.setdefault(" ".join(index_words(words)), set()).add(full_id(row["ror_id"]))
    return {key: frozenset(ids) for key, ids in found.items()}


def full_id(ror_id: str) -> str:
    """Return an id as the registry writes it."""
    return f"https://ror.org/{ror_id}"
