"""The published survey as a data set: every figure with its shares and n, as text, JSON, CSV and a page of charts."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from kakehashi.figures.bars import Bar, bars
from kakehashi.figures.theme import NARROW, WIDE
from kakehashi.hub.readiness.report import both
from kakehashi.knowledge.sources import documents
from kakehashi.knowledge.survey import Share, questions, shares, wordings
from kakehashi.report.blocks import Block, Bullets, Chapter, Drawing, FigureBlock, Paragraph, pictures
from kakehashi.report.hub.page import build_page
from kakehashi.texts import Language, Texts, texts

_DOCUMENT = "nistep2016"
_FULL = 100
_STRONG = {"16": ("a_concern", "somewhat_a_concern"), "13": ("most_important", None), "14": ("most_important", None)}
"""Of figures with several levels: the level drawn dark, and the one added to it (or the figure's total) drawn light."""


def survey_data(figures: Sequence[str]) -> dict[str, Any]:
    """Return figures as plain data; shares are in [0, 1]."""
    document = documents()[_DOCUMENT]
    return {
        "document": {"id": _DOCUMENT, "title": both(document.title), "date": document.date},
        "figures": [_figure(figure) for figure in figures],
    }


def _figure(figure: str) -> dict[str, Any]:
    question = questions()[figure]
    return {
        "figure": figure,
        "name": both(question.name),
        "base": both(question.base),
        "n": question.n,
        "unit": question.unit,
        "absent": None if question.absent is None else both(question.absent),
        "shares": [
            {
                "id": one.id,
                "answer": one.answer,
                "name": both(wordings("answers")[f"{figure}.{one.answer}"].name),
                "group": one.group,
                "level": one.level,
                "share": one.share,
                "count": one.count,
                **dict(zip(("n", "unit"), _base(one), strict=True)),
            }
            for one in _shares(figure)
        ],
    }


def survey_csv(figures: Sequence[str]) -> str:
    """Return the shares of figures as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("figure", "group", "answer", "level", "share", "count", "n", "unit"))
    for one in (share for figure in figures for share in _shares(figure)):
        rows.writerow((one.figure, one.group, one.answer, one.level, one.share, one.count, *_base(one)))
    return out.getvalue()


def survey_lines(figures: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """Yield figures as lines with their level."""
    t = texts(language)
    for figure in figures:
        question = questions()[figure]
        yield 0, t("readiness.survey.figure", figure=figure, name=question.name(language))
        yield 1, question.base(language)
        if question.absent is not None:
            yield 1, _absent(figure, t)
        for one in _shares(figure):
            yield 2, _told(one, t)


def survey_page(figures: Sequence[str], language: Language) -> str:
    """Write figures as a page of charts."""
    t = texts(language)
    document = documents()[_DOCUMENT]
    chapters = [_chapter(number, figure, t) for number, figure in enumerate(figures, 1)]
    summary = Chapter("summary", "", t("readiness.short"), (Paragraph(t("readiness.survey_note")),))
    facts = [(t("readiness.compared"), f"{document.title(language)} ({document.date})")]
    return build_page(t("readiness.survey.title"), facts, summary, chapters, t)


def _chapter(number: int, figure: str, t: Texts) -> Chapter:
    question = questions()[figure]
    head = t("readiness.survey.figure", figure=figure, name=question.name(t.language))
    blocks: list[Block] = [Paragraph(question.base(t.language))]
    if question.absent is not None:
        blocks.append(Paragraph(_absent(figure, t), "empty"))
        return Chapter(f"c{number}", str(number), head, tuple(blocks))
    groups = dict.fromkeys(one.group for one in _shares(figure))
    for order, group in enumerate(groups, 1):
        rows = [_bar(of, t) for of in _by_answer(figure, group)]
        name = question.name(t.language)
        if group is not None:
            name += f": {wordings('groups')[group].name(t.language)}"
        axis = t("readiness.survey.share")
        drawn = [
            Drawing(bars(rows, WIDE, axis, "{:.0f}%".format), "wide"),
            Drawing(bars(rows, NARROW, axis, "{:.0f}%".format), "narrow"),
        ]
        key = f"f{figure}-{order}"
        shown = pictures(key, drawn, name, question.base(t.language))
        notes = (t(f"readiness.survey.tones_{figure}"),) if figure in _STRONG else ()
        source = f"{documents()[_DOCUMENT].title(t.language)} {t('readiness.survey.place', figure=figure)}"
        blocks.append(FigureBlock(key, f"{figure}-{order}", name, shown, "", "", notes, source))
    blocks.append(Bullets(tuple(_told(one, t) for one in _shares(figure))))
    return Chapter(f"c{number}", str(number), head, tuple(blocks))


def _by_answer(figure: str, group: str | None) -> list[list[Share]]:
    found: dict[str, list[Share]] = {}
    for one in _shares(figure):
        if one.group == group:
            found.setdefault(one.answer, []).append(one)
    return list(found.values())


def _bar(of: list[Share], t: Texts) -> Bar:
    first = of[0]
    name = wordings("answers")[f"{first.figure}.{first.answer}"].name(t.language)
    levels = {one.level: one for one in of}
    if first.figure not in _STRONG:
        return Bar(name, first.share * _FULL, first.share * _FULL, _said(first, t))
    dark, added = _STRONG[first.figure]
    strong = levels[dark].share
    whole = levels[added].share + (strong if added else 0)
    if added is None:  # the two parts rest on different numbers of answers
        text = f"{t.percent(strong)} (n={levels[dark].n}), {t.percent(whole)} (n={questions()[first.figure].n})"
    else:
        text = f"{t.percent(whole)} (n={levels[dark].n})"
    return Bar(name, whole * _FULL, strong * _FULL, text)


def _shares(figure: str) -> list[Share]:
    return [one for one in shares().values() if one.figure == figure]


def _base(one: Share) -> tuple[int | None, str | None]:
    """Return what a share rests on: n and its unit."""
    question = questions()[one.figure]
    return (one.n, "institutions") if one.n is not None else (question.n, question.unit)


def _name(one: Share, t: Texts) -> str:
    name = wordings("answers")[f"{one.figure}.{one.answer}"].name(t.language)
    more = [
        wordings(table)[which].name(t.language)
        for table, which in (("groups", one.group), ("levels", one.level))
        if which is not None
    ]
    return f"{name} ({', '.join(more)})" if more else name


def _said(one: Share, t: Texts) -> str:
    n, unit = _base(one)
    if one.count is not None:
        return f"{t.percent(one.share)} ({one.count}/{n})"
    return f"{t.percent(one.share)} ({t('readiness.survey.n', n=n, unit=t(f'readiness.units.{unit}'))})"


def _told(one: Share, t: Texts) -> str:
    return t("readiness.pair", name=_name(one, t), text=_said(one, t))


def _absent(figure: str, t: Texts) -> str:
    question = questions()[figure]
    reason = "" if question.absent is None else question.absent(t.language)
    told = t("readiness.survey.absent", reason=reason)
    if question.n is None or question.unit is None:
        return told
    return f"{told} {t('readiness.survey.n', n=question.n, unit=t(f'readiness.units.{question.unit}'))}"
