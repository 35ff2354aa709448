"""`kakehashi resolve`: a CSV of strings in, a CSV of institutions and countries out."""

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from kakehashi.affiliations.resolve import Resolution
from kakehashi.affiliations.resolvers import AnyResolver, make_resolver
from kakehashi.affiliations.unify import Spelling, Unified, basis_of, unify
from kakehashi.errors import SourceError
from kakehashi.pool import in_processes
from kakehashi.progress import Advance, unwatched
from kakehashi.settings import AffiliationsSection

COLUMNS = ("id", "institutions", "ror_ids", "country_codes", "confidence", "method", "reason")

CHUNK = 5_000
"""Strings that go to a process at once. Fewer than ALONE are resolved where they are: a process takes time to begin."""
ALONE = 20_000

Named = Mapping[tuple[str, str | None, str], Unified]


class Answer(NamedTuple):
    """What is kept of a resolution. Equal answers of a file are one object: a million strings have few."""

    key: str | None
    name: str | None
    country_code: str | None
    ror_id: str | None
    method: str | None
    country_method: str | None
    confidence: float
    reason: str | None


@dataclass(frozen=True)
class Summary:
    """What became of a file: strings read, and how many got an institution, a country, a registry id."""

    strings: int
    institutions: int
    countries: int
    rors: int


@dataclass(frozen=True)
class ResolveChunk:
    """The work of a process: strings in, their answers out."""

    settings: str

    def __call__(self, texts: Sequence[str]) -> list[tuple[Answer, ...]]:
        """Return the answers of each string."""
        return _answers(_resolver(self.settings), texts)


@cache
def _resolver(settings: str) -> AnyResolver:
    return make_resolver(AffiliationsSection.model_validate_json(settings))


def _answers(resolver: AnyResolver, texts: Sequence[str]) -> list[tuple[Answer, ...]]:
    return [tuple([_answer(one) for one in found]) for found in resolver.resolve_many(texts)]


def _answer(one: Resolution) -> Answer:
    return Answer(
        one.key, one.institution, one.country_code, one.ror_id,
        one.method, one.country_method, one.confidence, one.reason,
    )  # fmt: skip


def resolve_file(
    source: Path,
    target: Path,
    settings: AffiliationsSection | None = None,
    advance: Callable[[int], Advance] | None = None,
) -> Summary:
    """Resolve the column `affiliation` of a CSV and write `target` (COLUMNS), whole or not at all.

    Values in one cell are separated by spaces, best first. As in a study, a name without a country takes the one that
    the other strings of the file attest. `ror_ids` is empty without a registry in the settings. `advance` is given the
    number of distinct strings, and makes what is told of the progress.
    Raises SourceError if `source` cannot be read as such a CSV, or `target` not be written; SettingsError.
    """
    identifiers: list[str] = []
    numbers: list[int] = []
    texts: dict[str, int] = {}
    for identifier, text in _read(source):
        identifiers.append(identifier)
        numbers.append(texts.setdefault(text, len(texts)))
    listed = list(texts)
    del texts
    found = _resolved(listed, settings or AffiliationsSection(), advance(len(listed)) if advance else unwatched)
    del listed
    mentions = Counter(numbers)
    unified = {(one.key, one.met_country, one.basis): one for one in unify(_spellings(found, mentions))}
    counts: Counter[str] = Counter()

    def lines() -> Iterator[dict[str, str]]:
        for identifier, number in zip(identifiers, numbers, strict=True):
            line = _line(identifier, found[number], unified)
            counts.update([column for column in ("institutions", "country_codes", "ror_ids") if line[column]])
            yield line

    _write(target, lines())
    return Summary(len(identifiers), counts["institutions"], counts["country_codes"], counts["ror_ids"])


def _resolved(texts: Sequence[str], settings: AffiliationsSection, advance: Advance) -> list[tuple[Answer, ...]]:
    """Resolve the strings, in several processes where that pays."""
    chunks = [texts[begin : begin + CHUNK] for begin in range(0, len(texts), CHUNK)]
    chunk = ResolveChunk(settings.model_dump_json())
    done = map(chunk, chunks) if len(texts) < ALONE else in_processes(chunk, chunks)
    same: dict[Answer, Answer] = {}
    out: list[tuple[Answer, ...]] = []
    for answers in done:
        out.extend(tuple([same.setdefault(one, one) for one in found]) for found in answers)
        advance(len(answers))
    return out


def _spellings(found: Sequence[Sequence[Answer]], mentions: Mapping[int, int]) -> Iterator[Spelling]:
    """Yield the names that no registry knows, each spelling with its mentions."""
    counted: Counter[tuple[str, str, str | None, str]] = Counter()
    for number, answers in enumerate(found):
        for one in answers:
            if one.key is not None and one.name is not None and one.ror_id is None:
                counted[one.key, one.name, one.country_code, basis_of(one.country_method)] += mentions[number]
    for spelling, number in counted.items():
        yield *spelling, number


def _line(identifier: str, found: Sequence[Answer], unified: Named) -> dict[str, str]:
    located = [_with_corpus(one, unified) for one in found]
    ranked = sorted(located, key=lambda pair: -pair[0].confidence)
    answers = [one for one, _ in ranked]
    methods = [f"{one.method or '-'}/{one.country_method or '-'}" for one in answers]
    return {
        "id": identifier,
        "institutions": _joined([institution for _, institution in ranked]),
        "ror_ids": _joined([one.ror_id for one in answers]),
        "country_codes": _joined([one.country_code for one in answers]),
        "confidence": f"{max(one.confidence for one in answers):.3f}",
        "method": _joined(methods) if any(one.method or one.country_method for one in answers) else "",
        "reason": _joined([one.reason for one in answers]),
    }


def _with_corpus(one: Answer, unified: Named) -> tuple[Answer, str | None]:
    """Return an answer with the country that the whole file gives its institution, and the institution's id."""
    if one.ror_id is not None or one.key is None:
        return one, one.ror_id
    final = unified[one.key, one.country_code, basis_of(one.country_method)]
    if final.institution_id is None:
        return one._replace(reason=final.reason), None
    if final.country == one.country_code:
        return one, final.institution_id
    method = "corpus" if final.country else None
    reason = None if final.country else one.reason or "ambiguous_place"
    return one._replace(country_code=final.country, country_method=method, reason=reason), final.institution_id


def _joined(values: Sequence[str | None]) -> str:
    return " ".join(dict.fromkeys(value for value in values if value))


def _read(source: Path) -> Iterator[tuple[str, str]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in ("id", "affiliation") if column not in (reader.fieldnames or ())]
            if missing:
                raise SourceError(f"{source}: column(s) missing: {', '.join(missing)}; needed are id and affiliation")
            for row in reader:
                yield row["id"] or "", row["affiliation"] or ""
    except OSError as error:
        raise SourceError(f"{source}: cannot be read: {error.strerror}; give the path of a CSV file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{source}: cannot be read as a CSV in UTF-8: {error}; save it as CSV (UTF-8)") from error


def _write(target: Path, lines: Iterator[Mapping[str, str]]) -> None:
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
        os.replace(file.name, target)
    except OSError as error:
        raise SourceError(
            f"{target}: cannot be written: {error.strerror}; make the folder or room, and run the same command again"
        ) from error
