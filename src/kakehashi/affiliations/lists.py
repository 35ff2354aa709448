"""Loading of the word lists and policies under data/affiliations; each file is read once, when first needed."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kakehashi.affiliations.text import forms
from kakehashi.errors import DataError, SettingsError

FOLDER = "data/affiliations"


@cache
def read_table(name: str) -> tuple[Mapping[str, str], ...]:
    """Read a CSV of the package's own data. Raises DataError where a cell is missing."""
    resource = files("kakehashi") / FOLDER / name
    return _rows(resource.read_text(encoding="utf-8"), name)


def _rows(text: str, where: str) -> tuple[Mapping[str, str], ...]:
    rows = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        if None in row or None in row.values():
            raise DataError(f"{where}, line {number}: as many cells as the header has are needed")
        rows.append(MappingProxyType(dict(row)))
    return tuple(rows)


@cache
def user_aliases(path: str) -> tuple[tuple[str, str], ...]:
    """Read the user's own alias file (columns alias, country_code). Raises SettingsError if it cannot be used."""
    try:
        rows = _rows(Path(path).read_text(encoding="utf-8-sig"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"affiliations.aliases: {path} cannot be read: {error}") from error
    if rows and not {"alias", "country_code"} <= set(rows[0]):
        raise SettingsError(f"affiliations.aliases: {path} needs the columns alias and country_code")
    return tuple((row["alias"], row["country_code"].upper()) for row in rows)


@cache
def small_words(role: str) -> frozenset[str]:
    """Return the words of one role, a value of the column `role` of small_words.csv."""
    return frozenset(row["word"] for row in read_table("small_words.csv") if row["role"] == role)


@cache
def linking_policy() -> Mapping[str, Mapping[str, float]]:
    """Return the decisions about links of data/affiliations/linking.toml."""
    return tomllib.loads((files("kakehashi") / FOLDER / "linking.toml").read_text(encoding="utf-8"))


class Phrases:
    """Phrases of one or more words with a value each, found longest first."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._longest: dict[str, int] = {}
        for phrase in values:
            words = phrase.split(" ")
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))
        self._first_words = self._longest.keys()

    def begins(self, word: str) -> bool:
        """Whether a phrase begins with a word."""
        return word in self._longest

    def at(self, words: tuple[str, ...], start: int) -> tuple[int, Any] | None:
        """Return the end and the value of the longest phrase that begins at `start`, or None."""
        longest = self._longest.get(words[start])
        if longest is None:
            return None
        for end in range(min(start + longest, len(words)), start, -1):
            value = self._values.get(" ".join(words[start:end]))
            if value is not None:
                return end, value
        return None

    def find(self, words: tuple[str, ...]) -> tuple[tuple[int, int, Any], ...]:
        """Return start, end and value of every phrase, left to right, none overlapping."""
        if self._first_words.isdisjoint(words):
            return ()
        found, end = [], 0
        for position in [at for at, word in enumerate(words) if word in self._longest]:
            if position >= end:
                hit = self.at(words, position)
                if hit is not None:
                    found.append((position, hit[0], hit[1]))
                    end = hit[0]
        return tuple(found)


@dataclass(frozen=True)
class Policy:
    """A territory policy: which recognised code is counted as which (empty: as none)."""

    name: str
    mapping: Mapping[str, str]
    successors: Mapping[str, tuple[str, ...]]
    territories: Mapping[str, tuple[str, ...]]

    def apply(self, code: str) -> str | None:
        """Return the code to count, or None where the policy counts none."""
        return self.mapping.get(code, code) or None


@cache
def policy(name: str) -> Policy:
    """Load a policy by name, or from the user's own TOML file. Raises SettingsError naming the known ones."""
    text = (files("kakehashi") / FOLDER / "territory_policies.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    if name.endswith(".toml"):
        raw["policies"] = {name: {"map": _own_policy(name)}}
    if name not in raw["policies"]:
        known = ", ".join(sorted(raw["policies"]))
        raise SettingsError(f"affiliations.territory_policy: {name!r} is unknown; known: {known}, or a .toml file")
    return Policy(
        name,
        MappingProxyType(dict(raw["policies"][name]["map"])),
        MappingProxyType({code: tuple(value) for code, value in raw["successors"].items()}),
        MappingProxyType({code: tuple(value) for code, value in raw["territories"].items()}),
    )


def _own_policy(path: str) -> dict[str, str]:
    try:
        mapping: dict[str, str] = tomllib.loads(Path(path).read_text(encoding="utf-8"))["map"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SettingsError(f"affiliations.territory_policy: {path} needs a [map] of codes: {error!r}") from error
    return mapping


def phrase_key(phrase: str) -> str:
    """Return a phrase as the lists are keyed: its folded words, one space between."""
    if phrase.isascii() and phrase.replace(" ", "").isalnum():  # most are, and a hundred thousand are read at start
        return " ".join(phrase.lower().split())
    return " ".join(forms(phrase))
