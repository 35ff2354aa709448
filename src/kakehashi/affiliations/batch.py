"""`kakehashi resolve`: a CSV of strings in, a CSV of institutions and countries out."""

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from kakehashi.affiliations.appendix1 import Appendix1
from kakehashi.affiliations.registry import Registry, read_registry
from kakehashi.affiliations.resolve import Resolution, Resolver
from kakehashi.affiliations.unify import Spelling, Unified, basis_of, unify
from kakehashi.errors import SourceError

COLUMNS = ("id", "institutions", "ror_ids", "country_codes", "confidence", "method", "reason")

Named = Mapping[tuple[str, str | None, str], Unified]


@dataclass(frozen=True)
class Summary:
    """What became of a file: strings read, and how many got an institution, a country, a registry id."""

    strings: int
    institutions: int
    countries: int
    rors: int


def resolve_file(
    source: Path, target: Path, registry: Path | None = None, resolver: Resolver | Appendix1 | None = None
) -> Summary:
    """Resolve the column `affiliation` of a CSV and write `target` (COLUMNS), whole or not at all.

    Values in one cell are separated by spaces, best first. As in a study, a name without a country takes the one that
    the other strings of the file attest. `ror_ids` is empty without a registry (a ROR v2 dump).
    Raises SourceError if `source` cannot be read as such a CSV, or `target` not be written.
    """
    rows = list(_read(source))
    known = read_registry(registry) if registry else None
    resolver = resolver or Resolver()
    resolved = {text: resolver.resolve(text) for text in sorted({text for _, text in rows})}
    mentions = Counter(text for _, text in rows)
    unified = {(one.key, one.met_country, one.basis): one for one in unify(_spellings(resolved, mentions))}
    counts: Counter[str] = Counter()
    lines = []
    for identifier, text in rows:
        line = _line(identifier, resolved[text], unified, known)
        counts.update(column for column in ("institutions", "country_codes", "ror_ids") if line[column])
        lines.append(line)
    _write(target, lines)
    return Summary(len(lines), counts["institutions"], counts["country_codes"], counts["ror_ids"])


def _spellings(resolved: Mapping[str, Sequence[Resolution]], mentions: Mapping[str, int]) -> Iterator[Spelling]:
    for text, found in resolved.items():
        for one in found:
            if one.key is not None and one.institution is not None:
                yield one.key, one.institution, one.country_code, basis_of(one.country_method), mentions[text]


def _line(identifier: str, found: Sequence[Resolution], unified: Named, known: Registry | None) -> dict[str, str]:
    located = [_with_corpus(one, unified) for one in found]
    ranked = sorted(located, key=lambda pair: (-pair[0].confidence, pair[0].seq))
    answers = [one for one, _ in ranked]
    rors = [known.find(one.key, one.country_code) for one in answers if one.key is not None] if known else []
    methods = [f"{one.method or '-'}/{one.country_method or '-'}" for one in answers]
    return {
        "id": identifier,
        "institutions": _joined([institution for _, institution in ranked]),
        "ror_ids": _joined(rors),
        "country_codes": _joined([one.country_code for one in answers]),
        "confidence": f"{max(one.confidence for one in answers):.2f}",
        "method": _joined(methods) if any(one.method or one.country_method for one in answers) else "",
        "reason": _joined([one.reason for one in answers]),
    }


def _with_corpus(one: Resolution, unified: Named) -> tuple[Resolution, str | None]:
    """Return a resolution with the country that the whole file gives its institution, and the institution's id."""
    if one.key is None:
        return one, None
    final = unified[one.key, one.country_code, basis_of(one.country_method)]
    if final.institution_id is None:
        return replace(one, reason=final.reason), None
    if final.country == one.country_code:
        return one, final.institution_id
    method = "corpus" if final.country else None
    reason = None if final.country else one.reason or "ambiguous_place"
    return replace(one, country_code=final.country, country_method=method, reason=reason), final.institution_id


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


def _write(target: Path, lines: Sequence[Mapping[str, str]]) -> None:
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
