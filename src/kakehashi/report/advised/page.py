"""The assembled advice as one self-contained page of HTML, with scheme diagrams and the evidence behind each number."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kakehashi import __version__
from kakehashi.advice.answer import Advice
from kakehashi.advice.partners.reading import Rows
from kakehashi.advice.trace import Traced, trace_all
from kakehashi.figures.scheme import NARROW_SCHEME, WIDE_SCHEME, Diagram, scheme
from kakehashi.knowledge.derive import Seen
from kakehashi.knowledge.patterns import patterns
from kakehashi.names import country_name
from kakehashi.reasons import Evidence
from kakehashi.report.advised.entries import Entry, numbered
from kakehashi.report.advised.evidence import followed, named
from kakehashi.report.advised.outline import facts, outline, title
from kakehashi.report.blocks import Picture
from kakehashi.texts import Language, Texts, texts


@dataclass(frozen=True)
class _Line:
    text: str
    level: int
    look: str
    ids: str
    reasons: bool
    numbers: tuple[int, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class _Group:
    more: bool
    level: int
    entries: tuple[_Line, ...]


@dataclass(frozen=True)
class _Section:
    id: str
    title: str
    groups: tuple[_Group, ...]


@dataclass(frozen=True)
class _Cited:
    evidence: Evidence
    name: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An answer ready for a template: its sections of lines, and the evidence in the order of its numbers."""

    title: str
    facts: list[tuple[str, str]]
    sections: tuple[_Section, ...]
    evidence: tuple[_Cited, ...]


def told(advice: Advice, t: Texts, rows: Rows) -> Told:
    """Put an answer into the words of a language. `rows` runs a SELECT, to show what the evidence leads to."""
    sections = outline(advice, t)
    numbers = numbered(sections, more=True)
    shown = tuple(
        _Section(section.id, section.title, tuple(_groups(advice, section.entries, numbers, t))) for section in sections
    )
    traced = trace_all(numbers, rows, advice.own.folder)
    evidence = tuple(_cited(traced[one], t, advice.own.folder) for one in numbers)
    return Told(title(advice, t), facts(advice, t), shown, evidence)


def page(advice: Advice, language: Language, rows: Rows) -> str:
    """Write an answer as a page. `rows` runs a SELECT over the study's tables, to show what the evidence leads to."""
    t = texts(language)
    found = told(advice, t, rows)
    template = _environment().get_template("advice.html.j2")
    return template.render(t=t, version=__version__, **vars(found))


def pattern_pictures(seen: Seen, t: Texts, names: tuple[str, str], key: str) -> tuple[Picture, ...]:
    """Draw a pattern for wide and narrow pages. `names`: of home and partner."""
    pattern = patterns()[seen.pattern]
    diagram = Diagram(seen, pattern.funding == "both_voluntary", *names)
    name = t("advise.outline.pattern", number=pattern.number, name=pattern.name(t.language))
    found = []
    for use, size in (("wide", WIDE_SCHEME), ("narrow", NARROW_SCHEME)):
        drawn = scheme(diagram, t, size, key=f"{key}-{use}", title=name)
        # The drawing escapes every text.
        found.append(Picture(Markup(drawn), use))  # type: ignore[arg-type]  # noqa: S704
    return tuple(found)


def _groups(advice: Advice, entries: Iterable[Entry], numbers: Mapping[Evidence, int], t: Texts) -> Iterator[_Group]:
    """Put details that follow one another into one fold."""
    for more, found in itertools.groupby(entries, key=lambda entry: entry.more):
        lines = [_line(advice, entry, numbers, t) for entry in found]
        yield _Group(more, min(line.level for line in lines), tuple(lines))


def _line(advice: Advice, entry: Entry, numbers: Mapping[Evidence, int], t: Texts) -> _Line:
    pictures: tuple[Picture, ...] = ()
    if entry.scheme is not None and advice.asked.partner is not None:
        names = tuple(country_name(side.country, t.language) for side in (advice.asked.home, advice.asked.partner))
        pictures = pattern_pictures(entry.scheme, t, (names[0], names[1]), f"scheme{entry.scheme.pattern}")
    cited = tuple(numbers[one] for one in entry.evidence)
    ids = " ".join(reason.id for reason in entry.reasons)
    return _Line(entry.text, entry.level, entry.look, ids, bool(entry.reasons), cited, pictures)


def _cited(traced: Traced, t: Texts, own: Path | None) -> _Cited:
    return _Cited(traced.evidence, named(traced.evidence, t, own), tuple(followed(traced, t)))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kakehashi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
