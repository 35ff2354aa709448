"""Gold files of affiliation strings, answers to them, and the measures that compare the two.

Gold columns: id, affiliation, ror_ids, country_codes, source. Answers: id, ror_ids, country_codes, best first. Several
values in one cell are separated by spaces. A string that the answers leave out counts as unanswered.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ROR = re.compile(r"(?:^|/)(0[a-z0-9]{6}[0-9]{2})$")


@dataclass(frozen=True, slots=True)
class Gold:
    """A string and its right answer. An empty `countries` means that the country is unknown, not that there is none."""

    id: str
    text: str
    rors: tuple[str, ...]
    countries: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says to a string, best first: `confidences` has one number for each id."""

    rors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    confidences: tuple[float, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Frame:
    """How gold and answers are made comparable.

    equivalent: merged or succeeded ids to the id that stands for them, on both sides. known: where given, only strings
    whose gold ids are all in it are scored. clip: answers outside `known` are dropped instead of counted as wrong.
    """

    equivalent: Mapping[str, str]
    known: frozenset[str] | None = None
    clip: bool = False

    def scores(self, gold: Gold) -> bool:
        """Tell whether a string takes part."""
        return self.known is None or self.known.issuperset(gold.rors)

    def same(self, rors: Iterable[str]) -> tuple[str, ...]:
        """Return ids with equivalents replaced, each once, in order."""
        return tuple(dict.fromkeys(self.equivalent.get(ror, ror) for ror in rors))

    def answered(self, rors: Iterable[str]) -> tuple[str, ...]:
        """Return predicted ids as they are compared."""
        known = self.known if self.clip and self.known is not None else None
        return self.same(ror for ror in rors if known is None or ror in known)


def frame(known: Path | None, equiv: Path | None, *, clip: bool) -> Frame:
    """Read the files of a Frame: one ROR id a line, and a CSV with the columns old, new."""
    ids = frozenset(rors_of(known.read_text(encoding="utf-8"))) if known else None
    pairs = {}
    for row in table(equiv) if equiv else ():
        [old], [new] = rors_of(row["old"]), rors_of(row["new"])
        pairs[old] = new
    return Frame(pairs, ids, clip)


def rors_of(cell: str) -> tuple[str, ...]:
    """Return the short ROR ids of a cell (`04ezg6d83`), each once, in order. Other words are left out."""
    found = (_ROR.search(word.lower().rstrip("/")) for word in cell.replace(";", " ").split())
    return tuple(dict.fromkeys(match.group(1) for match in found if match))


def table(path: Path) -> list[dict[str, str]]:
    """Read a CSV, gzipped or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_gold(path: Path, limit: int | None = None) -> list[Gold]:
    """Read a gold file; `limit` takes that many rows, evenly spread."""
    rows = table(path)
    if limit and len(rows) > limit:
        rows = [rows[number * len(rows) // limit] for number in range(limit)]
    return [
        Gold(row["id"], row["affiliation"], rors_of(row["ror_ids"]), tuple(row["country_codes"].upper().split()),
             row.get("source") or "") for row in rows
    ]  # fmt: skip


def read_answers(path: Path) -> dict[str, Answer]:
    """Read what `kakehashi resolve` writes. A single confidence in a row is that of all its ids."""
    found = {}
    for row in table(path):
        rors = rors_of(row.get("ror_ids") or "")
        numbers = tuple(float(number) for number in (row.get("confidence") or "0").split())
        each = numbers if len(numbers) == len(rors) else (numbers[0],) * len(rors)
        countries = tuple((row.get("country_codes") or "").upper().split())
        found[row["id"]] = Answer(rors, countries, each, row.get("reason") or "")
    return found


def sets(folder: Path, split: str) -> list[Path]:
    """Return the gold files of a folder for a split (dev, train), by name."""
    return sorted(folder.glob(f"{split}_*.csv*"))


# --- measures -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ratio:
    """Precision, recall and their harmonic mean, from counts."""

    right: int
    answered: int
    wanted: int

    @property
    def precision(self) -> float:
        """Right answers among the answers."""
        return self.right / self.answered if self.answered else 0.0

    @property
    def recall(self) -> float:
        """Right answers among those wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Institutions and countries of one system on one set.

    ids: over all ids of all strings. first: the best answer of each string alone. abstained: share of the strings
    without a gold id that got none. accuracy: share of the strings with a known country whose set of countries is the
    gold set; countries_first: the same for the best country alone. None where no string can tell.
    """

    strings: int
    located: int
    ids: Ratio
    first: Ratio
    abstained: float | None
    accuracy: float | None
    countries_first: Ratio


def score(gold: Sequence[Gold], answers: Mapping[str, Answer], by: Frame) -> Scores:
    """Compare answers with gold, over the strings that take part."""
    judged = [(one, answers.get(one.id, Answer())) for one in gold if by.scores(one)]
    pairs = [(by.same(one.rors), by.answered(answer.rors)) for one, answer in judged]
    unlabelled = [found for wanted, found in pairs if not wanted]
    located = [(one.countries, answer.countries) for one, answer in judged if one.countries]
    return Scores(
        strings=len(pairs),
        located=len(located),
        ids=_over_all(pairs),
        first=_over_first(pairs),
        abstained=sum(not found for found in unlabelled) / len(unlabelled) if unlabelled else None,
        accuracy=sum(set(w) == set(f) for w, f in located) / len(located) if located else None,
        countries_first=_over_first(located),
    )


Pairs = Sequence[tuple[Sequence[str], Sequence[str]]]


def _over_all(pairs: Pairs) -> Ratio:
    right = sum(len(set(wanted) & set(found)) for wanted, found in pairs)
    return Ratio(right, sum(len(set(found)) for _, found in pairs), sum(len(set(wanted)) for wanted, _ in pairs))


def _over_first(pairs: Pairs) -> Ratio:
    right = sum(found[0] in wanted for wanted, found in pairs if found)
    return Ratio(right, sum(bool(found) for _, found in pairs), sum(bool(wanted) for wanted, _ in pairs))
