"""What people decided about affiliations: a plain CSV that is read, checked, shared and used again in other studies."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from babel import Locale

from kakehashi.affiliations.names import normal_key
from kakehashi.errors import SettingsError

COLUMNS = ("decision", "affiliation", "name", "country_code", "institution_id", "target", "note", "decided_by",
           "decided_on", "registry_version")  # fmt: skip
"""The columns of a decision file. Only `decision` must be there; other columns may stand beside them."""

WORDS = ("link", "not_this", "new_institution", "merge", "split", "country")

DECIDED_NONE = "decided_no_institution"
"""The reason where people decided that a name or a string names no institution."""

_ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?", re.IGNORECASE)
_OF_CORPUS = re.compile(r"\S+\.[a-z]{2}")
_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet would compute a cell that begins like this: an apostrophe before it keeps it text."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a decision file; `row` is its number in a spreadsheet, where the head line is row 1.

    It is about one string (`affiliation`; `name` picks one of several institutions in it), about a name wherever it
    occurs (`name`; `country_code` narrows it to one country), or about a whole institution (`institution_id`).
    `target` is the answer: the institution's id, the country's code, or the name of a new institution. Said of a whole
    institution, new_institution and split confirm that it is one by itself.
    """

    file: str
    row: int
    decision: str
    affiliation: str | None = None
    name: str | None = None
    country_code: str | None = None
    institution_id: str | None = None
    target: str | None = None
    note: str | None = None
    decided_by: str | None = None
    decided_on: str | None = None
    registry_version: str | None = None

    @property
    def label(self) -> str:
        """Name the decision in evidence: `decisions.csv:12`."""
        return f"{self.file}:{self.row}"

    @property
    def key(self) -> str | None:
        """The normal form under which the name is compared."""
        return normal_key(self.name) if self.name else None

    @property
    def subject(self) -> tuple[str, str, str]:
        """What the decision is about, in a form that is equal for two decisions about the same thing."""
        if self.affiliation is not None:
            return "affiliation", self.affiliation, self.key or ""
        if self.name is not None:
            return "name", self.key or "", "" if self.decision == "country" else self.country_code or ""
        return "institution", self.institution_id or "", ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a decision has against it. `code` says what; `detail` names the other thing that is involved.

    A decision with a fault of WARNINGS is applied all the same; the others are set aside.
    """

    decision: Decision
    code: str
    detail: str = ""


WARNINGS = frozenset(("succeeded", "withdrawn"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a registry knows of one id. `country_code` is the ISO code of its first place; relatives are given by id."""

    name: str
    country_code: str | None
    active: bool = True
    successors: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    established: int | None = None


LookUp = Callable[[str], Entry | None]
"""Finds a registry's entry by ROR id."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Decisions that can be applied, in the order of their files and rows, and the faults of these and of others."""

    decisions: tuple[Decision, ...] = ()
    faults: tuple[Fault, ...] = ()

    def set_aside(self) -> Iterator[Fault]:
        """Yield the faults of decisions that are not applied."""
        return (fault for fault in self.faults if fault.code not in WARNINGS)


def read_decisions(paths: Iterable[str | Path], look_up: LookUp | None = None) -> Checked:
    """Read decision files and set aside what is wrong, contradicts another row, or names an id no registry knows.

    Raises SettingsError where a file cannot be read as a CSV in UTF-8 with a column `decision`.
    """
    files = [Path(path) for path in paths]
    same = Counter(path.name for path in files)
    rows = [
        decision
        for path in files
        for decision in _read(path, path.name if same[path.name] == 1 else f"{path.parent.name}/{path.name}")
    ]
    return check(rows, look_up)


def check(rows: Iterable[Decision], look_up: LookUp | None = None) -> Checked:
    """Sort decisions into those that can be applied and those that are set aside, each with its fault."""
    sound: list[Decision] = []
    faults: list[Fault] = []
    for row in rows:
        one, found = _checked(_tidy(row), look_up)
        faults.extend(found)
        if all(fault.code in WARNINGS for fault in found):
            sound.append(one)
    against = _contradictions(sound)
    faults.extend(Fault(one, "contradicts", detail) for one, detail in against.items())
    return Checked(tuple(one for one in sound if one not in against), tuple(faults))


def _checked(one: Decision, look_up: LookUp | None) -> tuple[Decision, list[Fault]]:
    wrong = _fault_of(one)
    if wrong is not None:
        return one, [Fault(one, *wrong)]
    return _known(one, look_up) if look_up else (one, [])


def _read(path: Path, label: str) -> Iterator[Decision]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"affiliations.decisions: {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"affiliations.decisions: {path} is not in UTF-8: {error}; in a spreadsheet, save it as 'CSV UTF-8'"
        ) from error
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
        if "decision" not in (reader.fieldnames or ()):
            raise SettingsError(
                f"affiliations.decisions: {path} has no column 'decision'; the columns are: {', '.join(COLUMNS)}"
            )
        for number, cells in enumerate(reader, start=2):
            values = {column: _text(cells.get(column)) for column in COLUMNS}
            if word := values.pop("decision"):
                yield Decision(label, number, word, **values)
    except csv.Error as error:
        raise SettingsError(f"affiliations.decisions: {path} cannot be read as a CSV: {error}") from error


def _text(cell: str | None) -> str | None:
    if cell and cell[0] == "'" and cell[1:].lstrip().startswith(_FORMULA):
        cell = cell[1:]
    return cell if cell and cell.strip() else None


def write_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as a CSV that spreadsheets open as it is: with a byte-order mark, without formulas."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def ror_id(text: str) -> str | None:
    """Return a ROR id in its full form, however much of it was written; None for what is no ROR id."""
    found = _ROR.fullmatch(text.strip())
    return f"https://ror.org/{found.group(1).lower()}" if found else None


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch("[A-Z]{2}", code)) - {"EU", "EZ", "UN", "ZZ"}


def _tidy(one: Decision) -> Decision:
    """Bring ids and codes into their one form."""
    target = one.target.strip() if one.target else None
    if target and one.decision == "country":
        target = target.upper()
    elif target and one.decision != "new_institution":
        target = ror_id(target) or target
    return replace(
        one,
        decision=one.decision.strip().lower(),
        country_code=one.country_code.strip().upper() if one.country_code else None,
        institution_id=(ror_id(one.institution_id) or one.institution_id.strip()) if one.institution_id else None,
        target=target,
    )


def _fault_of(one: Decision) -> tuple[str, str] | None:
    """Return the code and detail of what is wrong with a row by itself."""
    named = (one.affiliation is not None, one.name is not None, one.institution_id is not None)
    if one.decision not in WORDS:
        return "unknown_decision", one.decision
    if not any(named):
        return "nothing_named", ""
    if named[2] and (named[0] or named[1]):
        return "too_much_named", one.institution_id or ""
    if one.affiliation is None and one.name is not None and not one.key:
        return "nothing_named", one.name
    if one.country_code is not None and one.country_code not in _countries():
        return "unknown_country", one.country_code
    return _fault_of_target(one)


def _fault_of_target(one: Decision) -> tuple[str, str] | None:
    if one.decision in ("merge", "split") and one.affiliation is not None:
        return "not_for_a_string", one.decision
    if one.institution_id is not None and one.decision == "not_this" and (one.target or ror_id(one.institution_id)):
        return "not_for_an_institution", one.decision
    if one.decision in ("link", "merge", "country") and one.target is None:
        return "target_missing", one.decision
    if one.decision == "new_institution" and one.institution_id is None:
        return None if normal_key(one.target or one.name or "") else ("target_missing", one.decision)
    if one.decision in ("new_institution", "split") and one.institution_id is not None:
        return None
    if one.decision == "country":
        return None if one.target in _countries() else ("unknown_country", one.target or "")
    if one.target is not None and ror_id(one.target) is None and not _OF_CORPUS.fullmatch(one.target):
        return "no_id", one.target
    if one.target is not None and one.target == one.institution_id:
        return "of_itself", one.target
    return None


def _known(one: Decision, look_up: LookUp) -> tuple[Decision, list[Fault]]:
    """Check a registry id that is the answer. One that is no more stays: when its successor counts is settled later."""
    if one.target is None or one.decision not in ("link", "merge") or ror_id(one.target) is None:
        return one, []
    entry = look_up(one.target)
    if entry is None:
        return one, [Fault(one, "unknown_id", one.target)]
    if entry.active:
        return one, []
    if len(entry.successors) == 1:
        return one, [Fault(one, "succeeded", entry.successors[0])]
    return one, [Fault(one, "withdrawn", " ".join(entry.successors) or one.target)]


def _contradictions(rows: Iterable[Decision]) -> dict[Decision, str]:
    """Return the decisions that cannot both hold, each with the label of the others."""
    about: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
    for row in rows:
        about[row.subject].append(row)
    found: dict[Decision, str] = {}
    for same in about.values():
        for one in same:
            others = [other.label for other in same if _contradict(one, other)]
            if others:
                found[one] = ", ".join(others)
    return found


def _contradict(one: Decision, other: Decision) -> bool:
    words = {one.decision, other.decision}
    if words == {"country"}:
        return one.target != other.target
    if "country" in words:
        return False
    if one.decision == other.decision == "not_this":
        return False
    if "not_this" in words:
        denied, given = (one, other) if one.decision == "not_this" else (other, one)
        return denied.target is None or denied.target == given.target
    if one.affiliation is not None:  # a string may name several institutions
        return False
    same_answer = one.target == other.target and (one.decision == other.decision or words == {"link", "merge"})
    return not same_answer
