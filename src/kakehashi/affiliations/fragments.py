"""Names that name no institution: what was left of an address is a department, a place, a post or a kind of thing."""

from collections.abc import Mapping
from functools import cache

from kakehashi.affiliations.extensions import is_place
from kakehashi.affiliations.lists import phrase_key, read_table

SHORTEST = 3
"""Shorter keys in Latin letters are parts of addresses (`SP`, `TU`), but for the companies on the list."""

LONGEST_STREET = 4
"""A street has no more words than this; longer names that end in a road begin with an institution."""


def fragment_reason(key: str) -> str | None:
    """Return why a normal key names no institution (a reason code of data/texts/codes.toml), or None.

    Only a key without any word of its own is refused: `Computer Science` (only_department), `University Hospital`
    (only_type), `Massachusetts` (only_place), `Assistant Professor` (only_person).
    """
    listed = _listed()
    if key in listed:
        return listed[key]
    if len(key) < SHORTEST and key.isascii():
        return "no_institution_named"
    forms = key.split(" ")
    if is_place(forms) or _is_street(forms):
        return "only_place"
    if forms[-1] not in _plain() and not forms[-1].isdigit():
        return None
    if all(form in _words("filler") or form.isdigit() for form in forms):
        return "no_institution_named"
    if all(form in _words("type") or form in _words("filler") for form in forms):
        return "only_type"
    return "only_department" if _is_subject(forms) else None


@cache
def _listed() -> Mapping[str, str | None]:
    """Whole names that are known to be institutions after all (None), posts or noise."""
    posts = dict.fromkeys(_words("post"), "only_person")
    return {**posts, **dict.fromkeys(_words("noise"), "no_institution_named"), **dict.fromkeys(_words("institution"))}


@cache
def _plain() -> frozenset[str]:
    return _words("filler") | _words("type") | _words("subject")


def _is_subject(forms: list[str]) -> bool:
    """Whether a name is a field of study, alone or as a department's: not `Institute of Physics`."""
    units = {"department", "dept", "division", "section", "unit", "faculty", "school", "schools"}
    rest = forms[1:] if forms[0] in units else forms
    return bool(rest) and all(form in _words("subject") or form in _words("filler") for form in rest)


def _is_street(forms: list[str]) -> bool:
    if forms[0].startswith(_street_stems()):
        return True
    if not 1 < len(forms) <= LONGEST_STREET:
        return False
    numbered = forms[0].isdigit() or forms[-1].isdigit() or forms[0] == "university"
    return numbered and not _words("street").isdisjoint((forms[-1], forms[-2]))


@cache
def _street_stems() -> tuple[str, ...]:
    return tuple(sorted(_words("street_stem")))


@cache
def _words(role: str) -> frozenset[str]:
    return frozenset(phrase_key(row["phrase"]) for row in read_table("fragment_words.csv") if row["role"] == role)
