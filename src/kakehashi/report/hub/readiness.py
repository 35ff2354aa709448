"""Readiness as lines of text and as a page: the same sentences in both."""

from collections.abc import Iterator, Mapping

from kakehashi.figures.bars import Bar, bars
from kakehashi.figures.table import Cell, Column, Table
from kakehashi.figures.theme import NARROW, WIDE
from kakehashi.hub.readiness.gaps import Gap
from kakehashi.hub.readiness.profile import Line
from kakehashi.hub.readiness.questionnaire import Part, answer_name, part_name, parts
from kakehashi.hub.readiness.report import Readiness
from kakehashi.knowledge.sources import documents
from kakehashi.report.blocks import (
    Block,
    Bullets,
    Chapter,
    Drawing,
    FigureBlock,
    Numbering,
    Paragraph,
    TableBlock,
    pictures,
)
from kakehashi.report.hub.page import build_page
from kakehashi.texts import Language, Texts, texts

_FULL = 100


def readiness_lines(found: Readiness, language: Language) -> Iterator[tuple[int, str]]:
    """Yield the answer as lines with their level; a head has level 0 and is followed by its lines."""
    t = texts(language)
    yield 0, title(found, t)
    yield from ((1, line) for line in summary(found, t))
    yield 0, t("readiness.gaps")
    yield 1, t("readiness.rule")
    for rank, gap in enumerate(found.gaps, 1):
        yield 1, f"{rank}. {gap_said(gap, t)}"
        yield 2, compared(gap.line, t)
        if gap.eases:
            yield 2, t("readiness.gap_eases", names=named(gap.eases, t))
    yield 0, t("readiness.actions")
    for number, action in enumerate(found.actions, 1):
        one = action.recommendation
        yield 1, f"{number}. {t('readiness.section', name=one.name(language), section=section(one.source.figure, t))}"
        yield 2, t.fill(one.text)
        yield 2, answered(action.gaps, action.weight, t)
        linked = [item.name(language) for item in (*action.directions, *action.practices)]
        if linked:
            yield 2, t("readiness.linked", names=t.listing(linked))
    yield 0, t("readiness.programmes")
    if found.answers.partner is None and found.programmes:
        yield 1, t("readiness.partner_open")
    for payer in found.programmes:
        told = " ".join(reason.say(t, "ict8") for reason in payer.reasons)
        yield 1, pair(payer.programme.name(language), told, t)
    if found.supports:
        yield 0, t("readiness.supports")
        yield from ((1, pair(part_name(line.part)(language), compared(line, t), t)) for line in found.supports)
    yield from changed(found, t)
    yield 0, t("readiness.profile")
    yield 1, t("readiness.method")
    yield 1, t("readiness.survey_note")
    for line in found.profile:
        yield 1, pair(full_name(line.part, t), said(line.part, line.given, t), t)
        yield 2, compared(line, t)
    if found.unanswered:
        yield 0, t("readiness.unanswered")
        yield from ((1, line) for line in unanswered(found, t))


def title(found: Readiness, t: Texts) -> str:
    """Name the answer."""
    return t("readiness.title", institution=found.answers.institution, year=found.answers.year)


def summary(found: Readiness, t: Texts) -> Iterator[str]:
    """Yield what is to be known first."""
    if found.answers.group:
        yield t("readiness.group")
    yield t("readiness.answered", n=len(found.profile), of=len(parts()), gaps=len(found.gaps))
    if not found.gaps:
        yield t("readiness.no_gaps")
        return
    first = found.gaps[0]
    yield t("readiness.first_gap", name=part_name(first.part)(t.language), leverage=t.decimal(first.leverage, 2))


def compared(line: Line, t: Texts) -> str:
    """Say how an answer compares with the survey, with the n of every share."""
    if line.incomparable is not None:
        return t("readiness.not_comparable", reason=t(f"readiness.reasons.{line.incomparable}"))
    found = [_share(line, t)]
    if line.standing is not None:
        low, middle, high = (
            f"{value * _FULL:.0f}" for value in (line.standing.low, line.standing.middle, line.standing.high)
        )
        found.append(t("readiness.percentile", low=low, middle=middle, high=high))
    elif line.unplaced is not None:
        found.append(t("readiness.no_percentile", reason=t(f"readiness.reasons.{line.unplaced}")))
    return ("、" if t.language == "ja" else "; ").join(found)


def _share(line: Line, t: Texts) -> str:
    if line.part.question.kind == "each":
        one = line.published[0]
        key = "readiness.same_yes_share" if one.count is None else "readiness.same_yes"
        return t(key, share=t.percent(one.share), count=one.count, n=one.n)
    return t("readiness.same", share=t.percent(line.same), n=line.n)


def said(part: Part, given: Mapping[str, float], t: Texts) -> str:
    """Write what was answered; shares where a group answered."""
    if set(given.values()) == {1.0}:
        return t.listing([answer_name(part, answer)(t.language) for answer in given])
    return t.listing([f"{answer_name(part, one)(t.language)} {t.percent(weight)}" for one, weight in given.items()])


def full_name(part: Part, t: Texts) -> str:
    """Name a part so that it is understood alone: its question stands before its item."""
    name = part_name(part)(t.language)
    return name if part.item is None else f"{part.question.ask(t.language)} {name}"


def pair(name: str, text: str, t: Texts) -> str:
    """Write a name and what is said of it."""
    return t("readiness.pair", name=name, text=text)


def unanswered(found: Readiness, t: Texts) -> Iterator[str]:
    """Yield how many parts of each question were left open."""
    for question in dict.fromkeys(parts()[name].question.id for name in found.unanswered):
        every = [part for part in parts().values() if part.question.id == question]
        left = sum(part.id in found.unanswered for part in every)
        asked = every[0].question.ask(t.language)
        yield t("readiness.left_open", question=asked, id=question, n=left, of=len(every))


def named(names: tuple[str, ...], t: Texts) -> str:
    """List parts by name."""
    return t.listing([part_name(parts()[name])(t.language) for name in names])


def gap_said(gap: Gap, t: Texts) -> str:
    """Write a gap with its leverage."""
    values = {"leverage": t.decimal(gap.leverage, 2), "severity": t.decimal(gap.severity, 2)}
    meant = gap.part.question.gap
    asked = said(gap.part, gap.line.given, t) if meant is None else meant(t.language)
    return t("readiness.gap_line", name=part_name(gap.part)(t.language), question=asked, **values)


def section(figure: str, t: Texts) -> str:
    """Write a section of the report of 2023 as the reader's language does."""
    number = figure.removeprefix("section ")
    return (
        (f"{number}節" if t.language == "ja" else f"section {number}") if figure != number else f"5.2 / 5.3, {figure}"
    )


def answered(names: tuple[str, ...], weight: float, t: Texts) -> str:
    """Say which gaps an action answers."""
    return t.count("readiness.answers_gaps", len(names), weight=t.decimal(weight, 2), names=named(names, t))


def changed(found: Readiness, t: Texts) -> Iterator[tuple[int, str]]:
    """Yield what changed since the earlier answers, if there are any."""
    change = found.change
    if change is None:
        return
    yield 0, t("readiness.change", year=change.year)
    if not change.moved:
        yield 1, t("readiness.unchanged")
        return
    weights = {"before": t.decimal(change.severity_before, 2), "after": t.decimal(change.severity_after, 2)}
    yield 1, t("readiness.severity_moved", **weights)
    for key, names in (("closed", change.closed), ("new", change.new)):
        if names:
            yield 1, t(f"readiness.{key}", names=named(names, t))
    for one in change.moved:
        values = {"name": full_name(one.part, t), "before": said(one.part, one.before, t)}
        values["after"] = said(one.part, one.after, t)
        if one.percentile is None:
            yield 2, t("readiness.moved", **values)
        else:
            yield 2, t("readiness.moved_percentile", percentile=t.signed(one.percentile * _FULL, 0), **values)


def readiness_chapters(found: Readiness, t: Texts) -> tuple[Chapter, ...]:
    """Return the answer as chapters: what to know first, the chart and table of the profile, and all sentences."""
    heads: list[tuple[str, list[str]]] = []
    for level, line in readiness_lines(found, t.language):
        if level == 0:
            heads.append((line, []))
        else:
            heads[-1][1].append(line)
    skipped = {title(found, t), t("readiness.profile"), t("readiness.gaps")}
    chapters = [_profile_chapter(found, t), _gap_chapter(found, t)]
    for head, lines in heads:
        if head not in skipped:
            number = str(len(chapters) + 1)
            chapters.append(Chapter(f"c{number}", number, head, (Bullets(tuple(lines)),)))
    return (Chapter("summary", "", t("readiness.short"), (Bullets(tuple(summary(found, t))),)), *chapters)


def readiness_page(found: Readiness, language: Language) -> str:
    """Write the answer as a page with the chart of standings, the table of the profile and all sentences."""
    t = texts(language)
    first, *chapters = readiness_chapters(found, t)
    document = documents()["nistep2016"]
    facts = [
        (t("readiness.institution"), found.answers.institution),
        (t("readiness.year"), str(found.answers.year)),
        (t("readiness.compared"), f"{document.title(language)} ({document.date})"),
    ]
    return build_page(title(found, t), facts, first, chapters, t)


def _profile_chapter(found: Readiness, t: Texts) -> Chapter:
    numbering = Numbering(1)
    blocks: list[Block] = [Paragraph(t("readiness.method")), Paragraph(t("readiness.survey_note"), "note")]
    placed = [line for line in found.profile if line.standing is not None]
    source = documents()["nistep2016"].title(t.language)
    if placed:
        rows = [
            Bar(
                part_name(line.part)(t.language),
                line.standing.high * _FULL,
                line.standing.low * _FULL,
                f"{line.standing.middle * _FULL:.0f} (n={line.n})",
            )
            for line in placed
            if line.standing is not None
        ]
        name, number = numbering.exhibit()
        heading = t("readiness.columns.percentile")
        drawn = [
            Drawing(bars(rows, WIDE, heading, "{:.0f}".format), "wide"),
            Drawing(bars(rows, NARROW, heading, "{:.0f}".format), "narrow"),
        ]
        shown = pictures(name, drawn, heading, t("readiness.method"))
        blocks.append(FigureBlock(name, number, heading, shown, t("readiness.method"), "", (), source))
    columns = [Column(t(f"readiness.columns.{key}")) for key in ("part", "answer", "national")]
    cells = [
        (
            Cell(full_name(line.part, t), heads=True, code=line.part.id),
            Cell(said(line.part, line.given, t)),
            Cell(compared(line, t)),
        )
        for line in found.profile
    ]
    name, number = numbering.exhibit()
    heading = t("readiness.profile")
    blocks.append(TableBlock(name, number, heading, Table(tuple(columns), tuple(cells), heading), "", (), source))
    return Chapter("c1", "1", heading, tuple(blocks))


def _gap_chapter(found: Readiness, t: Texts) -> Chapter:
    heading = t("readiness.gaps")
    if not found.gaps:
        return Chapter("c2", "2", heading, (Paragraph(t("readiness.no_gaps"), "empty"),))
    columns = [
        Column(t("readiness.columns.part")),
        Column(t("readiness.columns.leverage"), "number"),
        Column(t("readiness.columns.severity"), "number"),
        Column(t("readiness.columns.eases")),
        Column(t("readiness.columns.national")),
    ]
    rows = [
        (
            Cell(f"{rank}. {part_name(gap.part)(t.language)}", heads=True, code=gap.part.id),
            Cell(t.decimal(gap.leverage, 2)),
            Cell(t.decimal(gap.severity, 2)),
            Cell(named(gap.eases, t) if gap.eases else "–"),
            Cell(compared(gap.line, t)),
        )
        for rank, gap in enumerate(found.gaps, 1)
    ]
    block = TableBlock("f2-1", "2-1", heading, Table(tuple(columns), tuple(rows), heading), "", (), "")
    return Chapter("c2", "2", heading, (Paragraph(t("readiness.rule")), block))
