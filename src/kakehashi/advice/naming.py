"""Names of institutions that the knowledge knows in both languages; others are called as the study calls them."""

import functools
from collections.abc import Mapping

from kakehashi.knowledge.items import institutions
from kakehashi.texts import Words


def institution_name(name: str, country: str | None) -> Words:
    """Return an institution's name in both languages. One that is not on record has the study's name in both."""
    known = _known().get((name.casefold(), country or ""))
    return Words(ja=known or name, en=name)


@functools.cache
def _known() -> Mapping[tuple[str, str], str]:
    """Return the Japanese names by English name and country; a place behind a name, in brackets, is left out."""
    return {
        (one.name.en.split(" (")[0].casefold(), one.country): one.name.ja.split("（")[0]
        for one in institutions().values()
    }
