"""Names that name no institution: what was left of an address is a department, a place, a post or a kind of thing."""

from functools import cache, lru_cache

from kakehashi.affiliations.lists import phrase_key, read_table
from kakehashi.affiliations.places import gazetteer

SHORTEST = 3
"""Shorter keys in Latin letters are parts of addresses (`SP`, `TU`), but for the companies on the list."""

LONGEST_STREET = 4
"""A street has no more words than this; longer names that end in a road begin with an institution."""


@lru_cache(maxsize=65_536)
def fragment_reason(key: str) -> str | None:
    """Return why a normal key names no institution (a reason code of data/texts/codes.toml), or None.

    Only a key without any word of its own is refused: `Computer Science` (only_department), `University Hospital`
    (only_type), `Massachusetts` (only_place), `Assistant Professor` (only_person).
    """
    if key in _words("institution"):
        return None
    forms = key.split(" ")
    if key in _words("post"):
        return "only_person"
    if key in _words("noise") or (key.isascii() and len(key) < SHORTEST):
        return "no_institution_named"
    if _is_place(forms) or _is_street(forms):
        return "only_place"
    if all(form in _words("filler") or form.isdigit() for form in forms):
        return "no_institution_named"
    if all(form in _words("type") or form in _words("filler") for form in forms):
        return "only_type"
    return "only_department" if _is_subject(forms) else None


def _is_subject(forms: list[str]) -> bool:
    """Whether a name is a field of study, alone or as a department's: not `Institute of Physics`."""
    units = {"department", "dept", "division", "section", "unit", "faculty", "school", "schools"}
    rest = forms[1:] if forms[0] in units else forms
    return bool(rest) and all(form in _words("subject") or form in _words("filler") for form in rest)


def _is_place(forms: list[str]) -> bool:
    hit = gazetteer().names.at(tuple(forms), 0)
    return hit is not None and hit[0] == len(forms) and bool(hit[1])


def _is_street(forms: list[str]) -> bool:
    if forms[0].startswith(tuple(_words("street_stem"))):
        return True
    numbered = forms[0].isdigit() or forms[-1].isdigit() or forms[0] == "university"
    return 1 < len(forms) <= LONGEST_STREET and numbered and not _words("street").isdisjoint((forms[-1], forms[-2]))


@cache
def _words(role: str) -> frozenset[str]:
    return frozenset(phrase_key(row["phrase"]) for row in read_table("fragment_words.csv") if row["role"] == role)
