"""Which keywords are one: by a user's synonym file, the IEEE Thesaurus, and abbreviations that the corpus explains."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kakehashi.errors import DataError
from kakehashi.fields.keywords import normal, spelling

Synonyms = Mapping[str, str]
"""A normal form to the one that it stands for, an empty one where the keyword is a stop word."""

_EXPLAINED = re.compile(r"^(?P<long>.*\S)\s*\((?P<short>[A-Za-z][A-Za-z0-9-]{1,9})\)\s*$")
_LEAST_SHARE = 0.8
_COLUMNS = ("label", "replace by")


def read_synonyms(path: Path) -> Synonyms:
    """Read a file of two columns, `label` and `replace by`, as VOSviewer's thesaurus file: tabs or commas between them.

    An empty second cell makes the keyword a stop word. Raises DataError naming file, line and remedy.
    """
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, label, standard in _rows(path):
        form = normal(label)
        if not form:
            raise DataError(f"{path}, line {line}: no keyword is left of {label!r}; write the keyword to be replaced")
        target = normal(standard)
        if standard.strip() and not target:
            raise DataError(f"{path}, line {line}: no keyword is left of {standard!r}; leave it empty for a stop word")
        if form in found and found[form] != target:
            raise DataError(
                f"{path}, line {line}: {label!r} is the same keyword as line {lines[form]} and goes elsewhere; keep one"
            )
        found[form], lines[form] = target, line
    return _followed(found, lines, path)


def read_thesaurus(path: Path) -> Synonyms:
    """Read the UF (used for) rows of the IEEE Thesaurus: subject,predicate,object. Raises DataError.

    A term that is used for several is ambiguous and stays itself.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    if not rows or not {"subject", "predicate", "object"} <= rows[0].keys():
        raise DataError(f"{path}, line 1: needs the columns subject, predicate, object, one relation a row")
    used: dict[str, set[str]] = defaultdict(set)
    preferred = {normal(row["subject"]) for row in rows}
    for row in rows:
        if row["predicate"] == "UF":
            used[normal(row["object"])].add(normal(row["subject"]))
    return {
        form: next(iter(terms)) for form, terms in sorted(used.items())
        if form and len(terms) == 1 and form not in preferred and "" not in terms
    }  # fmt: skip


def learnt(counted: Iterable[tuple[str, int]]) -> Synonyms:
    """Learn abbreviations from keywords such as `Internet of Things (IoT)`, given with their number of works.

    The letters must be the first ones of the words, in order. Where a corpus explains an abbreviation in several ways
    it is learnt only if one of them has 80% of the works.
    """
    meanings: dict[str, Counter[str]] = defaultdict(Counter)
    for keyword, works in counted:
        match = _EXPLAINED.match(keyword)
        if match and _abbreviates(match["short"], match["long"]):
            meanings[normal(match["short"])][normal(match["long"])] += works
    found = {}
    for short, terms in sorted(meanings.items()):
        term, works = max(terms.items(), key=lambda item: (item[1], item[0]))
        known = short in spelling().phrases or not short or short == term
        if not known and term and works >= _LEAST_SHARE * terms.total():
            found[short] = term
    return found


def joined(*layers: Synonyms) -> Synonyms:
    """Lay synonyms over one another, the first ones on top, and follow each to its end."""
    found: dict[str, str] = {}
    for layer in layers:
        for form, target in layer.items():
            found.setdefault(form, target)
    return {form: _end(form, found) for form in sorted(found)}


def _abbreviates(short: str, long: str) -> bool:
    letters = [letter.lower() for letter in short if letter.isalnum()]
    if letters[-1:] == ["s"]:
        letters = letters[:-1]
    words = [word for word in re.split(r"[\s/-]+", long.lower()) if word]
    initials = [word[0] for word in words]
    full = len(letters) > 1 and letters == initials
    small = [word[0] for word in words if word not in ("of", "and", "the", "for", "in", "on", "to")]
    return full or (len(letters) > 1 and letters == small)


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8: {error}") from error
    lines = text.splitlines()
    first = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter="\t" if "\t" in first else ",")
    for row in reader:
        if reader.line_num == 1:
            if tuple(cell.strip().lower() for cell in row) != _COLUMNS:
                raise DataError(
                    f"{path}, line 1: the columns are `label` and `replace by`, with a tab or comma between"
                )
        elif row:
            if len(row) > len(_COLUMNS):
                raise DataError(f"{path}, line {reader.line_num}: has more than two cells; quote keywords with commas")
            yield reader.line_num, row[0], row[1] if len(row) > 1 else ""


def _followed(found: dict[str, str], lines: dict[str, int], path: Path) -> Synonyms:
    for form in found:
        seen, now = {form}, found[form]
        while now in found and now != found[now]:
            if now in seen:
                raise DataError(
                    f"{path}, line {lines[form]}: {form!r} leads back to itself; take out one of these lines"
                )
            seen.add(now)
            now = found[now]
    return {form: _end(form, found) for form in sorted(found)}


def _end(form: str, found: Mapping[str, str]) -> str:
    seen = {form}
    now = found[form]
    while now in found and found[now] not in seen and now != found[now]:
        seen.add(now)
        now = found[now]
    return now
