"""Names of organisations that affiliations use and the registry lacks (data/affiliations/organisation_aliases.csv)."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from kakehashi.affiliations.linking.words import index_words
from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.text import forms


class Alias(NamedTuple):
    """A name as the index keys it, the ROR id in full; `joins`: a word like `and`, which keys leave out, is in it."""

    key: str
    ror_id: str
    is_acronym: bool
    joins: bool


@cache
def listed() -> tuple[Alias, ...]:
    """Return the names in the order of the file."""
    joining = small_words("joining")
    return tuple([
        Alias(" ".join(index_words(words)), f"https://ror.org/{row['ror_id']}", row["kind"] == "acronym",
              not joining.isdisjoint(words))
        for row in read_table("organisation_aliases.csv") for words in [forms(row["alias"])]
    ])  # fmt: skip


@cache
def aliases(*, joining: bool = False) -> Mapping[str, frozenset[str]]:
    """Return the ROR ids that each key stands for; `joining`: of names with a word like `and` only."""
    found: dict[str, set[str]] = {}
    for one in listed():
        if one.joins or not joining:
            found.setdefault(one.key, set()).add(one.ror_id)
    return {key: frozenset(ids) for key, ids in found.items()}
