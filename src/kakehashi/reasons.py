"""Reasons: sentences of advice, each with what it rests on. A reason without evidence cannot be made.

A reason is a text key and typed values, so that the same reason is written in both languages, sorted, tested and
traced without looking at words. What it rests on is named so exactly that `kakehashi explain` and a click find it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from kakehashi.errors import DataError
from kakehashi.names import country_name, field_name
from kakehashi.texts import Texts, Words

Stance = Literal["for", "against", "neutral"]
EvidenceKind = Literal["table", "rule", "source", "works"]
ValueKind = Literal[
    "number", "percent", "decimal", "signed", "money", "country", "field", "text", "words", "name", "list"
]


@dataclass(frozen=True)
class Value:
    """A value of a sentence. `kind`: how it is written. A `text` is the key of a text, a `list` holds values.

    `money` is a pair of an amount and a currency of ISO 4217, or None.
    `words` are a knowledge item's; the places that they leave open are filled from the sentence's other values.
    """

    kind: ValueKind
    raw: Any


@dataclass(frozen=True)
class Evidence:
    """What a sentence rests on.

    table: `ref` is a declared table, `key` the row's columns and values. rule: `ref` is a file of data/knowledge, `key`
    holds the item's `id`. source: `ref` is a document of data/knowledge/sources.toml, `key` holds its `figure` or
    `section`. works: `ref` is `works`, `key` names the scope (`field`, `period`) and the entities that share the works.
    """

    kind: EvidenceKind
    ref: str
    key: tuple[tuple[str, str], ...]

    def plain(self) -> dict[str, Any]:
        """Return the evidence as plain data for JSON."""
        return {"kind": self.kind, "ref": self.ref, "key": dict(self.key)}


def row(table: str, **key: str) -> Evidence:
    """Name a row of a table by its key."""
    return Evidence("table", table, tuple(key.items()))


def rule(file: str, item: str) -> Evidence:
    """Name an item of a file under data/knowledge, or of the user's own file laid over it."""
    return Evidence("rule", file, (("id", item),))


def source(document: str, figure: str) -> Evidence:
    """Name a figure, table or section (`5-2`, `section 5.2.1`) of a document of data/knowledge/sources.toml."""
    return Evidence("source", document, (("figure", figure),))


def works(field: str, period: str, *entities: str) -> Evidence:
    """Name the works that the entities (one, or two that share them) have in a field and period."""
    places = tuple((f"entity_{letter}", entity) for letter, entity in zip("ab", entities, strict=False))
    return Evidence("works", "works", (("field", field), ("period", period), *places))


@dataclass(frozen=True)
class Reason:
    """One sentence: `id` is stable within an answer, `values` what it is filled with.

    `text` is its key in data/texts, or the words of the knowledge item that it hands on.
    """

    id: str
    stance: Stance
    text: str | Words
    values: Mapping[str, Value]
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise DataError(f"reason {self.id}: rests on nothing; name its evidence")

    def say(self, texts: Texts, taxonomy: str) -> str:
        """Write the sentence in the language of the texts. `taxonomy` names the study's fields. Raises DataError."""
        places = {name: value for name, value in self.values.items() if value.kind in ("country", "text", "name")}
        values = {name: written(value, texts, taxonomy, places) for name, value in self.values.items()}
        return texts.fill(self.text, **values) if isinstance(self.text, Words) else texts(self.text, **values)

    def plain(self, languages: Iterable[Texts], taxonomy: str) -> dict[str, Any]:
        """Return the reason as plain data for JSON: its sentence in each language, its values, its evidence."""
        return {
            "id": self.id,
            "stance": self.stance,
            "text": {texts.language: self.say(texts, taxonomy) for texts in languages},
            "values": {name: bare(value) for name, value in self.values.items()},
            "evidence": [one.plain() for one in self.evidence],
        }


def written(value: Value, texts: Texts, taxonomy: str, places: Mapping[str, Value] = MappingProxyType({})) -> str:
    """Write one value as the language does. `places` are what the words of knowledge items may leave open."""
    raw = value.raw
    if value.kind == "country":
        return country_name(raw, texts.language)
    if value.kind == "field":
        return field_name(raw, taxonomy, texts)
    if value.kind == "text":
        return texts(raw)
    if value.kind == "words":
        return texts.fill(raw, **{name: written(one, texts, taxonomy) for name, one in places.items()})
    if value.kind == "list":
        return texts.listing([written(one, texts, taxonomy, places) for one in raw])
    if value.kind == "name":
        return str(raw)
    if value.kind == "money":
        return texts.money(*(raw or (None, "")))
    write = {"number": texts.number, "percent": texts.percent, "decimal": texts.decimal, "signed": texts.signed}
    return write[value.kind](raw)


def bare(value: Value) -> Any:
    """Return a value without its kind."""
    if value.kind == "words":
        return {"ja": value.raw.ja, "en": value.raw.en}
    if value.kind == "money":
        return None if value.raw is None else {"amount": value.raw[0], "currency": value.raw[1]}
    return [bare(one) for one in value.raw] if value.kind == "list" else value.raw
