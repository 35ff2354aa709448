"""The other direction: the registered needs that a seed may serve, and the companies whose works show the need."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from kakehashi.errors import DataError
from kakehashi.matching.answer import Match, Question, match
from kakehashi.matching.need import Need, Reader
from kakehashi.matching.opening import open_index
from kakehashi.matching.passages import covered
from kakehashi.matching.ranking import Filters
from kakehashi.matching.schema import Record
from kakehashi.progress import Progress
from kakehashi.texts import LANGUAGES, Language

if TYPE_CHECKING:
    from kakehashi.study import Study

_KEYWORDS = 8


@dataclass(frozen=True)
class Registered:
    """A registered need: its id, the organisation that has it (may be empty), and its text as read."""

    need_id: str
    organisation: str
    need: Need


@dataclass(frozen=True)
class ServedNeed:
    """A need that a seed may serve: the share of what it names, by weight, that the seed covers, and the rest."""

    registered: Registered
    score: float
    covered: tuple[str, ...]
    gap: tuple[str, ...]


@dataclass(frozen=True)
class Served:
    """What a seed may serve: registered needs, and the companies whose works are about the same."""

    seed: Record
    needs: tuple[ServedNeed, ...]
    companies: Match

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data for JSON."""
        needs = [
            {
                "need_id": one.registered.need_id,
                "organisation": one.registered.organisation,
                "text": one.registered.need.text,
                "score": one.score,
                "covered": list(one.covered),
                "gap": list(one.gap),
            }
            for one in self.needs
        ]
        seed = {"work_id": self.seed.work_id or None, "title": self.seed.title}
        return {"seed": seed, "needs": needs, "companies": self.companies.to_list()}


def served_by(
    study: "Study", seed: str, *, needs: Path | Sequence[Mapping[str, str]] | None = None, top: int = 10,
    filters: Filters | None = None, progress: Progress | None = None,
) -> Served:  # fmt: skip
    """Find whom a seed may serve.

    Args:
        study: the study; its index is built where needed.
        seed: the id of a work of the study, or a text that describes the seed.
        needs: a CSV of registered needs: need_id, text, and optionally organisation and language; or such rows.
        top: how many needs and companies are listed.
        filters: which countries' companies are looked at.
        progress: told how far a build of the index has come.

    Raises:
        SettingsError: for a seed without a technical word.
        DataError: for a file of needs that breaks its rules.
        StudyError: where the study has not been run or has no works.
    """
    index = open_index(study, progress)
    reader = Reader(index)
    row = index.rows_of([seed]).get(seed)
    record = index.records([row])[row] if row is not None else Record("", seed, None, None, None, None, [], [], [])
    text = f"{record.title}. {'. '.join(record.keywords[:_KEYWORDS])}"
    chosen = filters or Filters()
    question = Question(
        text, None, top, (), Filters(chosen.exclude, chosen.only, chosen.abroad, companies=True), None
    )  # fmt: skip
    if isinstance(needs, Path):
        registered = read_needs(needs, reader)
    else:
        registered = tuple(_registered(row, reader) for row in needs or ())
    ranked = sorted(
        (_served(one, record, reader) for one in registered), key=lambda one: (-one.score, one.registered.need_id)
    )
    with study.reading() as rows:
        companies = match(index, rows, question, study.settings.fields.taxonomy)
    return Served(record, tuple(one for one in ranked if one.score > 0)[:top], companies)


def read_needs(path: Path, reader: Reader) -> tuple[Registered, ...]:
    """Read a CSV of needs with the columns need_id and text; organisation and language (ja or en) may be added.

    Raises DataError naming file, line and remedy.
    """
    found: dict[str, Registered] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in ("need_id", "text") if column not in (rows.fieldnames or ())]
            if missing:
                raise DataError(f"{path}, line 1: the column {missing[0]} is missing; needed are need_id and text")
            for row in rows:
                need_id, text = (row["need_id"] or "").strip(), (row["text"] or "").strip()
                language = (row.get("language") or "").strip()
                if not need_id or not text or need_id in found:
                    raise DataError(f"{path}, line {rows.line_num}: each need has a need_id of its own and a text")
                if language and language not in LANGUAGES:
                    raise DataError(f"{path}, line {rows.line_num}: language {language!r}; write ja or en, or nothing")
                found[need_id] = _registered(row, reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    return tuple(found.values())


def _registered(row: Mapping[str, str | None], reader: Reader) -> Registered:
    told = {key: (row.get(key) or "").strip() for key in ("need_id", "organisation", "text", "language")}
    language = cast("Language", told["language"]) if told["language"] else None
    return Registered(told["need_id"], told["organisation"], reader.read(told["text"], language))


def _served(one: Registered, seed: Record, reader: Reader) -> ServedNeed:
    concepts = one.need.concepts
    met = covered(_translated(seed, reader), concepts)
    whole = sum(concept.weight for concept in concepts)
    score = sum(concepts[number].weight for number in met) / whole if whole else 0.0
    named: Sequence[str] = [concept.text for concept in concepts]
    return ServedNeed(
        one, score, tuple(named[n] for n in sorted(met)), tuple(text for n, text in enumerate(named) if n not in met)
    )


def _translated(seed: Record, reader: Reader) -> Record:
    """Return a seed with the other names of what it names as keywords, so that both languages meet."""
    named = reader.read(seed.title)
    others = [one.text for concept in named.concepts for one in concept.alternatives]
    return msgspec.structs.replace(seed, keywords=[*seed.keywords, *others])
