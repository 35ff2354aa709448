"""A taxonomy of fields, the labels that attach keywords to it and its part of the CCS tree, read and checked."""

import csv
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from kakehashi.errors import DataError
from kakehashi.fields.keywords import normal

OUTSIDE = "outside"
NONE = "none"
_RESERVED = frozenset({OUTSIDE, NONE, "all", "collected"})


@dataclass(frozen=True)
class Field:
    """One field of a taxonomy: its id, its names and what it takes in, in Japanese and English.

    parent: the broader field it stands under; empty under the root, which is the taxonomy itself.
    """

    id: str
    name_ja: str
    name_en: str
    scope_ja: str
    scope_en: str
    parent: str = ""


@dataclass(frozen=True)
class Label:
    """A keyword with the fields a person gave it; none stands for `outside`, which stops inheritance.

    `keyword` is the normal form, `kind` the vocabulary the term was met in, `reason` why, where one may doubt, `own`
    whether it comes from the user's file: then it is a decision and outweighs all other evidence.
    """

    keyword: str
    fields: tuple[str, ...]
    kind: str
    reason: str
    own: bool = False


@dataclass(frozen=True)
class Concept:
    """A node of the ACM CCS with the fields of everything under it; none stands for `outside`."""

    path: str
    name: str
    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Ccs:
    """The labelled upper nodes of the ACM CCS, by id path and by name in normal form.

    The CCS has some names at two places; one whose places have different fields decides nothing by itself.
    """

    by_path: Mapping[str, Concept]
    by_name: Mapping[str, Concept]

    def find(self, keyword: str) -> Concept | None:
        """Find the concept that decides a CCS keyword.

        An id path (`10002978.10002979.10002980`) is decided by the longest labelled prefix; a chain of names
        (`Networks → Network protocols`, also with `~` or `->`) by its last labelled name; a name by itself.
        """
        path = keyword.strip().removeprefix("ccs2012.")
        if path.replace(".", "").isdigit():
            parts = path.split(".")
            prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
            return next((self.by_path[prefix] for prefix in prefixes if prefix in self.by_path), None)
        chain = keyword.replace("->", "~").replace("→", "~").split("~")
        names = (normal(name) for name in reversed(chain))
        return next((self.by_name[name] for name in names if name in self.by_name), None)


@dataclass(frozen=True)
class Taxonomy:
    """A taxonomy: its fields in their own order, its labels by normal keyword, its CCS nodes, and where it is from."""

    id: str
    name_ja: str
    name_en: str
    source: str
    date: str
    fields: tuple[Field, ...]
    labels: Mapping[str, Label]
    ccs: Ccs
    model: Traversable | None = None


def load_taxonomy(name_or_folder: str) -> Taxonomy:
    """Load a shipped taxonomy by name, or one's own from a folder with taxonomy.toml and labels.csv (ccs.csv if any).

    Raises DataError naming the file, the line and the remedy.
    """
    folder = _folder(name_or_folder)
    where = f"{name_or_folder}/taxonomy.toml"
    try:
        raw = tomllib.loads((folder / "taxonomy.toml").read_text(encoding="utf-8"))
        fields = tuple(Field(**{key: str(value) for key, value in field.items()}) for field in raw["fields"])
        head = {key: str(raw[key]) for key in ("id", "name_ja", "name_en", "source", "date")}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{where}: cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        wanted = "id, name_ja, name_en, source, date, and [[fields]] with id, name_ja, name_en, scope_ja, scope_en"
        raise DataError(f"{where}: needs {wanted}; {error}") from error
    lines = (folder / "taxonomy.toml").read_text(encoding="utf-8").splitlines()
    _check_ids([field.id for field in fields], lines, where)
    _check_tree(fields, lines, where)
    known = tuple(field.id for field in fields)
    labels = _read_labels(_label_files(folder, name_or_folder), known)
    ccs = _read_ccs(folder / "ccs.csv", f"{name_or_folder}/ccs.csv", known)
    return Taxonomy(**head, fields=fields, labels=MappingProxyType(labels), ccs=ccs, model=folder / "model.csv")


def load_labels(path: Path, taxonomy: Taxonomy) -> Mapping[str, Label]:
    """Return the taxonomy's labels with those of a user's file over them. Raises DataError."""
    known = tuple(field.id for field in taxonomy.fields)
    own = {keyword: replace(label, own=True) for keyword, label in _read_labels([(path, str(path))], known).items()}
    return MappingProxyType({**taxonomy.labels, **own})


def label_of(keyword: str, labels: Mapping[str, Label]) -> Label | None:
    """Find the label of a keyword in normal form: its own, that of the phrase it ends with, or that of a facet.

    English compounds end with what they are: `offline reinforcement learning` is `reinforcement learning`. The longest
    labelled ending of two words or more decides; one word is not enough (`food security`, `spatial memory`). In
    `machine learning: general` the last labelled facet decides, one with fields before one that is outside.
    """
    if keyword in labels:
        return labels[keyword]
    _, _, ending = keyword.partition(" ")
    while " " in ending:
        if ending in labels:
            return labels[ending]
        _, _, ending = ending.partition(" ")
    if ": " not in keyword:
        return None
    facets = [normal(facet) for facet in reversed(keyword.split(": "))]
    found = [labels[facet] for facet in facets if facet in labels]
    return next((label for label in found if label.fields), found[0] if found else None)


def shipped() -> tuple[str, ...]:
    """Return the names of the taxonomies in the package, sorted."""
    root = resources.files("kakehashi.data") / "taxonomies"
    return tuple(sorted(entry.name for entry in root.iterdir() if (entry / "taxonomy.toml").is_file()))


def _folder(name_or_folder: str) -> Traversable:
    if name_or_folder in shipped():
        return resources.files("kakehashi.data") / "taxonomies" / name_or_folder
    own = Path(name_or_folder)
    if own.is_dir():
        return own
    hint = _nearest(name_or_folder, (*shipped(), NONE))
    raise DataError(f"fields.taxonomy: {name_or_folder!r} is neither a shipped taxonomy nor a folder; {hint}")


def _check_ids(ids: list[str], lines: list[str], where: str) -> None:
    if not ids:
        raise DataError(f"{where}: has no [[fields]]")
    for position, field in enumerate(ids):
        place = f"{where}, line {_line(lines, 'id', field, ids[:position].count(field))}"
        if field in _RESERVED or not field.replace("_", "").isalnum():
            raise DataError(f"{place}: field id {field!r} is reserved or not made of letters, digits and _")
        if field in ids[:position]:
            raise DataError(f"{place}: field id {field!r} is given twice; keep one")


def _check_tree(fields: tuple[Field, ...], lines: list[str], where: str) -> None:
    """Refuse an orphan, whose parent is no field, and a circle; what has no parent stands under the one root."""
    parent = {field.id: field.parent for field in fields}
    for field in fields:
        if field.parent and field.parent not in parent:
            place = f"{where}, line {_line(lines, 'parent', field.parent, 0)}"
            hint = _nearest(field.parent, tuple(parent))
            raise DataError(f"{place}: field {field.id!r} is an orphan, for there is no field {field.parent!r}; {hint}")
    for field in fields:
        seen = [field.id]
        while parent[seen[-1]]:
            seen.append(parent[seen[-1]])
            if seen[-1] in seen[:-1]:
                place = f"{where}, line {_line(lines, 'id', field.id, 0)}"
                circle = " under ".join(seen)
                raise DataError(f"{place}: a circle, {circle}; take out the parent of one of them")


def _line(lines: list[str], key: str, value: str, skip: int) -> int:
    """Return the line of `key = "value"` after so many others like it; 1 where it is written in another way."""
    found = [
        number for number, line in enumerate(lines, 1)
        if re.fullmatch(rf"\s*{key}\s*=\s*[\"']{re.escape(value)}[\"']\s*(#.*)?", line)
    ]  # fmt: skip
    return found[skip] if skip < len(found) else 1


def _label_files(folder: Traversable, name: str) -> list[tuple[Traversable, str]]:
    """Return labels.csv, which must be there, and the files beside it that go on with it, such as labels_topics.csv."""
    more = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"labels_\w+\.csv", entry.name))
    return [(folder / file, f"{name}/{file}") for file in ("labels.csv", *more)]


def _read_labels(files: Iterable[tuple[Traversable, str]], known: tuple[str, ...]) -> dict[str, Label]:
    labels: dict[str, Label] = {}
    places: dict[str, str] = {}
    for path, where in files:
        for line, row in _rows(path, where, ("keyword", "fields")):
            if not row["fields"].strip() and "guess" in row:  # a row of `kakehashi fields review` that is still open
                continue
            keyword, place = normal(row["keyword"]), f"{where}, line {line}"
            if not keyword:
                raise DataError(f"{place}: no keyword is left of {row['keyword']!r}")
            if keyword in labels:
                twin = places[keyword].removeprefix(f"{where}, ")
                raise DataError(
                    f"{place}: {row['keyword']!r} is the same keyword as {twin} (both are {keyword!r}); keep one"
                )
            places[keyword] = place
            fields = _fields(row["fields"], known, place)
            labels[keyword] = Label(keyword, fields, row.get("kind") or "", row.get("reason") or "")
    return labels


def _read_ccs(path: Traversable, where: str, known: tuple[str, ...]) -> Ccs:
    by_path: dict[str, Concept] = {}
    by_name: dict[str, Concept] = {}
    ambiguous: set[str] = set()
    for line, row in _rows(path, where, ("id", "name", "fields")) if path.is_file() else ():
        fields = _fields(row["fields"], known, f"{where}, line {line}")
        concept = Concept(row["id"], row["name"], fields, row.get("reason") or "")
        if concept.path in by_path:
            raise DataError(f"{where}, line {line}: the id {concept.path} is given twice; keep one")
        by_path[concept.path] = concept
        twin = by_name.setdefault(normal(concept.name), concept)
        if twin.fields != fields:
            ambiguous.add(normal(concept.name))
    named = {name: concept for name, concept in by_name.items() if name not in ambiguous}
    return Ccs(MappingProxyType(by_path), MappingProxyType(named))


def _rows(path: Traversable, where: str, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV file; lines that begin with # are comments."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{where}: cannot be read as UTF-8: {error}") from error
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        raise DataError(f"{where}: is empty; the first line names the columns {', '.join(needed)}")
    reader = csv.DictReader(line for _, line in numbered)
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{where}, line {numbered[0][0]}: has no column {', '.join(missing)}")
    for row in reader:
        number = numbered[reader.line_num - 1][0]
        if None in row or any(row[column] is None for column in needed):
            raise DataError(f"{where}, line {number}: has more or fewer cells than the header; quote cells with commas")
        yield number, row


def _fields(cell: str, known: tuple[str, ...], where: str) -> tuple[str, ...]:
    named = cell.split()
    if named == [OUTSIDE]:
        return ()
    for field in named:
        if field not in known:
            raise DataError(f"{where}: unknown field {field!r}; {_nearest(field, (*known, OUTSIDE))}")
    if not named:
        raise DataError(f"{where}: no field; write {OUTSIDE!r} for a keyword that belongs to none")
    return tuple(field for field in known if field in named)


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
