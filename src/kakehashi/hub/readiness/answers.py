"""The answers of an institution or a group: read from CSV, TOML or JSON and checked, and a blank file to fill in.

Each answer is a mapping from what was answered to its weight: 1 for an institution, shares for a group.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kakehashi.errors import DataError
from kakehashi.hub.readiness.questionnaire import NO, YES, Part, answer_name, part_name, parts
from kakehashi.hub.trees import read_tree
from kakehashi.knowledge.areas import country_problem
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.rows import Layout, Row, read
from kakehashi.texts import LANGUAGES

HEAD = ("institution", "year", "actor", "home", "partner")
ACTORS = ("university", "company")
_LAYOUT = Layout(("question", "answer"), ("share", "ja", "en", "choices"))
_YEARS = range(1990, 2101)
_ROUNDING = 0.006
_MANY = 20
_DEEPEST = 4
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Answers:
    """Who answered, for which year, and what.

    `given`: by part, the weights of what was answered; they add up to 1 (to rounding, or less where a group's rest is
    unknown). `group`: whether several institutions stand behind it. `partner`: a country that is in view, if any.
    """

    institution: str
    year: int
    actor: str
    home: str
    partner: str | None
    given: Mapping[str, Mapping[str, float]]
    group: bool = False

    def weight(self, part: str, *answers: str) -> float:
        """Return the weight of answers of a part; 0 where it was not answered."""
        return sum(self.given.get(part, {}).get(answer, 0.0) for answer in answers)


@dataclass(frozen=True)
class Given:
    """A question and its answer as they were given, and where; `share`: of a group."""

    where: str
    question: str
    answer: str
    share: float | None


def read_answers(path: Path) -> Answers:
    """Read answers by the file's ending: .csv, .toml or .json. Raises DataError naming file, row and remedy."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".toml", ".json"):
        raise DataError(f"{path}: unknown ending {ending!r}; give answers as .csv, .toml or .json")
    if path.is_file() and path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{path}: is larger than 1 MB, which no answers are; check the file")
    if ending == ".csv":
        cells: list[Given] = [cell for cell in read(path, str(path), _LAYOUT, _cell) if cell is not None]
    else:
        return from_tree(read_tree(path), str(path))
    return build(cells, str(path))


def from_tree(tree: Any, where: str) -> Answers:
    """Read answers from a tree, as TOML and JSON hold it. Raises DataError naming the key and the remedy."""
    if not isinstance(tree, dict):
        raise DataError(f"{where}: is no table of questions and answers; start from `kakehashi readiness --template`")
    return build(_flat(tree, where), where)


def build(cells: Iterable[Given], where: str) -> Answers:
    """Check cells and put them together. Raises DataError with every problem found."""
    problems: list[str] = []
    head: dict[str, Given] = {}
    found: dict[str, dict[str, float]] = {}
    group = False
    for cell in cells:
        if cell.question in HEAD:
            if cell.question in head:
                problems.append(f"{cell.where}: {cell.question!r} is given twice; keep one")
            head[cell.question] = cell
            continue
        part = parts().get(cell.question)
        if part is None:
            problems.append(f"{cell.where}: unknown question {cell.question!r}; {nearest(cell.question, _known())}")
        elif cell.answer not in part.choices:
            problems.append(f"{cell.where}: {cell.question}: unknown answer {cell.answer!r}; {_choices(part, cell)}")
        elif cell.answer in found.setdefault(part.id, {}):
            problems.append(f"{cell.where}: {cell.question}: {cell.answer!r} is given twice; keep one")
        else:
            found[part.id][cell.answer] = 1.0 if cell.share is None else cell.share
            group = group or cell.share is not None
    _complete(found)
    problems += _sums(found, where, group=group) + _conflicts(found, where)
    told = _head(head, where, problems)
    if problems:
        more = [f"{where}: and {len(problems) - _MANY} further problems"] if len(problems) > _MANY else []
        raise DataError("\n".join(problems[:_MANY] + more))
    given = {name: MappingProxyType(found[name]) for name in parts() if name in found}
    return Answers(*told, MappingProxyType(given), group)


def template() -> str:
    """Write a blank answers file as CSV: every question with its words and choices; fill in the column `answer`."""
    out = io.StringIO()
    out.write(
        "# Kakehashi readiness. Fill in `answer`; leave it empty where you cannot say. answer に記入、不明なら空欄。\n"
    )
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("question", "answer", "ja", "en", "choices"))
    rows.writerow(("institution", "", "機関名", "Name of the institution", ""))
    rows.writerow(("year", "", "年度", "Year", "2026"))
    rows.writerow(("actor", "university", "立場", "Who you are", " | ".join(ACTORS)))
    rows.writerow(("home", "JP", "国（ISO 3166の2文字）", "Country, ISO 3166 alpha-2", "JP"))
    rows.writerow(("partner", "", "念頭に置く相手国（任意）", "Partner country in view (optional)", "AU"))
    for part in parts().values():
        ja, en = (
            part.question.ask(language)
            if part.item is None
            else f"{part.question.ask(language)} [{part_name(part)(language)}]"
            for language in LANGUAGES
        )
        named = " | ".join(f"{one} ({answer_name(part, one).ja}, {answer_name(part, one).en})" for one in part.choices)
        rows.writerow((part.id, "", ja, en, named if part.question.kind != "each" else f"{YES} | {NO}"))
    return out.getvalue()


def as_csv(answers: Answers) -> str:
    """Write answers as a CSV that `read_answers` reads back."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("question", "answer", "share"))
    for name in HEAD:
        if getattr(answers, name) is not None:
            rows.writerow((name, getattr(answers, name), ""))
    for part, given in answers.given.items():
        for answer, weight in given.items():
            rows.writerow((part, answer, repr(weight) if answers.group else ""))
    return out.getvalue()


def _cell(row: Row) -> Given | None:
    question, answer, share = row.need("question"), row.text("answer"), row.number("share")
    if share is not None and share > 1:
        row.refuse("share", f"{share} is above 1; write shares as parts of 1, such as 0.45")
    return None if answer is None else Given(f"{row.file}: row {row.line}", question, answer, share)


def _flat(tree: Mapping[str, Any], file: str, above: str = "") -> Iterator[Given]:
    """Yield the cells of nested tables. A list says yes to its items and no to the rest, or is three in rank."""
    if above.count(".") > _DEEPEST:
        raise DataError(f"{file}: key {above[:80]}…: is nested too deeply; write question.item = answer")
    for key, value in tree.items():
        name = f"{above}{key}"
        where = f"{file}: key {name}"
        if isinstance(value, dict):
            yield from _flat(value, file, f"{name}.")
        elif isinstance(value, bool):
            yield Given(where, name, YES if value else NO, None)
        elif isinstance(value, list):
            yield from _listed(value, name, where)
        elif isinstance(value, str | int):
            yield Given(where, name, str(value), None)
        elif value is not None:
            raise DataError(f"{where}: {value!r} is no answer; write a text, true or false, or a list of texts")


def _listed(values: list[Any], name: str, where: str) -> Iterator[Given]:
    items = [part for part in parts().values() if part.question.id == name]
    if not items or items[0].question.kind not in ("each", "ranked"):
        raise DataError(f"{where}: takes no list; write one answer a question")
    if items[0].question.kind == "ranked":
        for rank, value in enumerate(values, 1):
            yield Given(where, f"{name}.{rank}", str(value), None)
        return
    for value in values:
        if value not in items[0].question.answers:
            raise DataError(f"{where}: unknown {value!r}; {nearest(str(value), items[0].question.answers)}")
    for part in items:
        yield Given(where, part.id, YES if part.item in values else NO, None)


def _known() -> tuple[str, ...]:
    return (*HEAD, *parts())


def _choices(part: Part, cell: Given) -> str:
    return nearest(cell.answer, part.choices)


def _complete(found: dict[str, dict[str, float]]) -> None:
    """Give the rest of a group's share to the other of yes and no."""
    for name, given in found.items():
        if parts()[name].question.kind == "each" and len(given) == 1:
            ((answer, weight),) = given.items()
            if weight < 1:
                given[NO if answer == YES else YES] = 1 - weight


def _sums(found: Mapping[str, Mapping[str, float]], where: str, *, group: bool) -> list[str]:
    return [
        f"{where}: {name}: "
        + (f"its shares add up to {sum(given.values()):.3f}; they may not exceed 1" if group else _several(given))
        for name, given in found.items()
        if sum(given.values()) > 1 + _ROUNDING
    ]


def _several(given: Mapping[str, float]) -> str:
    return f"has several answers ({', '.join(given)}); keep one"


def _conflicts(found: Mapping[str, Mapping[str, float]], where: str) -> list[str]:
    """Refuse what cannot be true of one institution: nobody and somebody, no support and some, a criterion twice."""
    told = []
    for question in {part.question.id: part.question for part in parts().values()}.values():
        sure = [
            (part.item, answer)
            for part in parts().values()
            if part.question is question
            for answer, weight in found.get(part.id, {}).items()
            if weight == 1
        ]
        yes = [item for item, answer in sure if answer == YES and item is not None]
        if question.alone in yes and len(yes) > 1:
            told.append(
                f"{where}: {question.id}: {question.alone!r} cannot stand beside {_others(yes, question.alone)}"
            )
        if question.kind == "ranked":
            named = [answer for _, answer in sure]
            told += [
                f"{where}: {question.id}: {one!r} stands at two ranks; keep one"
                for one in dict.fromkeys(named)
                if named.count(one) > 1
            ]
    return told


def _others(yes: list[str], alone: str | None) -> str:
    return ", ".join(one for one in yes if one != alone) + "; answer no to one side"


def _head(head: Mapping[str, Given], where: str, problems: list[str]) -> tuple[str, int, str, str, str | None]:
    def text(name: str, default: str | None = None) -> str:
        if name in head and head[name].answer:
            return head[name].answer
        if default is None:
            problems.append(f"{where}: {name!r} is missing; add it, as in `kakehashi readiness --template`")
        return default or ""

    institution, year = text("institution"), text("year")
    actor, home = text("actor", "university"), text("home", "JP").upper()
    if year and not (year.isascii() and year.isdecimal() and int(year) in _YEARS):
        problems.append(f"{head['year'].where}: {year!r} is no year; write four digits, such as 2026")
        year = ""
    if actor not in ACTORS:
        problems.append(f"{head['actor'].where}: unknown actor {actor!r}; {nearest(actor, ACTORS)}")
    partner = head["partner"].answer.upper() if "partner" in head else None
    for name, code in (("home", home), ("partner", partner)):
        problem = None if code is None else country_problem(code)
        if problem is not None:
            problems.append(f"{head[name].where if name in head else where}: {name}: {problem}")
    if partner is not None and partner == home:
        problems.append(f"{head['partner'].where}: partner is the home country; name another, or leave it out")
    return institution, int(year) if year else 0, actor, home, partner
